package unfold.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.interop.safetensors.SafetensorsReader;
import unfold.model.Model;
import unfold.tensor.DType;
import unfold.zoo.Zoo;

/// Whether a model computes what PyTorch computes: `./bench parity resnet18 --against PYTHON`.
///
/// Both get the same weights, pictures and labels: logits in evaluation; then one step of training,
/// of which loss, logits, all gradients and the running statistics are compared. Dropout is off on
/// both sides: each option that begins with `dropout` is 0, and so is `p` of each of PyTorch's
/// dropout modules.
///
/// The truth is what PyTorch computes in double, and its own f32 stands beside ours. A rectifier
/// whose input is zero but for rounding can be open on one side and closed on the other, and a deep
/// network makes rounding larger with every layer, so f32 alone cannot always tell a wrong
/// derivative from rounding. `--double` can: there our side too computes in double.
@Command(
    mixinStandardHelpOptions = true,
    description =
        "Compares logits, loss, gradients and running statistics with PyTorch's in double.",
    footer = {
      "",
      "The error of a tensor is |ours - theirs| / |theirs| (Euclidean norms; of gradients, theirs",
      "of the whole layer, weight and bias), where theirs is computed in double. Status 0 if every",
      "error is within the tolerance, or no more than 4 times that of PyTorch's f32; else 1. One",
      "rectifier that is open on one side only, because its input is within rounding of zero, is",
      "enough to exceed it: then the next seed is tried, --tries at most. The fewer pixels, the",
      "rarer that is. With --double, 1e-6 or a 10,000th of what PyTorch's f32 is off.",
      "",
      "Examples:",
      "  ./bench parity resnet18 --against python3",
      "  ./bench parity resnet101 --option size=64 --batch 2 --double --against python3",
      "  ./bench parity mobilenet_v2 --option width_mult=0.5 --option size=96 --against python3",
      "  ./bench parity my_net --against python3 --models my_nets.py",
    })
final class Parity implements Callable<Integer> {
  @Parameters(index = "0", description = "a model of the zoo")
  String name = "";

  @Option(
      names = "--against",
      paramLabel = "PYTHON",
      required = true,
      description = "a Python with PyTorch and safetensors (and torchvision, for its models)")
  String python = "";

  @Option(
      names = "--models",
      paramLabel = "FILE",
      description =
          "a Python file whose network(name, options) gives the model (default: torchvision's)")
  @Nullable Path models;

  @Option(names = "--batch", description = "pictures (default: ${DEFAULT-VALUE})")
  int batch = 4;

  @Option(
      names = "--option",
      paramLabel = "KEY=VALUE",
      description = "changes an option of the model, such as classes=10 or size=96")
  Map<String, String> options = new LinkedHashMap<>();

  @Option(names = "--seed", description = "of all numbers (default: ${DEFAULT-VALUE})")
  long seed = 1;

  @Option(names = "--tries", description = "seeds to try at most (default: ${DEFAULT-VALUE})")
  int tries = 5;

  @Option(names = "--threads", description = "threads of either side (default: all cores)")
  int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--tolerance",
      description = "largest relative error of a tensor (default: 1e-3; with --double 1e-6)")
  @Nullable Double tolerance;

  @Option(
      names = "--double",
      description =
          "we compute in double too, with the reference's plain loops: slow, and free of rounding")
  boolean inDouble;

  @Option(
      names = "--each",
      description = "first every tensor: our error, that of PyTorch's f32, and its name")
  boolean each;

  @Option(names = "--json", description = "one JSON object instead of a table")
  boolean json;

  @Option(names = "--keep", paramLabel = "FOLDER", description = "keeps the exchanged files there")
  @Nullable Path keep;

  @Override
  public Integer call() throws IOException {
    if (batch < 2 || threads < 1 || tries < 1) {
      throw new InputException("--threads and --tries must be at least 1, --batch 2 (batch norm)");
    }
    Model model = withoutDropout();
    double room = tolerance != null ? tolerance : inDouble ? 1e-6 : 1e-3;
    var reports = new ArrayList<ParityReport>();
    for (long s = seed; s < seed + tries; s++) {
      reports.add(compare(new ParityTask(model, batch, s), s));
      if (reports.getLast().verdict(room) == ParityReport.Verdict.SAME) {
        break;
      }
      if (s + 1 < seed + tries) {
        System.err.println(reports.getLast().table(room));
      }
    }
    Comparator<ParityReport> better = Comparator.comparing(report -> report.verdict(room));
    var best = Collections.min(reports, better.thenComparingDouble(ParityReport::worst));
    if (each && !json) {
      System.out.print(best.eachTensor());
    }
    System.out.print(json ? best.json(room) + "\n" : best.table(room));
    return best.verdict(room) == ParityReport.Verdict.DIFFERENT ? 1 : 0;
  }

  private ParityReport compare(ParityTask task, long number) throws IOException {
    Path folder =
        keep != null ? Files.createDirectories(keep) : Files.createTempDirectory("parity");
    try {
      Path given = folder.resolve("given.safetensors");
      Path theirs = folder.resolve("theirs.safetensors");
      task.write(given);
      Processes.lastJsonLine(command(folder, given, theirs));
      return ParityReport.of(
          task,
          number,
          inDouble ? DType.F64 : DType.F32,
          SafetensorsReader.read(theirs),
          inDouble ? task.runInDouble() : task.run(engine()));
    } finally {
      if (keep == null) {
        delete(folder);
      }
    }
  }

  private Engine engine() {
    return Engine.open(Settings.defaults().precision(Precision.F32).threads(threads));
  }

  private Model withoutDropout() {
    var all = new LinkedHashMap<String, String>();
    Zoo.variant(name).defaults().more().keySet().stream()
        .filter(key -> key.startsWith("dropout"))
        .forEach(key -> all.put(key, "0"));
    all.putAll(options);
    return Zoo.find(name, all);
  }

  private List<String> command(Path folder, Path given, Path theirs) throws IOException {
    Path script = folder.resolve("parity.py");
    try (InputStream in = Objects.requireNonNull(Parity.class.getResourceAsStream("parity.py"))) {
      Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
    }
    var command =
        new ArrayList<>(
            List.of(
                python,
                script.toString(),
                given.toString(),
                theirs.toString(),
                "--threads",
                "" + threads));
    if (models != null) {
      command.addAll(List.of("--models", models.toString()));
    }
    return command;
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(file -> {
            try {
              Files.delete(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
