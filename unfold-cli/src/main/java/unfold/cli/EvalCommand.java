package unfold.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.data.digits.MovingDigits;
import unfold.error.InputException;
import unfold.train.Evaluation;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.video.VideoSubject;
import unfold.train.video.Watcher;
import unfold.zoo.sequence.CharRnn;

/// `unfold eval`
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    description = {
      "Measures a trained network: accuracy, top-5, loss, confusion, worst mistakes; of a character"
          + " model nats and bits per character, perplexity; of one that translates BLEU and"
          + " perplexity; of one that writes about pictures also exact sentences.",
    },
    footer = {
      "",
      "Examples:",
      "  ./unfold eval runs/lenet5",
      "  ./unfold eval runs/lenet5 --json",
      "  ./unfold eval resnet20_cifar --weights resnet20-12fca82f.th --data data/cifar10",
      "  ./unfold eval runs/alexnet runs/alexnet-2 runs/alexnet-3 --ten-crop",
      "  ./unfold eval runs/charlm --text FILE",
      "  ./unfold eval runs/translate --data multi30k",
      "  ./unfold eval runs/sentiment --data sst2",
      "  ./unfold eval runs/video",
      "  ./unfold eval runs/captions",
      "  ./unfold eval charlm --weights shakespeare.safetensors --vocab vocab.json --text FILE",
    })
final class EvalCommand implements Runnable {
  @Mixin MeasuredOptions measured = new MeasuredOptions();

  @Parameters(
      index = "1..*",
      paramLabel = "RUN",
      description = "more runs: what is measured is the mean of their probabilities")
  List<Path> more = List.of();

  @Option(
      names = "--ten-crop",
      negatable = true,
      description =
          "averages over ten views of each picture (default: as the first run's recipe"
              + " has it)")
  @Nullable Boolean tenCrop;

  @Option(names = "--json", description = "one JSON object instead of text")
  boolean json;

  @Mixin TextEvaluation text = new TextEvaluation();

  @Mixin TranslationEvaluation translation = new TranslationEvaluation();

  @Override
  public void run() {
    String name = measured.run.name;
    if (name.equals(CharRnn.NAME)) {
      text();
      return;
    }
    Optional<RunConfig.Data> learned = RunOptions.learned(name);
    if (learned.isEmpty()) {
      pictures();
      return;
    }
    switch (learned.get()) {
      case RunConfig.Text _ -> text();
      case RunConfig.Pairs _ -> {
        requireOne();
        translation.run(measured, json);
      }
      case RunConfig.Sentences _ -> {
        requireOne();
        SentenceRuns.evaluate(measured.run, measured.data, measured.part(), json);
      }
      case RunConfig.Music _ -> music();
      case RunConfig.Captions _ -> captions();
      case RunConfig.Video _ -> video();
      case RunConfig.Pictures _ -> pictures();
    }
  }

  /// A character model.
  private void text() {
    requireOne();
    text.run(measured.run, json);
  }

  /// Networks for pictures.
  private void pictures() {
    boolean crops = tenCrop != null ? tenCrop : measured.tenCrop();
    int networks = 1 + more.size();
    Evaluation e = measured.evaluation(measured.data(), more, crops);
    if (json) {
      new Json()
          .with("items", e.score().items())
          .with("accuracy", e.score().accuracy())
          .with("top5", e.score().top5())
          .with("loss", e.score().loss())
          .with("networks", networks)
          .with("crops", crops ? 10 : 1)
          .print();
      return;
    }
    System.out.printf(
        Locale.ROOT,
        "%s: %s%s%,d pictures, accuracy %.2f %%%s, loss %.4f%n%n",
        e.data(),
        networks > 1 ? "mean of " + networks + " networks, " : "",
        crops ? "ten crops, " : "",
        e.score().items(),
        100 * e.score().accuracy(),
        e.classes().size() > 5
            ? String.format(Locale.ROOT, ", top-5 %.2f %%", 100 * e.score().top5())
            : "",
        e.score().loss());
    System.out.print(e.confusionText());
    if (!e.worst().isEmpty()) {
      System.out.println("\nworst mistakes:");
    }
    for (Evaluation.Mistake m : e.worst()) {
      System.out.printf(
          Locale.ROOT,
          "  %s: %s taken for %s (%.1f %%, loss %.2f)%n",
          m.source(),
          e.classes().get(m.label()),
          e.classes().get(m.answer()),
          100 * m.confidence(),
          m.loss());
    }
  }

  private void requireOne() {
    if (!more.isEmpty() || tenCrop != null) {
      throw new InputException(
          measured.run.name + ": more runs and --ten-crop are for networks for pictures");
    }
  }

  /// A network for music, on the test pieces.
  private void music() {
    measured.requirePlain();
    requireOne();
    var result = new Json();
    RunFolder run = RunFolder.open(Path.of(measured.run.name));
    MusicRuns.add(MusicRuns.test(run, measured.run.precision), result, json);
    if (json) {
      result.print();
    }
  }

  /// A network that writes about pictures, on the test pictures.
  private void captions() {
    measured.requirePlain();
    requireOne();
    var result = new Json();
    RunFolder run = RunFolder.open(Path.of(measured.run.name));
    CaptionRuns.add(CaptionRuns.test(run, measured.run.precision), result, json);
    if (json) {
      result.print();
    }
  }

  /// A network for films, on the test films.
  private void video() {
    measured.requirePlain();
    requireOne();
    RunFolder run = RunFolder.open(Path.of(measured.run.name));
    MovingDigits films = VideoSubject.test(run.config());
    Watcher.Measured m = VideoRuns.watcher(run, measured.run.precision).measure(films);
    if (json) {
      var result = new Json();
      VideoRuns.add(m, result);
      result.print();
    } else {
      VideoRuns.print(m, films.name());
    }
  }
}
