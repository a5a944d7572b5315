package unfold.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import unfold.config.Precision;
import unfold.data.text.LineFile;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.model.SequenceClassifier;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Score;
import unfold.train.Stop;
import unfold.train.Trainer;
import unfold.train.sentence.LabelledSentences;
import unfold.train.sentence.SentenceClassifier;
import unfold.train.sentence.SentenceSubject;
import unfold.zoo.sequence.SentenceRnn;

/// What commands have in common that train or ask a network for sentences.
final class SentenceRuns {
  private SentenceRuns() {}

  static SequenceClassifier model(RunConfig config) {
    return SentenceRnn.model(config.model().options());
  }

  static SentenceSubject subject(RunConfig config) {
    return SentenceSubject.open(config, model(config));
  }

  static SentenceClassifier classifier(RunFolder run, @Nullable Precision precision) {
    Settings settings = Settings.defaults();
    SentenceClassifier found = SentenceClassifier.open(run, model(run.config()), settings);
    return precision == null ? found : found.precision(precision);
  }

  /// A sitting, and at its end the test.
  static int run(Trainer trainer, RunFolder folder, CommandLine command, Stop stop, boolean json) {
    return new LabellingRun(folder, command, json)
        .run(
            trainer,
            stop,
            result -> {
              Path source = Path.of(folder.config().sentences().source());
              Optional<LabelledSentences> test = LabelledSentences.find(source, "test");
              if (test.isPresent()) {
                Score score = classifier(folder, null).measure(test.get());
                add(score, result);
                if (!json) {
                  print(score, test.get().name());
                }
              }
            });
  }

  /// `unfold eval` of such a run.
  ///
  /// @param data folder of the sentences; those of the run if null
  /// @param part train, dev or test
  static void evaluate(RunOptions asked, @Nullable String data, String part, boolean json) {
    RunFolder run = RunFolder.open(Path.of(asked.name));
    String source = data == null ? run.config().sentences().source() : data;
    LabelledSentences set = LabelledSentences.open(Path.of(source), part);
    Score score = classifier(run, asked.precision).measure(set);
    if (json) {
      var result = new Json();
      add(score, result);
      result.print();
    } else {
      print(score, set.name());
    }
  }

  private static void add(Score score, Json to) {
    to.with("items", score.items());
    to.with("accuracy", score.accuracy());
    to.with("loss", score.loss());
  }

  private static void print(Score score, String name) {
    System.out.printf(
        Locale.ROOT,
        "%s: accuracy %.2f %% on %,d sentences (loss %.4f)%n",
        name,
        100 * score.accuracy(),
        score.items(),
        score.loss());
  }

  /// `unfold predict` of such a run: what each sentence is taken for.
  ///
  /// @param given sentences; those of the lines of standard input if there are none
  static void predict(RunOptions asked, List<String> given, boolean json) {
    SentenceClassifier classifier =
        classifier(RunFolder.open(Path.of(asked.name)), asked.precision);
    List<String> sentences = given.isEmpty() ? lines(System.in) : given;
    List<SentenceClassifier.Answer> answers = classifier.classify(sentences);
    var rows = new ArrayList<Object>();
    for (int i = 0; i < sentences.size(); i++) {
      SentenceClassifier.Answer a = answers.get(i);
      if (json) {
        rows.add(
            new Json()
                .with("sentence", sentences.get(i))
                .with("label", a.label())
                .with("probabilities", a.probabilities())
                .with("words", a.words())
                .with("unknown", a.unknown())
                .fields());
      } else {
        System.out.printf(
            Locale.ROOT,
            "%d  %6.2f %%  %s%s%n",
            a.label(),
            100 * a.probabilities().get(a.label()),
            sentences.get(i),
            a.unknown() == 0 ? "" : "  (" + a.unknown() + " of " + a.words() + " words unknown)");
      }
    }
    if (json) {
      new Json().with("sentences", rows).print();
    }
  }

  private static List<String> lines(InputStream in) {
    try {
      return LineFile.lines(in.readAllBytes(), "standard input");
    } catch (IOException e) {
      throw new InputException("standard input cannot be read: " + e.getMessage(), e);
    }
  }
}
