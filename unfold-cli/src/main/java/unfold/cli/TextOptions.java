package unfold.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import unfold.config.Precision;
import unfold.data.text.Vocabulary;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.model.LanguageModel;
import unfold.tensor.Shape;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Weights;
import unfold.train.text.TextSubject;
import unfold.train.text.VocabularyFile;
import unfold.train.text.Writer;
import unfold.zoo.sequence.CharRnn;

/// Which character model a command asks: the folder of a run, or `charlm` with weights and
/// vocabulary from files.
final class TextOptions {
  @Option(
      names = "--vocab",
      paramLabel = "FILE",
      description =
          "with charlm and --weights: characters and their numbers as a JSON object (default:"
              + " vocab.json beside the weights)")
  @Nullable Path vocab;

  /// @param precision to compute in; without, that of the run, or f32, which is what published
  ///   figures are of
  Writer writer(String name, @Nullable Path weights, @Nullable Precision precision) {
    if (name.equals(CharRnn.NAME)) {
      if (weights == null) {
        throw new InputException(
            "charlm alone has learned nothing: give --weights FILE and --vocab FILE, or a run");
      }
      return published(weights, precision == null ? Precision.F32 : precision);
    }
    if (weights != null || vocab != null) {
      throw new InputException(
          name + " has its own weights and vocabulary; --weights and --vocab go with charlm");
    }
    RunFolder run = RunFolder.open(Path.of(name));
    requireText(run);
    Settings same = run.same(Settings.defaults());
    return Writer.open(
        run,
        CharRnn.model(run.config().model().options()),
        precision == null ? same : same.precision(precision));
  }

  /// Names the command that asks a run on something else.
  private static void requireText(RunFolder run) {
    String right =
        switch (run.config().data()) {
          case RunConfig.Text _ -> "";
          case RunConfig.Pairs _ -> "translate";
          case RunConfig.Sentences _, RunConfig.Captions _, RunConfig.Pictures _ -> "predict";
          case RunConfig.Video _ -> "show video";
          case RunConfig.Music _ -> "eval";
        };
    if (!right.isEmpty()) {
      throw new InputException(
          run.path()
              + ": learned from "
              + run.config().data().described()
              + ", not to write a text; ask it with ./unfold "
              + right
              + " "
              + run.path());
    }
  }

  private Writer published(Path file, Precision precision) {
    Weights read = Weights.read(file);
    return Writer.of(
        fitting(read), read, vocabulary(file, vocab), Settings.defaults().precision(precision));
  }

  /// The network that weights belong to.
  static LanguageModel fitting(Weights read) {
    var shapes = new LinkedHashMap<String, Shape>();
    read.contents().tensors().forEach((name, t) -> shapes.put(name, t.shape()));
    return CharRnn.fitting(shapes, read.file());
  }

  /// The vocabulary that weights belong to.
  ///
  /// @param vocab its file; without, that beside the weights
  static Vocabulary vocabulary(Path weights, @Nullable Path vocab) {
    return VocabularyFile.read(vocab != null ? vocab : weights.resolveSibling("vocab.json"));
  }

  /// A subject from the config of a run.
  static TextSubject subject(RunConfig config) {
    return TextSubject.open(config, CharRnn.model(config.model().options()));
  }
}
