package unfold.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import unfold.data.Portrait.Lean;
import unfold.data.Portrait.Stroke;
import unfold.data.Portrait.Width;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;

final class PortraitTest {
  private static final int SIDE = 40;

  /// A bar of ink through the middle, 24 high, that moves so far to the right for a pixel upwards.
  private static Picture bar(int thickness, double lean, int paper, int ink) {
    byte[] pixels = new byte[SIDE * SIDE];
    for (int row = 0; row < SIDE; row++) {
      double left = (SIDE - thickness) / 2.0 + lean * (SIDE / 2.0 - row);
      for (int column = 0; column < SIDE; column++) {
        boolean drawn =
            row >= 8 && row < 32 && column >= Math.rint(left) && column < left + thickness;
        pixels[row * SIDE + column] = (byte) (drawn ? ink : paper);
      }
    }
    return new Picture(new PictureShape(SIDE, SIDE, 1), pixels);
  }

  @Test
  void aBarIsAsThickAndLeansAsItWasDrawn() {
    Portrait.Measured upright = Portrait.measure(bar(4, 0, 0, 255));
    assertThat(upright.lean()).isEqualTo(0);
    // 4×24 pixels over half the outline of 2·(4 + 24), but for a corner's diagonal.
    assertThat(upright.thickness() * SIDE).isCloseTo(2 * 96 / 56.0, within(0.05));
    // Spread of 4 and of 24 equal steps.
    assertThat(upright.width()).isCloseTo(Math.sqrt(15.0 / 575), within(1e-9));

    assertThat(Portrait.measure(bar(4, 0.5, 0, 255)).lean()).isCloseTo(0.5, within(0.02));
    assertThat(Portrait.measure(bar(4, -0.5, 0, 255)).lean()).isCloseTo(-0.5, within(0.02));
  }

  @Test
  void darkInkOnLightPaperIsTheSame() {
    Picture light = bar(3, 0.3, 0, 200);
    Picture dark = bar(3, 0.3, 255, 55);
    assertThat(Portrait.measure(dark)).isEqualTo(Portrait.measure(light));
    assertThat(Portrait.of(light.channels(3))).isEqualTo(Portrait.of(light));
  }

  @Test
  void whatIsMeasuredBecomesASentence() {
    assertThat(Portrait.of(bar(2, 0.5, 0, 255)))
        .isEqualTo(new Portrait(Stroke.THIN, Width.NARROW, Lean.RIGHT));
    assertThat(Portrait.of(bar(22, -0.2, 0, 255)))
        .isEqualTo(new Portrait(Stroke.THICK, Width.WIDE, Lean.LEFT));
    assertThat(new Portrait(Stroke.THIN, Width.NARROW, Lean.RIGHT).sentence("7"))
        .containsExactly("a", "thin", "narrow", "seven", "that", "leans", "to", "the", "right");
    Portrait plain = new Portrait(Stroke.MIDDLING, Width.MIDDLING, Lean.UPRIGHT);
    assertThat(plain.sentence("8")).containsExactly("an", "eight", "that", "stands", "upright");
    assertThat(plain.sentence("1").getFirst()).isEqualTo("a");
    assertThat(plain.sentence("Ankle_boot"))
        .containsExactly("an", "ankle", "boot", "that", "stands", "upright");
  }

  @Test
  void emptyPaperIsOfMiddlingKind() {
    assertThat(Portrait.of(bar(4, 0, 77, 77)))
        .isEqualTo(new Portrait(Stroke.MIDDLING, Width.MIDDLING, Lean.UPRIGHT));
  }

  @Test
  void amongTheBuiltInDigitsNoWordIsRare() {
    Dataset digits = Datasets.digits().test().orElseThrow();
    int[] strokes = new int[3];
    int[] widths = new int[3];
    int[] leans = new int[3];
    for (int i = 0; i < 600; i++) {
      Portrait p = Portrait.of(digits.picture(i));
      strokes[p.stroke().ordinal()]++;
      widths[p.width().ordinal()]++;
      leans[p.lean().ordinal()]++;
    }
    assertThat(Arrays.stream(strokes).min().orElse(0)).isGreaterThan(90);
    assertThat(Arrays.stream(widths).min().orElse(0)).isGreaterThan(90);
    assertThat(Arrays.stream(leans).min().orElse(0)).isGreaterThan(90);
  }

  @Test
  void allPortraitsAreDifferent() {
    assertThat(new HashSet<>(Portrait.all())).hasSize(27);
    assertThat(Portrait.all().stream().map(Portrait::lean)).containsAll(EnumSet.allOf(Lean.class));
  }
}
