package unfold.train.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.data.Dataset;
import unfold.data.Datasets;
import unfold.data.image.PictureShape;
import unfold.error.InputException;
import unfold.layer.AveragePool2d;
import unfold.layer.BatchNorm;
import unfold.layer.Flatten;
import unfold.layer.Linear;
import unfold.layer.Lstm;
import unfold.layer.Recurrent;
import unfold.layer.Sequential;
import unfold.model.Captioner;
import unfold.model.Preprocessing;
import unfold.tensor.Shape;
import unfold.train.Counted;
import unfold.train.EpochRecord;
import unfold.train.Outcome;
import unfold.train.Outcome.End;
import unfold.train.RunConfig;
import unfold.train.RunConfig.Limits;
import unfold.train.RunConfig.Recipe;
import unfold.train.RunFolder;
import unfold.train.Sittings;
import unfold.train.Stop;

/// Runs on pictures with sentences, with a network so small that the reference backend trains it in
/// a blink.
final class CaptionRunTest {
  private static final PictureShape SHAPE = new PictureShape(28, 28, 1);

  @TempDir private Path temp;

  private static Captioner model(int vocabulary) {
    var encoder =
        new Sequential()
            .then("pool", new AveragePool2d(4))
            .then("flatten", new Flatten())
            .then("fc", new Linear(49, 12))
            .then("bn", new BatchNorm(12));
    return new Captioner(
        "tiny",
        Map.of(),
        new Captioner.Topic.Picture(Shape.of(1, 28, 28), Preprocessing.MNIST, encoder),
        "lstm",
        new Recurrent(new Lstm(), 8, 16),
        0.05,
        vocabulary);
  }

  private static Captioner model() {
    return model(28);
  }

  private static RunConfig config(int epochs) {
    return new RunConfig(
        CaptionSubject.network(model()),
        new RunConfig.Captions("digits", 40),
        new Recipe(epochs, 4, "adam(0.01)", "cosine", "f32", 0, 0.5, 0, 7),
        new Limits(0, 0, 3, 0));
  }

  private static CaptionSubject subject(RunConfig config) {
    return CaptionSubject.open(config, model());
  }

  private static Outcome run(Path run, RunConfig config) {
    return Sittings.start(run, config, CaptionRunTest::subject).run(new Stop());
  }

  private static Describer describer(Path run) {
    return Describer.open(RunFolder.open(run), model(), Sittings.settings());
  }

  private static Described digits(int from, int to) {
    Dataset test = Datasets.digits().test().orElseThrow();
    return Described.of(test.subset(from, to), SHAPE);
  }

  @Test
  void theTaskIsTheDigitsShapeAndAllWordsOfTheirSentences() {
    CaptionSubject.Task task = CaptionSubject.task(new RunConfig.Captions("digits", 40));
    // Ten digits, fourteen other words, four entries that are none.
    assertThat(task).isEqualTo(new CaptionSubject.Task(SHAPE, 28));
  }

  @Test
  void aRunCountsWordsAndTheirEnds() {
    Path run = temp.resolve("run");
    Outcome outcome = run(run, config(1));
    assertThat(outcome.end()).isEqualTo(End.FINISHED);
    EpochRecord last = outcome.history().epochs().getLast();
    assertThat(last.train().counted()).isEqualTo(Counted.WORDS);
    // Between `a one that stands upright` and `a thin wide one that leans to the left`.
    assertThat(last.train().items()).isBetween(12L * 6, 12L * 10);
    assertThat(last.validation().orElseThrow().items()).isBetween(12L * 6, 12L * 10);
    assertThat(RunFolder.open(run).config()).isEqualTo(config(1));
  }

  @Test
  void aRunStoppedAnywhereEndsInTheBitsOfOneThatWasNot() {
    Sittings.assertResumesToTheSameBits(temp, config(2), CaptionRunTest::subject, 4);
  }

  @Test
  void whatItLearnsByHeartItWrites() {
    Path run = temp.resolve("run");
    RunConfig few =
        config(100)
            .recipe(new Recipe(100, 2, "adam(0.05)", "cosine", "f32", 0, 5, 0, 7))
            .limits(new Limits(0, 0, 0, 1));
    assertThat(run(run, few).end()).isEqualTo(End.FINISHED);
    // The same two pictures: those that the run chose.
    CaptionSubject subject = subject(few);
    Describer describer = describer(run);
    Describer.Measured learned = describer.measure(subject.held());
    assertThat(learned.exact()).isEqualTo(2);
    assertThat(learned.exactShare()).isEqualTo(1);
    assertThat(learned.bleu().score()).isEqualTo(100);
    assertThat(learned.words().accuracy()).isEqualTo(1);

    // Others it does not know.
    Described others = digits(0, 66);
    Describer.Measured m = describer.measure(others);
    assertThat(m.sentences()).isEqualTo(66);
    assertThat(m.exactShare()).isLessThan(0.5);
    long words = IntStream.range(0, 66).mapToLong(i -> others.sentence(i).size() + 1).sum();
    assertThat(m.words().items()).isEqualTo(words);
    // A picture in a batch is written about as it is alone.
    List<List<String>> together =
        describer.describe(IntStream.range(0, 66).mapToObj(others::picture).toList());
    for (int i : List.of(0, 65)) {
      assertThat(describer.describe(List.of(others.picture(i)))).containsExactly(together.get(i));
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    RunConfig few = config(1).data(new RunConfig.Captions("digits", 3));
    assertThatThrownBy(() -> subject(few))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("3 pictures are too few for a batch of 4: make the batch smaller");
    assertThatThrownBy(() -> CaptionSubject.open(config(1), model(9)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "sentences have a vocabulary of 28, but tiny was made for 9: the pictures are others");
    assertThatThrownBy(() -> new RunConfig.Captions("digits", 0))
        .hasMessage("the number of pictures must be at least 1, but is 0");
    assertThatThrownBy(() -> config(1).text())
        .hasMessage("tiny learns from sentences about the pictures of digits, not from a text");
  }
}
