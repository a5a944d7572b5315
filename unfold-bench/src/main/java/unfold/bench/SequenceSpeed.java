package unfold.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.error.InputException;

/// Recurrent networks side by side: `./bench rnn lstm --hidden 512 --against PYTHON`. The peer's
/// script comes along.
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

  @Mixin SideBySide side = new SideBySide();

  SequenceSpeed(SequenceWorkload.Job job) {
    this.job = job;
    this.layers = job == SequenceWorkload.Job.CLASSIFY ? 1 : 2;
    this.batch = job == SequenceWorkload.Job.SAMPLE ? 1 : 64;
    this.steps = job == SequenceWorkload.Job.CLASSIFY ? 60 : 64;
    this.vocab = job == SequenceWorkload.Job.CLASSIFY ? 10_000 : 65;
  }

  @Override
  public Integer call() throws IOException {
    for (int number : new int[] {hidden, layers, batch, steps, vocab}) {
      if (number < 1) {
        throw new InputException("all numbers must be at least 1, not " + number);
      }
    }
    if (!side.compares()) {
      measure(List.of());
      return 0;
    }
    Path folder = Files.createTempDirectory("unfold-bench");
    Path script = folder.resolve("sequences.py");
    try (InputStream in =
        Objects.requireNonNull(SequenceSpeed.class.getResourceAsStream("sequences.py"))) {
      Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
      measure(List.of(script));
    } finally {
      Files.deleteIfExists(script);
      Files.deleteIfExists(folder);
    }
    return 0;
  }

  private void measure(List<Path> scripts) {
    side.measure(
        arguments(),
        precision ->
            new SequenceWorkload(
                    job,
                    cell,
                    hidden,
                    layers,
                    batch,
                    steps,
                    vocab,
                    precision,
                    side.threads,
                    side.pace())
                .measure(),
        scripts);
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
        "" + vocab);
  }
}
