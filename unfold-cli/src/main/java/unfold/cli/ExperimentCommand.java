package unfold.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `unfold experiment`
@Command(
    name = "experiment",
    mixinStandardHelpOptions = true,
    description = "Repeats an experiment of the lecture.",
    synopsisSubcommandLabel = "EXPERIMENT",
    subcommands = {PlainVsResidualCommand.class, AddingCommand.class},
    footer = {
      "",
      "Example:",
      "  ./unfold experiment plain-vs-residual --data data/cifar10 --epochs 12 --pictures 20000",
    })
final class ExperimentCommand implements Runnable {
  @CommandLine.Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "name an experiment: plain-vs-residual or adding");
  }
}
