package unfold.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.optimizer.Schedule;

/// What people are told: lines, drawings, advice.
final class TellingTest {
  @TempDir private Path temp;

  @Test
  void progressTellsSpeedTimeLeftAndLoss() {
    var line = new ProgressLine(System.err, false, "epoch 2/10", "img", 1000, 60_000);
    assertThat(line.line(31_000, 10, 0.12345))
        .isEqualTo("epoch 2/10   51 %  3,000 img/s  0:10 left  loss 0.1235");
    assertThat(line.line(1000, 0, 2.3)).contains("? left");
  }

  @Test
  void onAScreenOneLineIsRewrittenAndTakenAway() {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    var line = new ProgressLine(out, true, "epoch 1/1", "img", 0, 10);
    line.show(10, 1);
    line.clear();
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertThat(text).startsWith("\repoch 1/1  100 %").endsWith("\r").doesNotContain("\n");
  }

  @Test
  void anEpochIsALine() {
    assertThat(Console.line(record(3, 0.5, 0.25, 0.9), true))
        .isEqualTo(
            "epoch 3  loss 0.5000  accuracy 95.00 %  validation loss 0.2500  accuracy 90.00 % "
                + " top-5 99.00 %  1,234 img/s  1:05  rate 0.1  best");
    assertThat(Console.line(record(3, 0.5, 0.25, 0.9, 1), true))
        .as("as of five classes: no news")
        .contains("validation loss 0.2500  accuracy 90.00 %  1,234 img/s");
  }

  @Test
  void inALogThereAreLinesForEpochsAndNotes() {
    var bytes = new ByteArrayOutputStream();
    var console = new Console(new PrintStream(bytes, true, StandardCharsets.UTF_8), false);
    console.begin(Counted.PICTURES, 1, 2, 0, 100);
    console.step(50, 1);
    console.note("a note");
    console.epoch(record(1, 0.5, 0.25, 0.9), false);
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2)
        .first()
        .isEqualTo("a note");
  }

  @Test
  void theCurveIsDrawnAsTextAndAsPicture() throws Exception {
    History history =
        new History(List.of(record(1, 2, 2.5, 0.3), record(2, 1, 1.5, 0.6), record(3, 0, 1, 0.7)));
    String text = Curve.of("run", history).text();
    assertThat(text.lines()).hasSize(14);
    assertThat(text.lines().findFirst()).hasValue("       2.5 |o");
    assertThat(text.lines().toList().get(11)).startsWith("         0 |").endsWith("*");
    assertThat(text).endsWith("epoch 1 … 3   * training loss   o validation loss\n");
    Path file = temp.resolve("curve.png");
    Curve.of("run", history).write(file);
    assertThat(javax.imageio.ImageIO.read(file.toFile()).getWidth()).isEqualTo(900);
  }

  @Test
  void aCurveWithoutEpochsIsNotDrawn() {
    Path file = temp.resolve("curve.png");
    Curve.of("run", History.EMPTY).write(file);
    assertThat(file).doesNotExist();
    assertThat(Curve.of("run", History.EMPTY).text()).isEmpty();
  }

  @Test
  void aScheduleIsDrawnBeforeItRuns() {
    Chart chart = SchedulePlot.of(Schedule.parse("step(2,0.1)"), 0.5, 100, 4);
    Chart.Line line = chart.lines().getFirst();
    assertThat(line.y().getFirst()).isEqualTo(0.5);
    assertThat(line.y().getLast()).isEqualTo(0.05);
    assertThat(chart.title()).isEqualTo("step(2,0.1)");
  }

  @Test
  void adviceNamesWhatIsWrong() {
    assertThat(Advice.of(new History(List.of(record(1, 2.31, 2.3, 0.1))), 10))
        .singleElement()
        .asString()
        .startsWith("after epoch 1 the training loss 2.310 is still that of guessing (ln 10 =");
    // slow to begin with, and well above chance at the end of the epoch
    assertThat(Advice.of(new History(List.of(record(1, 2.31, 2.0, 0.27))), 10)).isEmpty();
    assertThat(Advice.of(new History(List.of(record(1, 75.0, 2.3, 0.1))), 10))
        .singleElement()
        .asString()
        .startsWith("after epoch 1 the training loss 75.000 is far above that of guessing")
        .contains("the rate (0.1) is too high; try one ten times lower");
    assertThat(
            Advice.of(new History(List.of(record(1, 0.5, 0.5, 0.9), record(2, 0.9, 0.5, 0.9))), 10))
        .singleElement()
        .asString()
        .startsWith("the training loss has risen from 0.500 to 0.900: the rate (0.1) is too high");
    assertThat(
            Advice.of(
                new History(
                    List.of(
                        record(1, 0.5, 0.5, 0.7),
                        record(2, 0.3, 0.5, 0.71),
                        record(3, 0.1, 0.6, 0.72))),
                10))
        .singleElement()
        .asString()
        .startsWith("the network learns by heart: 95.00 % on training pictures, 72.00 %");
  }

  @Test
  void adviceIsSilentWhenAllIsWell() {
    assertThat(
            Advice.of(
                new History(List.of(record(1, 0.5, 0.5, 0.9), record(2, 0.3, 0.2, 0.94))), 10))
        .isEmpty();
    assertThat(Advice.of(History.EMPTY, 10)).isEmpty();
  }

  @Test
  void numbersThatAreNotFiniteComeBackFromFiles() {
    RunFolder run = RunFolder.create(temp.resolve("run"));
    History history =
        new History(
            List.of(
                record(1, Double.NaN, Double.POSITIVE_INFINITY, 0.1),
                new EpochRecord(
                    2,
                    5,
                    1e-300,
                    new Score(1, 0.1 + 0.2, 1, 1, Counted.PICTURES),
                    Optional.empty(),
                    Optional.of(0.5),
                    0,
                    0)));
    run.write(history);
    assertThat(run.history()).isEqualTo(history);
  }

  private static EpochRecord record(int epoch, double train, double held, double accuracy) {
    return record(epoch, train, held, accuracy, 0.99);
  }

  private static EpochRecord record(
      int epoch, double train, double held, double accuracy, double top5) {
    return new EpochRecord(
        epoch,
        epoch * 10L,
        0.1,
        new Score(100, train, 0.95, 1, Counted.PICTURES),
        Optional.of(new Score(50, held, accuracy, top5, Counted.PICTURES)),
        Optional.empty(),
        1234.4,
        65);
  }
}
