package unfold.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import unfold.metric.TopK;
import unfold.random.Stream;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;

final class TallyTest {
  @Test
  void countsAsTheMetricsDo() {
    var random = Stream.of(11, "tally", 0);
    var tally = new Tally(Counted.PICTURES);
    var metric = new TopK();
    double loss = 0;
    for (int batch = 0; batch < 20; batch++) {
      int n = 1 + random.nextInt(9);
      float[] x = new float[n * 12];
      int[] labels = new int[n];
      for (int i = 0; i < x.length; i++) {
        // Few values, so that many are equal; some are no numbers.
        int v = random.nextInt(9);
        x[i] = v == 8 ? Float.NaN : v;
      }
      for (int i = 0; i < n; i++) {
        labels[i] = random.nextInt(12);
      }
      Tensor logits = Tensor.of(Shape.of(n, 12), x);
      Tensor right = Tensor.of(Shape.of(n), labels);
      tally.add(logits, right, batch);
      metric.add(logits, right);
      loss += (double) n * batch;
    }
    Score score = tally.score();
    assertThat(score.items()).isEqualTo(metric.items());
    assertThat(score.accuracy()).isEqualTo(metric.accuracy());
    assertThat(score.top5()).isEqualTo(metric.topK(5));
    assertThat(score.loss()).isEqualTo(loss / metric.items());
  }

  @Test
  void aLossFromLogitsIsTheCrossEntropy() {
    var tally = new Tally(Counted.PICTURES);
    tally.add(Tensor.of(Shape.of(2, 3), 1f, 2f, 3f, 1000f, 0f, 0f), Tensor.of(Shape.of(2), 2, 0));
    double first = Math.log(1 + Math.exp(-1) + Math.exp(-2));
    assertThat(tally.score().loss()).isCloseTo(first / 2, within(1e-12));
    assertThat(tally.score().accuracy()).isEqualTo(1);
  }

  @Test
  void goesOnFromSavedSums() {
    var whole = new Tally(Counted.PICTURES);
    var half = new Tally(Counted.PICTURES);
    Tensor logits = Tensor.of(Shape.of(1, 3), 0.1f, 0.7f, 0.3f);
    Tensor label = Tensor.of(Shape.of(1), 1);
    whole.add(logits, label, 0.1);
    half.add(logits, label, 0.1);
    var other =
        new Tally(
            Counted.PICTURES,
            Json.read(Json.line(half.sums()), Tally.Sums.class, "sums", "a tally"));
    whole.add(logits, label, 0.2);
    other.add(logits, label, 0.2);
    assertThat(other.sums()).isEqualTo(whole.sums());
  }
}
