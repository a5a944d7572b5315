package unfold.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import unfold.data.image.Picture;
import unfold.data.image.PictureFile;
import unfold.data.image.PictureShape;
import unfold.error.InputException;
import unfold.metric.Confusion;
import unfold.model.Model;
import unfold.run.States;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;

final class SheetTest {
  private final Model model = Small.model();
  private final States states = Small.states(model);

  @Test
  void aFilterOfZerosIsGreyAndItsLargestNumberIsAPureColour() {
    Tensor w = states.get("conv1.weight");
    for (int i = 0; i < w.size(); i++) {
      w.set(i, 0);
    }
    w.set(0, 2); // filter 0, red, top left
    states.set("conv1.weight", w);
    Sheet sheet = FilterSheet.first(model, states);
    int top = Canvas.MARGIN + 2 * Canvas.LINE + 10;
    assertThat(sheet.colour(top + 1, Canvas.MARGIN + 1)).isEqualTo(0xFF8080);
    assertThat(sheet.colour(top + 30, Canvas.MARGIN + 30)).isEqualTo(0x808080);
  }

  @Test
  void aSheetIsAPngThatCanBeReadBack() {
    Sheet sheet = FilterSheet.of(model, states, "conv2");
    Picture read = PictureFile.decode(sheet.png(), "sheet");
    assertThat(read.width()).isEqualTo(sheet.width());
    assertThat(read.height()).isEqualTo(sheet.height());
  }

  @Test
  void aFilmShowsItsFramesInOrderAndSaysGreenOnlyForWhatIsSo() {
    Picture dark = new Picture(new PictureShape(2, 2, 1), new byte[4]);
    var film = new FilmSheet.Strip(List.of(grey(), dark), List.of("3", "3"), List.of("3", "8"));
    Sheet sheet = FilmSheet.of("film", "", List.of(film));
    int top = Canvas.MARGIN + 2 * Canvas.LINE + 12;
    int left = Canvas.MARGIN + 64;
    assertThat(sheet.colour(top + 63, left + 70 + 63)).isZero();
    assertThat(sheet.colour(top + 63, left + 63)).isNotZero();
    int answers = top + 64 + Canvas.LINE;
    assertThat(colours(sheet, left, answers, 64)).contains(Colours.RIGHT).isNotEmpty();
    assertThat(colours(sheet, left + 70, answers, 64)).doesNotContain(Colours.RIGHT);
    assertThatThrownBy(() -> new FilmSheet.Strip(List.of(dark), List.of("3", "3"), List.of("3")))
        .hasMessage("1 frames have 2 labels and 1 answers");
  }

  private static List<Integer> colours(Sheet sheet, int x, int y, int width) {
    return IntStream.range(0, width * Canvas.LINE)
        .mapToObj(i -> sheet.colour(y + i / width, x + i % width))
        .toList();
  }

  @Test
  void aLayerWithoutAConvolutionHasNoFilters() {
    assertThatThrownBy(() -> FilterSheet.of(model, states, "pool"))
        .isInstanceOf(InputException.class)
        .hasMessage("pool: no convolution; those of small are conv1, conv2");
  }

  @Test
  void theTileOfAChannelIsDarkWhereItIsZeroAndBrightWhereItIsLargest() {
    float[] values = new float[2 * 2 * 2];
    values[1] = 5; // channel 0, top right
    Sheet sheet =
        ActivationSheet.of("x", grey(), Map.of("layer", Tensor.of(Shape.of(1, 2, 2, 2), values)));
    int x = 2 * Canvas.MARGIN + 160;
    int y = Canvas.MARGIN + Canvas.LINE + 10 + 2 * Canvas.LINE + 8;
    assertThat(sheet.colour(y + 90, x + 5)).isEqualTo(Colours.ramp(0));
    assertThat(sheet.colour(y + 5, x + 90)).isEqualTo(Colours.ramp(1));
    assertThat(sheet.colour(y + 5, x + 96 + 6 + 90)).as("channel 1").isEqualTo(Colours.ramp(0));
  }

  @Test
  void layersWithManyChannelsOrWithoutPlacesAndManyClassesHaveRoom() {
    var many = Tensor.zeros(unfold.tensor.TensorType.f32(1, 600, 1, 3));
    var row = Tensor.zeros(unfold.tensor.TensorType.f32(1, 4096));
    assertThat(ActivationSheet.of("x", grey(), Map.of("maps", many, "row", row)).width())
        .isGreaterThan(500);
    for (int classes : new int[] {2, 30, 60, 1000}) {
      List<String> names = IntStream.range(0, classes).mapToObj(k -> "a long name " + k).toList();
      assertThat(ConfusionSheet.of("x", names, new Confusion(classes)).height())
          .isBetween(100, 1600);
    }
  }

  @Test
  void theShadeOfACellIsTheShareOfItsRow() {
    var confusion = new Confusion(2);
    confusion.add(Tensor.of(Shape.of(1, 2), 1, 0f), Tensor.of(Shape.of(1), 0));
    Sheet sheet = ConfusionSheet.of("x", List.of("a", "b"), confusion);
    int right = 0;
    int none = 0;
    for (int r = 0; r < sheet.height(); r++) {
      for (int c = 0; c < sheet.width(); c++) {
        right += sheet.colour(r, c) == Colours.shade(1) ? 1 : 0;
        none += sheet.colour(r, c) == Colours.WRONG ? 1 : 0;
      }
    }
    assertThat(right).as("one full cell").isBetween(2000, 52 * 52);
    assertThat(none).as("no mistake").isZero();
  }

  @Test
  void longWordsAreCutWhereTheyMustBe() {
    assertThat(Canvas.fitted("short", 200, true)).isEqualTo("short");
    assertThat(Canvas.fitted("a/very/long/path/picture.png", 100, true))
        .startsWith("…")
        .endsWith("picture.png");
    Sheet sheet =
        PictureSheet.of(
            "x", Collections.nCopies(7, new PictureSheet.Entry(grey(), "is a", "b", "c")));
    assertThat(sheet.width()).isGreaterThan(5 * 168);
  }

  private static Picture grey() {
    return new Picture(new PictureShape(28, 20, 1), new byte[560]);
  }
}
