package unfold.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The `unfold` command.
@Command(
    name = "unfold",
    mixinStandardHelpOptions = true,
    version = "unfold 0.1.0-SNAPSHOT",
    description = "Convolutional and recurrent networks: train, open up, transfer, serve.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TrainCommand.class,
      EvalCommand.class,
      PredictCommand.class,
      TransferCommand.class,
      FeaturesCommand.class,
      ShowCommand.class,
      InspectCommand.class,
      GenerateCommand.class,
      TranslateCommand.class,
      SummaryCommand.class,
      GraphCommand.class,
      PlanCommand.class,
      ProfileCommand.class,
      CheckCommand.class,
      DataCommand.class,
      ZooCommand.class,
      ExperimentCommand.class,
      RecipesCommand.class,
      ScheduleCommand.class,
      GradientsCommand.class,
      KnobsCommand.class,
    },
    footer = {
      "",
      "Examples:",
      "  ./unfold train lenet5",
      "  ./unfold summary resnet20_cifar",
      "  ./unfold COMMAND --help",
    })
public final class Unfold implements Runnable {
  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "show where an error came from")
  boolean debug;

  @picocli.CommandLine.Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  public static void main(String[] arguments) {
    int status = commandLine().execute(arguments);
    // Success simply returns: System.exit would start the logging system to offer it a message.
    if (status != 0) {
      System.exit(status);
    }
  }

  static CommandLine commandLine() {
    var unfold = new Unfold();
    return new CommandLine(unfold)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setExecutionExceptionHandler((e, line, _) -> Failure.show(e, line, unfold.debug))
        .setParameterExceptionHandler(Failure::usage);
  }
}
