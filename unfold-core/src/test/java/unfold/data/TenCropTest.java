package unfold.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.error.InputException;

final class TenCropTest {
  /// Two pictures of 4×4: pixel (row, column) is 10·row + column, in the second 100 more.
  private static Dataset two() {
    byte[] pixels = new byte[2 * 16];
    for (int i = 0; i < pixels.length; i++) {
      int at = i % 16;
      pixels[i] = (byte) (100 * (i / 16) + 10 * (at / 4) + at % 4);
    }
    return new MemoryDataset(
        "two",
        new PictureShape(4, 4, 1),
        MemorySegment.ofArray(pixels),
        new int[] {1, 0},
        List.of("a", "b"),
        () -> "test");
  }

  @Test
  void cutsCornersAndTheMiddleAndMirrorsThem() {
    var views = new TenCrop(two(), 4, 2, 2);
    assertThat(views.size()).isEqualTo(20);
    byte[][] wanted = {
      {0, 1, 10, 11}, {2, 3, 12, 13}, {20, 21, 30, 31}, {22, 23, 32, 33}, {11, 12, 21, 22},
      {1, 0, 11, 10}, {3, 2, 13, 12}, {21, 20, 31, 30}, {23, 22, 33, 32}, {12, 11, 22, 21},
    };
    for (int v = 0; v < 10; v++) {
      assertThat(views.picture(v).pixels()).as("view %s", v).containsExactly(wanted[v]);
      assertThat(views.label(v)).isEqualTo(1);
      assertThat(views.picture(10 + v).pixels()[0]).isEqualTo((byte) (100 + wanted[v][0]));
      assertThat(views.label(10 + v)).isZero();
      assertThat(TenCrop.views(two().picture(0), 4, 2, 2).get(v).pixels())
          .isEqualTo(views.picture(v).pixels());
    }
    assertThat(views.source(13)).isEqualTo(two().source(1));
  }

  @Test
  void scalesTheShorterSideFirst() {
    Picture view = new TenCrop(two(), 8, 7, 7).picture(4);
    assertThat(view.shape()).isEqualTo(new PictureShape(7, 7, 1));
  }

  @Test
  void refusesViewsLargerThanThePicture() {
    assertThatThrownBy(() -> new TenCrop(two(), 6, 7, 5))
        .isInstanceOf(InputException.class)
        .hasMessage("views of 7×5 cannot be cut from pictures of 6");
  }
}
