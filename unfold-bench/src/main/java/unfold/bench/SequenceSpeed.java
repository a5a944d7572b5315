package unfold.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.error.InputException;

/// Recurrent networks side by side: `./bench rnn lstm --hidden 512 --against PYTHON`.
@Command(
    mixinStandardHelpOptions = true,
    description = "Measures a recurrent network, alone or beside a peer.",
    footer = {
      "",
      "Examples:",
      "  ./bench rnn lstm --hidden 512 --layers 2 --batch 64 --steps 64 --against python3",
      "  ./bench sample lstm --hidden 512 --layers 2 --batch 1 --against python3",
      "  ./bench classify lstm --hidden 256 --layers 1 --batch 64 --steps 60 --against python3",
    })
final class SequenceSpeed implements Callable<Integer> {
  private final SequenceWorkload.Job job;

  @Parameters(index = "0", description = "lstm, gru or rnn")
  String cell = "";

  @Option(names = "--hidden", description = "units of a layer (default: ${DEFAULT-VALUE})")
  int hidden = 512;

  @Option(names = "--layers", description = "layers (default: ${DEFAULT-VALUE})")
  int layers;

  @Option(names = "--batch", description = "rows a step (default: ${DEFAULT-VALUE})")
  int batch;

  @Option(names = "--steps", description = "steps of time (default: ${DEFAULT-VALUE})")
  int steps;

  @Option(names = "--vocab", description = "tokens there are (default: ${DEFAULT-VALUE})")
  int vocab;

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
      description = "the peer's script (default: one that comes along)")
  @Nullable Path peer;

  @Option(names = "--here", hidden = true, description = "measure one configuration in this JVM")
  boolean here;

  SequenceSpeed(SequenceWorkload.Job job) {
    this.job = job;
    this.layers = job == SequenceWorkload.Job.CLASSIFY ? 1 : 2;
    this.batch = job == SequenceWorkload.Job.SAMPLE ? 1 : 64;
    this.steps = job == SequenceWorkload.Job.CLASSIFY ? 60 : 64;
    this.vocab = job == SequenceWorkload.Job.CLASSIFY ? 10_000 : 65;
  }

  @Override
  public Integer call() throws Exception {
    for (int number : new int[] {hidden, layers, batch, steps, vocab, runs, threads}) {
      if (number < 1) {
        throw new InputException("all numbers must be at least 1, not " + number);
      }
    }
    configs.forEach(Speed::precision);
    if (here) {
      var precision = Speed.precision(configs.getFirst());
      var work =
          new SequenceWorkload(
              job,
              cell,
              hidden,
              layers,
              batch,
              steps,
              vocab,
              precision,
              threads,
              new Pace(warmSeconds, runs));
      System.out.println(work.measure().json());
      return 0;
    }
    var ours = new ArrayList<Measurement>();
    for (String config : configs) {
      var arguments = new ArrayList<>(arguments());
      arguments.addAll(
          List.of("--runs", "" + runs, "--warm", "" + warmSeconds, "--configs", config, "--here"));
      ours.add(Measurement.parse(Processes.lastJsonLine(Processes.self(arguments))));
      System.out.println(ours.getLast().json());
    }
    Measurement best = Measurement.best(ours);
    System.out.println("{\"best\": " + best.json() + "}");
    if (python != null) {
      compare(best, python);
    }
    return 0;
  }

  /// What describes the work, in the words of the peers' scripts.
  private List<String> arguments() {
    return List.of(
        job.toString(),
        cell,
        "--hidden",
        "" + hidden,
        "--layers",
        "" + layers,
        "--batch",
        "" + batch,
        "--steps",
        "" + steps,
        "--vocab",
        "" + vocab,
        "--threads",
        "" + threads);
  }

  private void compare(Measurement best, String interpreter) throws IOException {
    Path folder = Files.createTempDirectory("unfold-bench");
    Path script = peer != null ? peer : folder.resolve("sequences.py");
    try {
      if (peer == null) {
        try (InputStream in =
            Objects.requireNonNull(SequenceSpeed.class.getResourceAsStream("sequences.py"))) {
          Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
        }
      }
      var command = new ArrayList<>(List.of(interpreter, script.toString()));
      command.addAll(arguments());
      String line = Processes.lastJsonLine(command);
      double theirs = Measurement.peerBest(line);
      System.out.println(line);
      System.out.printf(
          Locale.ROOT,
          "{\"mode\": \"%s\", \"model\": \"%s\", \"hidden\": %d, \"batch\": %d, \"unfold\": %.1f,"
              + " \"peer\": %.1f, \"ratio\": %.3f}%n",
          job,
          cell,
          hidden,
          batch,
          best.itemsPerSecond(),
          theirs,
          best.itemsPerSecond() / theirs);
    } finally {
      if (peer == null) {
        Files.deleteIfExists(script);
      }
      Files.deleteIfExists(folder);
    }
  }
}
