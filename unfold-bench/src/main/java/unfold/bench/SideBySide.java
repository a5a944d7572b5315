package unfold.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import unfold.config.Precision;
import unfold.error.InputException;

/// The options that every measurement of speed has, and its course: each precision in a process of
/// its own, so that none inherits another's memory, then the best of them; with `--against`, the
/// peers one after the other, and the ratio to the fastest. With `--rounds` all of that again and
/// again, so that a machine that is faster at one time than at another favours nobody.
final class SideBySide {
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
      description =
          "a Python with the peers: runs their scripts after ours and prints the ratio to the"
              + " fastest")
  @Nullable String python;

  @Option(
      names = "--peer",
      paramLabel = "SCRIPT",
      split = ",",
      description = "the peers' scripts (default: those of this benchmark)")
  List<Path> peers = List.of();

  @Option(
      names = "--peer-configs",
      paramLabel = "WORDS",
      description = "what the first script is given as --configs (default: all that it knows)")
  @Nullable String peerConfigs;

  @Option(
      names = "--rounds",
      description =
          "with --against: both sides in turn, so often; the median of the ratios counts (default:"
              + " ${DEFAULT-VALUE})")
  int rounds = 1;

  @Option(names = "--here", hidden = true, description = "measure one configuration in this JVM")
  boolean here;

  /// @param work in words that this program and the peers' scripts understand
  /// @param measure in this JVM
  /// @param scripts of the peers, where `--peer` names none
  void measure(List<String> work, Function<Precision, Measurement> measure, List<Path> scripts) {
    if (runs < 1 || threads < 1 || rounds < 1 || !(warmSeconds >= 0)) {
      throw new InputException("--runs, --rounds and --threads must be at least 1, --warm 0");
    }
    if (rounds > 1 && python == null) {
      throw new InputException("--rounds repeats a comparison: it needs --against");
    }
    var precisions = configs.stream().map(SideBySide::precision).toList();
    if (here) {
      System.out.println(measure.apply(precisions.getFirst()).json());
      return;
    }
    var ratios = new ArrayList<Double>();
    for (int r = 0; r < rounds; r++) {
      Measurement best = ours(work);
      if (python != null) {
        ratios.add(compare(best, work, python, peers.isEmpty() ? scripts : peers));
      }
    }
    if (rounds > 1) {
      ratios.sort(null);
      System.out.printf(
          Locale.ROOT,
          "{\"rounds\": %d, \"least\": %.3f, \"median\": %.3f, \"most\": %.3f, \"cpu\": \"%s\"}%n",
          rounds,
          ratios.getFirst(),
          (ratios.get((rounds - 1) / 2) + ratios.get(rounds / 2)) / 2,
          ratios.getLast(),
          Machine.cpu());
    }
  }

  /// The fastest of this program's configurations.
  private Measurement ours(List<String> work) {
    var ours = new ArrayList<Measurement>();
    for (String config : configs) {
      var arguments = words(work);
      arguments.addAll(
          List.of("--runs", "" + runs, "--warm", "" + warmSeconds, "--configs", config, "--here"));
      ours.add(Measurement.parse(Processes.lastJsonLine(Processes.self(arguments))));
      System.out.println(ours.getLast().json());
    }
    Measurement best = Measurement.best(ours);
    System.out.println("{\"best\": " + best.json() + "}");
    return best;
  }

  Pace pace() {
    return new Pace(warmSeconds, runs);
  }

  /// Whether the peers' scripts will run.
  boolean compares() {
    return python != null && !here;
  }

  /// The ratio to the fastest peer.
  private double compare(
      Measurement best, List<String> work, String interpreter, List<Path> scripts) {
    double fastest = 0;
    for (Path script : scripts) {
      var command = new ArrayList<>(List.of(interpreter, script.toString()));
      command.addAll(words(work));
      if (peerConfigs != null && script.equals(scripts.getFirst())) {
        command.addAll(List.of("--configs", peerConfigs));
      }
      String line = Processes.lastJsonLine(command);
      System.out.println(line);
      fastest = Math.max(fastest, Measurement.peerBest(line));
    }
    System.out.printf(
        Locale.ROOT,
        "{\"mode\": \"%s\", \"model\": \"%s\", \"batch\": %d, \"unfold\": %.1f, \"peer\": %.1f,"
            + " \"ratio\": %.3f}%n",
        best.mode(),
        best.model(),
        best.batch(),
        best.itemsPerSecond(),
        fastest,
        best.itemsPerSecond() / fastest);
    return best.itemsPerSecond() / fastest;
  }

  private List<String> words(List<String> work) {
    var words = new ArrayList<>(work);
    words.addAll(List.of("--threads", "" + threads));
    return words;
  }

  static Precision precision(String config) {
    return switch (config) {
      case "f32" -> Precision.F32;
      case "bf16" -> Precision.BF16;
      default -> throw new InputException("a precision is f32 or bf16, not " + config);
    };
  }
}
