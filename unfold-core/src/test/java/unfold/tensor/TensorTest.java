package unfold.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import unfold.error.ShapeException;

class TensorTest {
  @Test
  void elementsAreRoundedToTheElementType() {
    assertThat(written(DType.F64, 1.1)).isEqualTo(1.1);
    assertThat(written(DType.F32, 1.1)).isEqualTo(1.1f);
    assertThat(written(DType.BF16, 1.1)).isEqualTo(1.1015625);
    assertThat(written(DType.I32, -2.5)).isEqualTo(-2);
    assertThat(written(DType.U8, 300)).isEqualTo(255);
    assertThat(written(DType.U8, -1)).isEqualTo(0);
  }

  private static double written(DType dtype, double value) {
    Tensor t = Tensor.zeros(dtype, 3);
    t.set(1, value);
    assertThat(t.get(0)).isZero();
    assertThat(t.get(2)).isZero();
    return t.get(1);
  }

  @Test
  void aReshapedTensorSharesMemoryAndACopyDoesNot() {
    Tensor t = Tensor.of(Shape.of(2, 2), 1f, 2f, 3f, 4f);
    Tensor row = t.reshape(Shape.of(4));
    Tensor copy = t.copy();
    t.set(3, 9);
    assertThat(row.get(3)).isEqualTo(9);
    assertThat(copy.get(3)).isEqualTo(4);
    assertThat(t.to(DType.F64).toDoubles()).containsExactly(1, 2, 3, 9);
  }

  @Test
  void typesAndShapesReadBackWhatTheyPrint() {
    for (String text : List.of("f32[8x3x32x32]", "i32[()]", "bf16[0x4]", "u8[7]", "f64[1]")) {
      assertThat(TensorType.parse(text)).hasToString(text);
    }
  }

  @Test
  void broadcastingStretchesAxesOfOne() {
    assertThat(Shape.broadcast(Shape.of(4, 1, 3), Shape.of(2, 1))).isEqualTo(Shape.of(4, 2, 3));
    assertThat(Shape.broadcast(Shape.SCALAR, Shape.of(0, 5))).isEqualTo(Shape.of(0, 5));
    assertThatThrownBy(() -> Shape.broadcast(Shape.of(4, 2), Shape.of(3, 2, 3)))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "shapes 4x2 and 3x2x3 do not broadcast: axis -1 has 2 and 3; they must be equal or"
                + " one of them 1");
  }

  @Test
  void saysWhatDoesNotFit() {
    complains(() -> Shape.of(2, -1), "shape [2, -1] has a negative extent");
    complains(
        () -> Shape.of(1 << 30, 1 << 30, 1 << 30),
        "shape [1073741824, 1073741824, 1073741824] has more elements than fit");
    complains(
        () -> Tensor.of(Shape.of(3), 1f, 2f),
        "a tensor f32[3] has 3 elements, but 2 values were given");
    complains(
        () -> Tensor.scalar(1).reshape(Shape.of(2)), "cannot see f32[()] (1 elements) as 2 (2)");
    complains(
        () -> Tensor.over(TensorType.f32(3), MemorySegment.ofArray(new byte[11])),
        "a tensor f32[3] needs 12 bytes, but the memory has 11");
  }

  private static void complains(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(ShapeException.class).hasMessage(message);
  }
}
