package unfold.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import unfold.random.Stream;

class Bf16Test {
  @Test
  void roundsToNearestEven() {
    assertThat(Bf16.round(1 + 0x1p-8f)).isEqualTo(1f);
    assertThat(Bf16.round(1 + 0x3p-8f)).isEqualTo(1 + 0x1p-6f);
    assertThat(Bf16.round(1 + 0x1.01p-8f)).isEqualTo(1 + 0x1p-7f);
    assertThat(Bf16.round(Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Bf16.round(Float.intBitsToFloat(0x7F800001))).isNaN();
    assertThat(Bf16.fromFloat(-0f)).isEqualTo((short) 0x8000);
  }

  @Test
  void aDoubleIsRoundedOnceNotTwice() {
    // Just above a tie: over f32 it would become the tie, and that the even number below.
    double above = 1 + 0x1p-8 + 0x1p-40;
    assertThat(Bf16.round((float) above)).isEqualTo(1f);
    assertThat(Bf16.toFloat(Bf16.fromDouble(above))).isEqualTo(1 + 0x1p-7f);
    double below = 1 + 0x3p-8 - 0x1p-40;
    assertThat(Bf16.toFloat(Bf16.fromDouble(below))).isEqualTo(1 + 0x1p-7f);
    assertThat(Bf16.toFloat(Bf16.fromDouble(-above))).isEqualTo(-1 - 0x1p-7f);
    assertThat(Bf16.toFloat(Bf16.fromDouble(Double.NaN))).isNaN();
    assertThat(Bf16.toFloat(Bf16.fromDouble(1e300))).isEqualTo(Float.POSITIVE_INFINITY);
  }

  @Test
  void aTripThroughBf16IsTheNearestNumber() {
    var random = Stream.of(3, "bf16", 0);
    for (int i = 0; i < 10_000; i++) {
      double x = random.nextGaussian();
      short bits = Bf16.fromDouble(x);
      double error = Math.abs(Bf16.toFloat(bits) - x);
      assertThat(error).isLessThanOrEqualTo(Math.abs(Bf16.toFloat((short) (bits + 1)) - x));
      assertThat(error).isLessThanOrEqualTo(Math.abs(Bf16.toFloat((short) (bits - 1)) - x));
    }
  }
}
