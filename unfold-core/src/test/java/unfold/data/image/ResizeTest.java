package unfold.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResizeTest {
  static List<Golden> cases() {
    return Golden.all("resize");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsPillowBitForBit(Golden golden) {
    Picture in = PictureFile.decode(golden.fileBytes(), golden.name());
    Picture out = Resize.to(in, golden.shape().height(), golden.shape().width());
    assertThat(out.shape()).isEqualTo(golden.shape());
    assertThat(out.pixels()).isEqualTo(golden.pixelBytes());
  }

  @Test
  void croppingWhileResizingIsCroppingThenResizing() {
    Picture in = PictureFile.decode(cases().getFirst().fileBytes(), "x");
    for (int[] size : new int[][] {{5, 7}, {15, 20}, {15, 9}, {9, 20}, {40, 50}}) {
      Picture cropped = Crop.of(in, 3, 11, 15, 20);
      assertThat(Resize.crop(in, 3, 11, 15, 20, size[0], size[1]).pixels())
          .isEqualTo(Resize.to(cropped, size[0], size[1]).pixels());
    }
  }

  @Test
  void shorterSideKeepsTheProportion() {
    assertThat(Resize.shorterSide(new PictureShape(375, 500, 3), 256)).hasToString("256x341x3");
    assertThat(Resize.shorterSide(new PictureShape(500, 375, 1), 256)).hasToString("341x256x1");
    assertThat(Resize.shorterSide(new PictureShape(436, 500, 3), 256)).hasToString("256x294x3");
    assertThat(Resize.shorterSide(new PictureShape(20, 20, 1), 256)).hasToString("256x256x1");
  }

  @Test
  void centreCropTakesTheSmallerHalfOfAnOddRestAboveAndLeftAndPadsWithBlack() {
    byte[] ramp = {1, 2, 3, 4, 5, 6};
    Picture row = new Picture(new PictureShape(1, 6, 1), ramp);
    assertThat(Crop.centre(row, 1, 3).pixels()).containsExactly(2, 3, 4);
    assertThat(Crop.centre(row, 1, 5).pixels()).containsExactly(1, 2, 3, 4, 5);
    assertThat(Crop.centre(row, 3, 7).pixels())
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0);
  }
}
