package unfold.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import unfold.data.augment.Mixing.Mix;
import unfold.error.InputException;
import unfold.random.Stream;

final class MixingTest {
  @Test
  void blendsEachPictureWithTheNext() {
    MemorySegment pictures = MemorySegment.ofArray(new byte[] {100, 0, 20, (byte) 200, 60, 40});
    Mixing.apply(new Mix(0.75, 0, 0, 0, 0), pictures, 3, 2, 1, new byte[2]);
    assertThat(pictures.toArray(ValueLayout.JAVA_BYTE))
        .containsExactly(80, 50, 30, (byte) 160, 70, 30);
  }

  @Test
  void pastesTheSameRectangleOfTheNext() {
    byte[] three = new byte[3 * 16];
    for (int i = 0; i < three.length; i++) {
      three[i] = (byte) (i / 16 + 1);
    }
    MemorySegment pictures = MemorySegment.ofArray(three);
    Mixing.apply(new Mix(0.75, 1, 2, 3, 4), pictures, 3, 4, 1, new byte[16]);
    assertThat(three)
        .startsWith(1, 1, 1, 1, 1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 1, 1)
        .endsWith(3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 1, 1, 3, 3, 3, 3);
  }

  @Test
  void aCutSharesByItsArea() {
    var mixing = new Mixing(0, 1);
    double mean = 0;
    for (int k = 0; k < 500; k++) {
      Mix mix = mixing.draw(3, k, 20, 30);
      double area = (mix.bottom() - mix.top()) * (mix.right() - mix.left());
      assertThat(mix.share()).isCloseTo(1 - area / 600, within(1e-12));
      assertThat(mix.top()).isBetween(0, 20);
      assertThat(mix.right()).isBetween(0, 30);
      mean += mix.share() / 500;
    }
    // λ is uniform for α = 1, and less than λ is cut where a rectangle reaches over the edge.
    assertThat(mean).isBetween(0.55, 0.75);
  }

  @Test
  void sharesFollowBeta() {
    double sum = 0;
    double squares = 0;
    int n = 20_000;
    Stream random = Stream.of(4, "beta", 0);
    for (int k = 0; k < n; k++) {
      double share = random.nextBeta(0.4);
      assertThat(share).isBetween(0.0, 1.0);
      sum += share;
      squares += share * share;
    }
    double mean = sum / n;
    assertThat(mean).isCloseTo(0.5, within(0.01));
    // Beta(α, α) has variance 1/(4(2α + 1)).
    assertThat(squares / n - mean * mean).isCloseTo(1 / (4 * 1.8), within(0.004));
  }

  @Test
  void withBothEachBatchGetsOneOfThem() {
    var both = new Mixing(0.2, 1);
    int cuts = 0;
    for (int k = 0; k < 200; k++) {
      Mix mix = both.draw(1, k, 32, 32);
      assertThat(both.draw(1, k, 32, 32)).isEqualTo(mix);
      cuts += mix.cuts() ? 1 : 0;
    }
    assertThat(cuts).isBetween(70, 130);
  }

  @Test
  void refusesNegativeAlphas() {
    assertThatThrownBy(() -> new Mixing(-1, 0))
        .isInstanceOf(InputException.class)
        .hasMessage("mixup with alpha -1.0, cutmix with alpha 0.0: 0 to 100 can be");
  }
}
