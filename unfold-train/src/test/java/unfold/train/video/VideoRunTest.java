package unfold.train.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.data.digits.MovingDigits;
import unfold.error.InputException;
import unfold.layer.AveragePool2d;
import unfold.layer.BatchNorm;
import unfold.layer.Flatten;
import unfold.layer.Linear;
import unfold.layer.Lstm;
import unfold.layer.Recurrent;
import unfold.layer.Sequential;
import unfold.model.FrameLabeller;
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

/// Runs on films, with a network so small that the reference backend trains it in a blink.
final class VideoRunTest {
  @TempDir private Path temp;

  private static FrameLabeller model() {
    var encoder =
        new Sequential()
            .then("pool", new AveragePool2d(8))
            .then("flatten", new Flatten())
            .then("fc", new Linear(16, 8))
            .then("bn", new BatchNorm(8));
    return new FrameLabeller(
        "tiny",
        Map.of(),
        Shape.of(1, 32, 32),
        Preprocessing.MNIST,
        encoder,
        "lstm",
        Optional.of(new Recurrent(new Lstm(), 8, 6)),
        0.1,
        10);
  }

  private static RunConfig config(int epochs) {
    return new RunConfig(
        VideoSubject.network(model()),
        new RunConfig.Video(RunConfig.Video.MOVING_DIGITS, 14, 3),
        new Recipe(epochs, 4, "adam(0.01)", "cosine", "f32", 0, 0.5, 0, 7),
        new Limits(0, 0, 3, 0));
  }

  private static VideoSubject subject(RunConfig config) {
    return VideoSubject.open(config, model());
  }

  private static Outcome run(Path run, RunConfig config) {
    return Sittings.start(run, config, VideoRunTest::subject).run(new Stop());
  }

  @Test
  void aRunCountsFramesAndMeasuresThemOnFilmsThatWereHeldOut() {
    Path run = temp.resolve("run");
    Outcome outcome = run(run, config(2));
    assertThat(outcome.end()).isEqualTo(End.FINISHED);
    EpochRecord last = outcome.history().epochs().getLast();
    assertThat(last.train().items()).isEqualTo(3 * 4 * 3);
    assertThat(last.train().counted()).isEqualTo(Counted.FRAMES);
    assertThat(last.validation().orElseThrow().items()).isEqualTo(3 * 4 * 3);
    RunFolder folder = RunFolder.open(run);
    assertThat(folder.config()).isEqualTo(config(2));

    Watcher watcher = Watcher.open(folder, model(), Sittings.settings());
    Watcher.Measured m = watcher.measure(MovingDigits.validation(12, 3));
    double best = outcome.history().best().orElseThrow().judged().accuracy();
    assertThat(m.all().accuracy()).isEqualTo(best);
    long dark = m.dark().orElseThrow().items();
    assertThat(dark).isPositive();
    assertThat(m.lit().orElseThrow().items() + dark).isEqualTo(m.all().items());
  }

  @Test
  void aRunStoppedAnywhereEndsInTheBitsOfOneThatWasNot() {
    Sittings.assertResumesToTheSameBits(temp, config(2), VideoRunTest::subject, 1, 3, 5);
  }

  @Test
  void theLabelsOfAFilmAreThoseThatAreMeasured() {
    Path run = temp.resolve("run");
    run(run, config(1));
    Watcher watcher = Watcher.open(RunFolder.open(run), model(), Sittings.settings());
    MovingDigits films = MovingDigits.test(40, 3);
    int right = 0;
    for (int i = 0; i < films.size(); i++) {
      MovingDigits.Film film = films.film(i);
      List<Integer> labels = watcher.labels(film);
      for (int t = 0; t < 3; t++) {
        right += labels.get(t) == film.label(t) ? 1 : 0;
      }
    }
    assertThat(watcher.measure(films).all().accuracy()).isEqualTo(right / 120.0);
  }

  @Test
  void aBatchNeedsEnoughFilmsAndANetworkThatTakesThem() {
    RunConfig few = config(1).data(new RunConfig.Video(RunConfig.Video.MOVING_DIGITS, 3, 3));
    assertThatThrownBy(() -> subject(few))
        .isInstanceOf(InputException.class)
        .hasMessage("3 films are too few for a batch of 4: make the batch smaller");
    assertThatThrownBy(() -> new RunConfig.Video("films", 3, 3))
        .isInstanceOf(InputException.class)
        .hasMessage("there are no films 'films', only moving-digits");
    assertThatThrownBy(() -> config(1).text())
        .isInstanceOf(InputException.class)
        .hasMessage("tiny learns from the films of moving-digits, not from a text");
  }
}
