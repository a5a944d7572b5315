package unfold.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import unfold.error.InputException;
import unfold.error.ShapeException;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;

final class MetricTest {
  private static final Tensor LOGITS =
      Tensor.of(
          Shape.of(4, 3),
          new float[] {
            0.1f, 0.7f, 0.2f, //
            0.5f, 0.5f, 0.1f, //
            Float.NaN, 1, 2, //
            3, 2, 1
          });

  private static Tensor labels(int... labels) {
    return Tensor.of(Shape.of(labels.length), labels);
  }

  @Test
  void countsItemsWhoseLabelIsAmongTheFirstK() {
    var top = new TopK();
    top.add(LOGITS, labels(1, 1, 2, 2));
    assertThat(top.items()).isEqualTo(4);
    assertThat(top.accuracy()).isEqualTo(0.25); // the tie goes to class 0, NaN to itself
    assertThat(top.topK(2)).isEqualTo(0.75);
    assertThat(top.topK(3)).isEqualTo(1);
  }

  @Test
  void aLogitThatIsNoNumberIsNeverRight() {
    var top = new TopK();
    top.add(LOGITS, labels(1, 0, 0, 0));
    assertThat(top.hits(1)).isEqualTo(3);
    assertThat(top.hits(3)).isEqualTo(3);
  }

  @Test
  void ignoredAndFilledUpItemsCountNowhere() {
    var top = new TopK();
    var confusion = new Confusion(3);
    top.add(LOGITS, labels(1, -100, 2, 0), 3);
    confusion.add(LOGITS, labels(1, -100, 2, 0), 3);
    assertThat(top.items()).isEqualTo(2);
    assertThat(confusion.items()).isEqualTo(2);
  }

  @Test
  void confusionHasLabelsAsRows() {
    var confusion = new Confusion(3);
    confusion.add(LOGITS, labels(1, 1, 2, 0));
    assertThat(confusion.count(1, 1)).isEqualTo(1);
    assertThat(confusion.count(1, 0)).isEqualTo(1);
    assertThat(confusion.count(2, 0)).isEqualTo(1); // NaN is the largest
    assertThat(confusion.recall(1)).isEqualTo(0.5);
    assertThat(confusion.precision(0)).isEqualTo(1 / 3.0);
    assertThat(confusion.accuracy()).isEqualTo(0.5);
  }

  @Test
  void aMeanWeighsBatchesByTheirItems() {
    var loss = new Mean();
    assertThat(loss.value()).isNaN();
    loss.add(1, 30);
    loss.add(5, 10);
    assertThat(loss.value()).isEqualTo(2);
  }

  @Test
  void refusesLabelsThatAreNoClass() {
    assertThatThrownBy(() -> new TopK().add(LOGITS, labels(0, 3, 0, 0)))
        .isInstanceOf(InputException.class)
        .hasMessage("item 1 of the batch has label 3, but there are 3 classes 0 … 2");
    assertThatThrownBy(() -> new TopK().add(LOGITS, labels(0)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("a metric needs logits N×C and labels i32 N, not f32[4x3] and i32[1]");
  }
}
