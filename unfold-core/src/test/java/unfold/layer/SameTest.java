package unfold.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unfold.error.ShapeException;
import unfold.op.Convolution;
import unfold.op.Window;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Traced;
import unfold.trace.Tracer;

final class SameTest {
  @ParameterizedTest
  @CsvSource({
    // height, kernel, stride, dilation; zeros above, below; height of the result
    "224, 3, 2, 1, 0, 1, 112",
    "35, 3, 2, 1, 1, 1, 18",
    "8, 3, 1, 1, 1, 1, 8",
    "8, 4, 1, 1, 1, 2, 8",
    "9, 3, 1, 2, 2, 2, 9",
    "8, 1, 2, 1, 0, 0, 4",
  })
  void putsTheOddZeroLast(int h, int k, int stride, int dilation, int above, int below, int out) {
    var layer = new Same(new Conv2d(1, 1, k, 1).stride(stride, 1).dilation(dilation));
    Traced traced = Tracer.trace("same", layer, TensorType.f32(1, 1, h, 5), Mode.EVAL);
    var conv = traced.graph().nodes().getFirst();
    assertThat(((Convolution.Conv2d) conv.op()).window())
        .isEqualTo(new Window(stride, 1, above, below, 0, 0, dilation, dilation));
    assertThat(conv.output().type()).isEqualTo(TensorType.f32(1, 1, out, 5));
  }

  @Test
  void wantsPictures() {
    var layer = new Same(new MaxPool2d(2));
    assertThatThrownBy(() -> Tracer.trace("same", layer, TensorType.f32(2, 5), Mode.EVAL))
        .isInstanceOf(ShapeException.class)
        .hasMessage("same: x [2x5] must be N×C×H×W");
  }

  @Test
  void biasesStartAsWithBiasSays() {
    var layer = new Linear(3, 2).init(new WithBias(new Zeros(), 1));
    var states = Tracer.trace("fc", layer, TensorType.f32(2, 3), Mode.EVAL).states();
    assertThat(states.get(0).initial(1).toDoubles()).containsOnly(0);
    assertThat(states.get(1).initial(1).toDoubles()).containsOnly(1);
  }
}
