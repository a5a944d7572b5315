package unfold.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import unfold.config.Knobs;
import unfold.engine.Engine;

/// The `unfold` command.
@Command(
    name = "unfold",
    mixinStandardHelpOptions = true,
    version = "unfold 0.1.0-SNAPSHOT",
    description = "Convolutional and recurrent networks: train, open up, transfer, serve.",
    synopsisSubcommandLabel = "COMMAND",
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
    Knobs.misnamed(System.getenv()).forEach(line -> System.err.println("unfold: " + line));
    if (Commands.compute(List.of(arguments))) {
      Engine.startLoading();
    }
    int status = commandLine(arguments).execute(arguments);
    // Success simply returns: System.exit would start the logging system to offer it a message.
    if (status != 0) {
      System.exit(status);
    }
  }

  /// @param arguments that it will be given
  static CommandLine commandLine(String... arguments) {
    var unfold = new Unfold();
    var root = new CommandLine(unfold);
    Commands.add(root, List.of(arguments));
    return root.setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setExecutionExceptionHandler((e, line, _) -> Failure.show(e, line, unfold.debug))
        .setParameterExceptionHandler(Failure::usage);
  }
}
