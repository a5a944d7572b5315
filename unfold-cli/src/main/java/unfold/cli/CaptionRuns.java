package unfold.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import unfold.config.Precision;
import unfold.data.image.PictureFile;
import unfold.engine.Settings;
import unfold.error.FormatException;
import unfold.error.InputException;
import unfold.model.Captioner;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Stop;
import unfold.train.Trainer;
import unfold.train.caption.CaptionSubject;
import unfold.train.caption.Describer;
import unfold.zoo.sequence.Captions;

/// What commands have in common that train or ask a network that writes about pictures.
final class CaptionRuns {
  private CaptionRuns() {}

  static Captioner model(RunConfig config) {
    return Captions.model(config.model().options());
  }

  static CaptionSubject subject(RunConfig config) {
    return CaptionSubject.open(config, model(config));
  }

  private static Describer describer(RunFolder run, @Nullable Precision precision) {
    Describer found = Describer.open(run, model(run.config()), Settings.defaults());
    return precision == null ? found : found.precision(precision);
  }

  /// How well the network of a run does on the test pictures.
  static Describer.Measured test(RunFolder run, @Nullable Precision precision) {
    return describer(run, precision)
        .measure(CaptionSubject.test(run.config(), model(run.config())));
  }

  /// A sitting, and at its end the test.
  static int run(Trainer trainer, RunFolder folder, CommandLine command, Stop stop, boolean json) {
    return new LabellingRun(folder, command, json)
        .run(trainer, stop, result -> add(test(folder, null), result, json));
  }

  /// Adds figures to a result, and prints them if that is not printed.
  static void add(Describer.Measured m, Json to, boolean json) {
    to.with("sentences", m.sentences());
    to.with("exact", m.exactShare());
    to.with("bleu", m.bleu().score());
    to.with("words", m.words().items());
    to.with("loss", m.words().loss());
    to.with("perplexity", m.words().perplexity());
    to.with("accuracy", m.words().accuracy());
    if (!json) {
      System.out.printf(
          Locale.ROOT,
          "test: %.2f %% of %,d sentences exact, %s; %.4f nats per word, perplexity %.3f%n",
          100 * m.exactShare(),
          m.sentences(),
          m.bleu(),
          m.words().loss(),
          m.words().perplexity());
    }
  }

  /// `unfold predict` of such a run: a sentence about each picture.
  ///
  /// @return the exit status: 1 if a picture could not be read
  static int predict(RunOptions asked, List<String> pictures, boolean json) {
    if (pictures.isEmpty()) {
      throw new InputException("name a JPEG or PNG file to write about");
    }
    Describer describer = describer(RunFolder.open(Path.of(asked.name)), asked.precision);
    var rows = new ArrayList<Object>();
    int failed = 0;
    for (String picture : pictures) {
      try {
        var read = PictureFile.read(Path.of(picture));
        String sentence = String.join(" ", describer.describe(List.of(read)).getFirst());
        rows.add(new Json().with("file", picture).with("sentence", sentence).fields());
        if (!json) {
          System.out.println(picture + ": " + sentence);
        }
      } catch (FormatException | InputException e) {
        System.err.println("unfold: " + e.getMessage());
        failed++;
      }
    }
    if (json) {
      new Json().with("pictures", rows).print();
    }
    return failed == 0 ? 0 : 1;
  }
}
