package unfold.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.config.Precision;
import unfold.error.InputException;

/// The side-by-side benchmark: `./bench train lenet5 --batch 128 --against PYTHON`.
///
/// One JSON line for each configuration, each measured in a process of its own so that none
/// inherits another's memory, then the best of them; with a peer, its lines and the ratio follow.
@Command(
    mixinStandardHelpOptions = true,
    description = "Measures how fast a model is trained or answers, alone or beside a peer.",
    footer = {
      "",
      "Examples:",
      "  ./bench train lenet5 --batch 128",
      "  ./bench train resnet20_cifar --batch 128 --against python3 --peer torch_bench.py",
    })
final class Speed implements Callable<Integer> {
  private final Workload.Mode mode;

  @Parameters(index = "0", description = "a model of the zoo")
  String model = "";

  @Option(names = "--batch", description = "items a step (default: ${DEFAULT-VALUE})")
  int batch = 32;

  @Option(
      names = "--runs",
      description = "timed blocks, of which the median counts (default: ${DEFAULT-VALUE})")
  int runs = 15;

  @Option(
      names = "--warm",
      paramLabel = "SECONDS",
      description =
          "steps before timing, for Java to compile its loops (default: ${DEFAULT-VALUE})")
  double warmSeconds = 10;

  @Option(
      names = "--configs",
      split = ",",
      description = "precisions to try (default: ${DEFAULT-VALUE})",
      defaultValue = "f32,bf16")
  List<String> configs = List.of();

  @Option(names = "--threads", description = "threads (default: all cores)")
  int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--against",
      paramLabel = "PYTHON",
      description = "a Python with PyTorch: runs the peer's script after ours and prints the ratio")
  @Nullable String python;

  @Option(
      names = "--peer",
      paramLabel = "SCRIPT",
      description = "the peer's script (default: ${DEFAULT-VALUE})")
  Path peer = Path.of("..", "shared", "peers", "torch_bench.py");

  @Option(names = "--here", hidden = true, description = "measure one configuration in this JVM")
  boolean here;

  Speed(Workload.Mode mode) {
    this.mode = mode;
  }

  @Override
  public Integer call() throws Exception {
    if (batch < 1 || runs < 1 || threads < 1 || !(warmSeconds >= 0)) {
      throw new InputException("--batch, --runs and --threads must be at least 1, --warm 0");
    }
    for (String config : configs) {
      precision(config);
    }
    if (here) {
      var pace = new Pace(warmSeconds, runs);
      Measurement m =
          new Workload(mode, model, batch, precision(configs.getFirst()), threads, pace).measure();
      System.out.println(m.json());
      return 0;
    }
    var ours = new ArrayList<Measurement>();
    for (String config : configs) {
      ours.add(Measurement.parse(Processes.lastJsonLine(Processes.self(arguments(config)))));
      System.out.println(ours.getLast().json());
    }
    Measurement best = Measurement.best(ours);
    System.out.println("{\"best\": " + best.json() + "}");
    if (python != null) {
      compare(best, python);
    }
    return 0;
  }

  static Precision precision(String config) {
    return switch (config) {
      case "f32" -> Precision.F32;
      case "bf16" -> Precision.BF16;
      default -> throw new InputException("--configs takes f32 and bf16, not " + config);
    };
  }

  private List<String> arguments(String config) {
    return List.of(
        mode.toString(),
        model,
        "--batch",
        "" + batch,
        "--runs",
        "" + runs,
        "--warm",
        "" + warmSeconds,
        "--configs",
        config,
        "--threads",
        "" + threads,
        "--here");
  }

  private void compare(Measurement best, String interpreter) {
    var command =
        List.of(
            interpreter,
            peer.toString(),
            mode.toString(),
            model,
            "--batch",
            "" + batch,
            "--threads",
            "" + threads);
    String line = Processes.lastJsonLine(command);
    double theirs = Measurement.peerBest(line);
    System.out.println(line);
    System.out.printf(
        java.util.Locale.ROOT,
        "{\"model\": \"%s\", \"batch\": %d, \"unfold\": %.1f, \"peer\": %.1f, \"ratio\": %.3f}%n",
        model,
        batch,
        best.itemsPerSecond(),
        theirs,
        best.itemsPerSecond() / theirs);
  }
}
