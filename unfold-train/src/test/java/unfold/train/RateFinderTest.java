package unfold.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.error.InputException;

final class RateFinderTest {
  @TempDir private Path temp;

  @Test
  void theSweepRisesFindsARateAndEndsWhenTheLossExplodes() {
    // Always the same pictures, or eight of them would say little.
    RunConfig config = Tiny.config(1, "sgd(0.1)").limits(RunConfig.Limits.NONE.overfitBatches(1));
    RateSweep sweep =
        RateFinder.find(config, Tiny.model(), Tiny.data(), Tiny.settings(), 1e-4, 1e6, 60);
    assertThat(sweep.points()).extracting(RateSweep.Point::rate).isSorted();
    assertThat(sweep.points().size()).isBetween(10, 59);
    assertThat(sweep.suggested().orElseThrow()).isBetween(1e-3, 10.0);
    Path file = temp.resolve("rates.png");
    sweep.chart().write(file);
    assertThat(file).isNotEmptyFile();
    assertThat(sweep.chart().text()).contains("learning rate 0.0001 …");
  }

  @Test
  void suggestsWhereTheLossFallsMostSteeply() {
    assertThat(
            RateFinder.steepest(
                List.of(point(1, 2.3), point(2, 2.2), point(3, 1.4), point(4, 1.3), point(5, 9))))
        .hasValue(3.0);
    assertThat(RateFinder.steepest(List.of(point(1, 1), point(2, 2)))).isEmpty();
  }

  @Test
  void aSweepNeedsRoom() {
    assertThatThrownBy(() ->
            RateFinder.find(
                Tiny.config(1, "sgd"), Tiny.model(), Tiny.data(), Tiny.settings(), 1, 1, 60))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "a sweep from rate 1.0 to 1.0 in 60 steps: rates must rise from above 0, in at least"
                + " 10 steps");
  }

  private static RateSweep.Point point(double rate, double smoothed) {
    return new RateSweep.Point(rate, smoothed, smoothed);
  }
}
