package unfold.train.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;
import unfold.config.Knobs;
import unfold.config.Precision;
import unfold.engine.Settings;
import unfold.layer.Embedding;
import unfold.layer.Lstm;
import unfold.layer.Recurrent;
import unfold.model.LanguageModel;
import unfold.train.Counted;
import unfold.train.EpochRecord;
import unfold.train.Reporter;
import unfold.train.RunConfig;
import unfold.train.RunConfig.HeldOut;
import unfold.train.RunConfig.Limits;
import unfold.train.RunConfig.Recipe;
import unfold.train.RunFolder;
import unfold.train.Stop;
import unfold.train.Trainer;

/// A character model so small that the reference backend trains it in a blink, with all that could
/// spoil a resume: carried states, dropout, optimiser memory, clipping.
final class TinyText {
  static final String TEXT = "the quick brown fox jumps over the lazy dog. ".repeat(8);

  private TinyText() {}

  static LanguageModel model(int vocabulary) {
    var rnn = new Recurrent(new Lstm().forgetBias(1), 6, 6).layers(2).dropout(0.1);
    return new LanguageModel(
        "tiny", Map.of(), new Embedding(vocabulary, 6), "lstm", rnn, 0.1, vocabulary);
  }

  static Path text(Path folder, String text) {
    try {
      return Files.writeString(folder.resolve("text.txt"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RunConfig config(Path text, int epochs) {
    return new RunConfig(
        TextSubject.network(model(28)),
        new RunConfig.Text(text.toString(), 0.2, HeldOut.END, 8),
        new Recipe(epochs, 4, "rmsprop(0.01)", "constant", "f32", 0, 0.5, 0, 7),
        Limits.NONE);
  }

  static Settings settings() {
    return Settings.defaults()
        .backends("reference")
        .precision(Precision.F32)
        .threads(1)
        .tuning(Knobs.Tuning.OFF);
  }

  static TextSubject subject(RunConfig config) {
    return TextSubject.open(config, model(28));
  }

  static Trainer start(Path run, RunConfig config) {
    return Trainer.start(RunFolder.create(run), config, TinyText::subject).settings(settings());
  }

  static Trainer resume(Path run) {
    return Trainer.resume(RunFolder.open(run), TinyText::subject).settings(settings());
  }

  /// Wishes a stop after so many steps of a sitting.
  static final class Heard implements Reporter {
    private final long limit;
    private final Stop stop;
    private final BiConsumer<Long, String> samples;
    private long steps;

    Heard(long limit, Stop stop, BiConsumer<Long, String> samples) {
      this.limit = limit;
      this.stop = stop;
      this.samples = samples;
    }

    @Override
    public void note(String line) {}

    @Override
    public void begin(Counted counted, int epoch, int epochs, long done, long total) {}

    @Override
    public void step(long done, double loss) {
      if (++steps == limit) {
        stop.wish();
      }
    }

    @Override
    public void epoch(EpochRecord record, boolean best) {}

    @Override
    public void sample(long step, String made) {
      samples.accept(step, made);
    }
  }
}
