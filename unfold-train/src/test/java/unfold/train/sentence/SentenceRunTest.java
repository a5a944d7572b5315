package unfold.train.sentence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.error.FormatException;
import unfold.error.InputException;
import unfold.layer.Embedding;
import unfold.layer.Lstm;
import unfold.layer.Recurrent;
import unfold.model.SequenceClassifier;
import unfold.train.Counted;
import unfold.train.Outcome;
import unfold.train.Outcome.End;
import unfold.train.RunConfig;
import unfold.train.RunConfig.Limits;
import unfold.train.RunConfig.Recipe;
import unfold.train.RunFolder;
import unfold.train.Score;
import unfold.train.Sittings;
import unfold.train.Stop;

/// Runs on labelled sentences, from files to predictions.
final class SentenceRunTest {
  /// 21 sentences, of which one is empty: 6 batches of 4 or fewer.
  private static final String TRAIN =
      """
      a fine film\t1
      a dull film\t0
      fine , fine , and fine again\t1
      dull and dull again\t0
      the film is fine\t1
      the film is dull\t0
      \t1
      """
          .repeat(3);

  private static final String DEV = "a fine , fine film\t1\nthe dull unheard-of film\t0\n\t1\n";

  @TempDir private Path temp;
  private Path data;

  @BeforeEach
  void write() throws IOException {
    data = Files.createDirectory(temp.resolve("data"));
    Files.writeString(data.resolve("train.tsv"), TRAIN);
    Files.writeString(data.resolve("dev.tsv"), DEV);
  }

  private static SequenceClassifier model(int words) {
    var rnn = new Recurrent(new Lstm(), 5, 6).bidirectional(true);
    return new SequenceClassifier(
        "tiny",
        Map.of("vocabulary", Integer.toString(words)),
        new Embedding(words, 5),
        "lstm",
        rnn,
        0.1,
        2);
  }

  private RunConfig config(int epochs) {
    return new RunConfig(
        SentenceSubject.network(model(13)),
        new RunConfig.Sentences(data.toString(), 1, 3),
        new Recipe(epochs, 4, "adam(0.04)", "cosine", "f32", 0, 5, 0, 7),
        Limits.NONE);
  }

  private static SentenceSubject subject(RunConfig config) {
    return SentenceSubject.open(config, model(13));
  }

  @Test
  void aRunLearnsFromSentencesOfAllLengthsAndKnowsThemAfterwards() {
    assertThat(SentenceSubject.task(config(1).sentences()))
        .isEqualTo(new SentenceSubject.Task(13, 2));
    Path run = temp.resolve("run");
    Outcome outcome = Sittings.start(run, config(16), SentenceRunTest::subject).run(new Stop());
    assertThat(outcome.end()).isEqualTo(End.FINISHED);
    Score train = outcome.history().epochs().getLast().train();
    assertThat(train.items()).isEqualTo(21);
    assertThat(train.counted()).isEqualTo(Counted.SENTENCES);
    assertThat(train.accuracy()).isGreaterThan(0.9);

    RunFolder folder = RunFolder.open(run);
    assertThat(folder.config()).isEqualTo(config(16));
    var classifier = SentenceClassifier.open(folder, model(13), Sittings.settings());
    var dev = LabelledSentences.open(data, "dev");
    assertThat(classifier.measure(dev).accuracy())
        .isEqualTo(outcome.history().best().orElseThrow().judged().accuracy());
    List<SentenceClassifier.Answer> answers =
        classifier.classify(List.of("The film is FINE", "a dull unheard film, again and again"));
    assertThat(answers).extracting(SentenceClassifier.Answer::label).containsExactly(1, 0);
    assertThat(answers.getFirst().probabilities().getLast()).isGreaterThan(0.9);
    assertThat(answers.getLast().words()).isEqualTo(8);
    assertThat(answers.getLast().unknown()).isEqualTo(1);
  }

  @Test
  void aRunStoppedAnywhereEndsInTheBitsOfOneThatWasNot() {
    Sittings.assertResumesToTheSameBits(temp, config(2), SentenceRunTest::subject, 1, 8);
  }

  @Test
  void answersDoNotDependOnWhatElseIsAsked() {
    Path run = temp.resolve("run");
    Sittings.start(run, config(2), SentenceRunTest::subject).run(new Stop());
    var classifier = SentenceClassifier.open(RunFolder.open(run), model(13), Sittings.settings());
    List<String> all = List.of("dull", "", "a fine film is a fine film , and fine again");
    var together = classifier.classify(all);
    for (int i = 0; i < all.size(); i++) {
      assertThat(classifier.classify(List.of(all.get(i)))).containsExactly(together.get(i));
    }
  }

  @Test
  void badFilesAreRefusedByLine() throws IOException {
    refused("", "train.tsv: is empty, so there are no sentences to learn from");
    refused("a film\t1\nno label\n", "train.tsv: line 2 has 1 columns, but needs 2");
    refused("a film\tgood\n", "line 1: the label 'good' must be a whole number from 0 to 9999");
    refused("a film\t-1\n", "line 1: the label '-1' must be a whole number from 0 to 9999");
    refused("a film\t0\nanother\t2\n", "labels go up to 2, but no sentence has label 1: number");
    Files.write(data.resolve("train.tsv"), new byte[] {'a', '\t', '1', '\n', (byte) 0xFC});
    assertThatThrownBy(() -> SentenceSubject.task(config(1).sentences()))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("train.tsv: line 2, byte 1: 0xFC is not UTF-8");
  }

  @Test
  void aLineThatNamesTheColumnsIsNoSentence() throws IOException {
    Path file = data.resolve("named.tsv");
    Files.writeString(file, "sentence\tlabel\na film\t1\na bore\t0\n");
    assertThat(LabelledSentences.read(file).labels()).containsExactly(1, 0);
  }

  private void refused(String train, String why) throws IOException {
    Files.writeString(data.resolve("train.tsv"), train);
    assertThatThrownBy(() -> SentenceSubject.task(config(1).sentences()))
        .isInstanceOfAny(FormatException.class, InputException.class)
        .hasMessageContaining(why);
  }

  @Test
  void heldOutSentencesMustBeThereAndOfKnownClasses() throws IOException {
    Files.writeString(data.resolve("dev.tsv"), "fine\t1\nfine\t2\n");
    assertThatThrownBy(() -> subject(config(1)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(
            "dev.tsv: line 2 has label 2, but the network knows the classes 0 … 1");
    Files.delete(data.resolve("dev.tsv"));
    assertThatThrownBy(() -> subject(config(1)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("dev.tsv: there is no such file; sentences come in train.tsv");
    assertThat(LabelledSentences.find(data, "test")).isEmpty();
  }

  @Test
  void otherWordsThanThoseOfTheRunAreRefused() throws IOException {
    Files.writeString(data.resolve("train.tsv"), "one\t0\ntwo\t1\n");
    assertThatThrownBy(() -> subject(config(1)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has a vocabulary of 6, but tiny was made for 13");
  }

  @Test
  void aDryRunTakesAFewBatches() {
    RunConfig config = config(1).limits(new Limits(0, 0, 2, 0));
    Path run = temp.resolve("run");
    Outcome outcome = Sittings.start(run, config, SentenceRunTest::subject).run(new Stop());
    assertThat(outcome.history().epochs().getLast().train().items()).isEqualTo(8);
  }
}
