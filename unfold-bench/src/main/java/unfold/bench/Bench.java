package unfold.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import unfold.engine.Engine;
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
      "  ./bench kernels resnet50 --batch 16 --backend onednn,vector",
    })
public final class Bench {
  private Bench() {}

  public static void main(String[] arguments) {
    if (List.of(arguments).contains("--here")) { // others leave the work to a process of its own
      Engine.startLoading();
    }
    var jobs = new LinkedHashMap<String, Supplier<Callable<Integer>>>();
    jobs.put("train", () -> new Speed(Workload.Mode.TRAIN));
    jobs.put("infer", () -> new Speed(Workload.Mode.INFER));
    jobs.put("answers", Answers::new);
    jobs.put("rnn", () -> new SequenceSpeed(SequenceWorkload.Job.RNN));
    jobs.put("sample", () -> new SequenceSpeed(SequenceWorkload.Job.SAMPLE));
    jobs.put("classify", () -> new SequenceSpeed(SequenceWorkload.Job.CLASSIFY));
    jobs.put("parity", Parity::new);
    jobs.put("cifar", CifarRace::new);
    jobs.put("kernels", KernelSpeeds::new);
    // Only the one that is named: reading the others would be measured with a first step.
    if (arguments.length > 0 && jobs.containsKey(arguments[0])) {
      jobs.keySet().retainAll(Set.of(arguments[0]));
    }
    var line = new CommandLine(new Bench());
    jobs.forEach((name, job) -> line.addSubcommand(name, job.get()));
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
