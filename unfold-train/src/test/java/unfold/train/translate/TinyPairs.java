package unfold.train.translate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import unfold.config.Knobs;
import unfold.config.Precision;
import unfold.engine.Settings;
import unfold.layer.Attention;
import unfold.layer.Gru;
import unfold.layer.Recurrent;
import unfold.model.EncoderDecoder;
import unfold.random.Stream;
import unfold.train.RunConfig;
import unfold.train.RunConfig.Limits;
import unfold.train.RunConfig.Recipe;
import unfold.train.RunFolder;
import unfold.train.Trainer;

/// A language of four words and its translation word by word, and networks so small that the
/// reference backend trains them in a blink, with all that could spoil a resume.
final class TinyPairs {
  private static final List<String> FROM = List.of("eins", "zwei", "drei", "vier");
  private static final List<String> TO = List.of("one", "two", "three", "four");

  private TinyPairs() {}

  /// Writes train.de, train.en, val.de, val.en.
  static Path folder(Path folder) {
    try {
      Files.createDirectories(folder);
      for (String part : List.of("train", "val")) {
        Stream random = Stream.of(part.length(), "test/pairs", 0);
        var from = new ArrayList<String>();
        var to = new ArrayList<String>();
        for (int i = 0; i < (part.equals("train") ? 30 : 5); i++) {
          var a = new ArrayList<String>();
          var b = new ArrayList<String>();
          for (int k = 1 + random.nextInt(3); k > 0; k--) {
            int word = random.nextInt(FROM.size());
            a.add(FROM.get(word));
            b.add(TO.get(word));
          }
          from.add(String.join(" ", a));
          to.add(String.join(" ", b));
        }
        Files.write(folder.resolve(part + ".de"), from);
        Files.write(folder.resolve(part + ".en"), to);
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static EncoderDecoder model(int source, int target, boolean attention, double dropout) {
    return new EncoderDecoder(
        "tiny",
        Map.of("attention", Boolean.toString(attention)),
        new Recurrent(new Gru(), 6, attention ? 4 : 8).bidirectional(attention),
        new Recurrent(new Gru(), 6, 8),
        attention ? Optional.of(new Attention.Dot()) : Optional.empty(),
        !attention,
        dropout,
        source,
        target);
  }

  static RunConfig config(Path folder, int epochs, double sampling) {
    var pairs = new RunConfig.Pairs(folder.toString(), "de", "en").buckets(2).sampling(sampling);
    return new RunConfig(
        PairSubject.network(model(8, 8, true, 0.1)),
        pairs,
        new Recipe(epochs, 8, "adam(0.02)", "constant", "f32", 0.1, 1, 0, 7),
        Limits.NONE);
  }

  static Settings settings() {
    return Settings.defaults()
        .backends("reference")
        .precision(Precision.F32)
        .threads(1)
        .tuning(Knobs.Tuning.OFF);
  }

  static PairSubject subject(RunConfig config) {
    return PairSubject.open(config, model(8, 8, true, 0.1));
  }

  static Trainer start(Path run, RunConfig config) {
    return Trainer.start(RunFolder.create(run), config, TinyPairs::subject).settings(settings());
  }

  static Trainer resume(Path run) {
    return Trainer.resume(RunFolder.open(run), TinyPairs::subject).settings(settings());
  }
}
