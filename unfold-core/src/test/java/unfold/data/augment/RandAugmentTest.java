package unfold.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import unfold.data.augment.RandAugment.Way;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.error.InputException;
import unfold.random.Stream;

final class RandAugmentTest {
  /// Pixel (row, column) has the number 10·row + column.
  private static Picture numbered(int height, int width) {
    byte[] pixels = new byte[height * width];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (10 * (i / width) + i % width);
    }
    return new Picture(new PictureShape(height, width, 1), pixels);
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"EQUALISE", "SPREAD"},
      mode = EnumSource.Mode.EXCLUDE)
  void withoutStrengthNothingChanges(Way way) {
    Picture in = numbered(7, 9);
    assertThat(RandAugment.change(way, in, 0, 1).pixels()).isEqualTo(in.pixels());
  }

  @Test
  void shiftsByWholePixels() {
    // 150/331 · 0.5 · 9 = 2.04 columns to the right: column 2 shows what was in column 0.
    Picture out = RandAugment.change(Way.SHIFT_X, numbered(7, 9), 0.5, 1);
    assertThat(Arrays.copyOfRange(out.pixels(), 9, 18))
        .containsExactly(0, 0, 10, 11, 12, 13, 14, 15, 16);
  }

  @Test
  void shearsRowsAgainstEachOther() {
    // 0.3 of a pixel more in each row from the middle: rows 2 above and below move by 1.
    Picture out = RandAugment.change(Way.SHEAR_X, numbered(5, 5), 1, 1);
    assertThat(Arrays.copyOfRange(out.pixels(), 0, 5)).containsExactly(0, 0, 1, 2, 3);
    assertThat(Arrays.copyOfRange(out.pixels(), 10, 15)).containsExactly(20, 21, 22, 23, 24);
    assertThat(Arrays.copyOfRange(out.pixels(), 20, 25)).containsExactly(41, 42, 43, 44, 0);
  }

  @Test
  void turnsAroundTheMiddle() {
    Picture in = numbered(9, 9);
    Picture out = RandAugment.change(Way.ROTATE, in, 1, 1);
    assertThat(out.get(4, 4, 0)).isEqualTo(in.get(4, 4, 0));
    // 30 degrees: from (x, y) = (0, −4) the place (2, −3.46) is seen.
    assertThat(out.get(0, 4, 0)).isEqualTo(in.get(1, 6, 0));
  }

  @Test
  void dependsOnTheStreamAloneAndKeepsTheSize() {
    byte[] pixels = new byte[20 * 24 * 3];
    Stream.of(1, "test", 0);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 31);
    }
    var in = new Picture(new PictureShape(20, 24, 3), pixels);
    var augment = new RandAugment(3, 15);
    int different = 0;
    for (int k = 0; k < 20; k++) {
      Picture one = augment.apply(in, Stream.of(5, "test", k));
      assertThat(one.shape()).isEqualTo(in.shape());
      assertThat(augment.apply(in, Stream.of(5, "test", k)).pixels()).isEqualTo(one.pixels());
      different += Arrays.equals(one.pixels(), in.pixels()) ? 0 : 1;
    }
    assertThat(different).isGreaterThan(15);
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertThatThrownBy(() -> Transforms.parse("rand-augment(2,31)"))
        .isInstanceOf(InputException.class)
        .hasMessage("rand-augment of 2 changes with magnitude 31: 1 to 14 and 0 to 30 can be");
  }
}
