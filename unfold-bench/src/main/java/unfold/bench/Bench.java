package unfold.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import unfold.error.FormatException;
import unfold.error.InputException;
import unfold.error.PlanException;
import unfold.error.ShapeException;

/// Unfold beside its peers: how fast, whether the numbers are the same, and what is learned.
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures Unfold and compares it with its peers.",
    footer = {
      "",
      "Examples:",
      "  ./bench train lenet5 --batch 128",
      "  ./bench infer resnet50 --batch 1 --against python3",
      "  ./bench rnn lstm --hidden 512 --layers 2 --batch 64 --steps 64 --against python3",
      "  ./bench parity resnet18 --against python3",
      "  ./bench cifar data/cifar10 --epochs 12 --against python3",
    })
public final class Bench {
  private Bench() {}

  public static void main(String[] arguments) {
    CommandLine line =
        new CommandLine(new Bench())
            .addSubcommand("train", new Speed(Workload.Mode.TRAIN))
            .addSubcommand("infer", new Speed(Workload.Mode.INFER))
            .addSubcommand("rnn", new SequenceSpeed(SequenceWorkload.Job.RNN))
            .addSubcommand("sample", new SequenceSpeed(SequenceWorkload.Job.SAMPLE))
            .addSubcommand("classify", new SequenceSpeed(SequenceWorkload.Job.CLASSIFY))
            .addSubcommand("parity", new Parity())
            .addSubcommand("cifar", new CifarRace());
    line.setExecutionExceptionHandler((e, _, _) -> {
      if (e instanceof InputException
          || e instanceof FormatException
          || e instanceof ShapeException
          || e instanceof PlanException) {
        System.err.println("bench: " + e.getMessage());
        return 1;
      }
      throw e;
    });
    System.exit(line.execute(arguments));
  }
}
