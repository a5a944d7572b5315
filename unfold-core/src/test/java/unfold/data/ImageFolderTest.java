package unfold.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.data.augment.Transforms;
import unfold.error.FormatException;
import unfold.error.InputException;

class ImageFolderTest {
  @TempDir Path folder;

  private static byte[] png(int height, int width, int rgb) {
    var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, rgb);
      }
    }
    var out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  private void picture(String path, int height, int width, int rgb) {
    SampleFiles.write(folder.resolve(path), png(height, width, rgb));
  }

  @Test
  void foldersInOrderOfTheirNamesAreTheClasses() {
    picture("dogs/1.png", 4, 6, 0x0000FF);
    picture("cats/b.PNG", 3, 5, 0x00FF00);
    picture("cats/a.png", 2, 2, 0xFF0000);
    SampleFiles.write(folder.resolve("cats/notes.txt"), "not a picture".getBytes());
    SampleFiles.write(folder.resolve(".cache/x.png"), new byte[1]);
    Splits splits = Datasets.open(folder);
    Dataset set = splits.train();
    assertThat(set.classes()).containsExactly("cats", "dogs");
    assertThat(set.size()).isEqualTo(3);
    assertThat(set.label(2)).isEqualTo(1);
    assertThat(set.shape()).isEmpty();
    assertThat(set.picture(1).shape()).hasToString("3x5x3");
    assertThat(set.picture(1).get(2, 4, 1)).isEqualTo(255);
    assertThat(set.source(1)).endsWith("b.PNG");
    assertThat(splits.notes()).hasSize(1);
  }

  @Test
  void trainValAndTestFoldersAreSplits() {
    picture("train/x/1.png", 2, 2, 1);
    picture("train/y/1.png", 2, 2, 2);
    picture("val/y/1.png", 2, 2, 3);
    picture("test/x/1.png", 2, 2, 4);
    Splits splits = Datasets.open(folder);
    assertThat(splits.validation().orElseThrow().label(0)).isEqualTo(1);
    assertThat(splits.test().orElseThrow().classes()).containsExactly("x", "y");
    assertThat(splits.notes()).isEmpty();
    picture("val/z/1.png", 2, 2, 3);
    assertThatThrownBy(() -> Datasets.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessage(folder.resolve("val").resolve("z") + ": the training folder has no class 'z'");
  }

  @Test
  void saysWhatIsWrongWithAFolder() throws IOException {
    picture("cats/a.png", 2, 2, 1);
    assertThatThrownBy(() -> Datasets.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessage(folder + ": only one class folder ('cats'): a set needs two or more");
    Path empty = Files.createDirectories(folder.resolve("dogs"));
    assertThatThrownBy(() -> Datasets.open(folder))
        .hasMessage(empty + ": no JPEG or PNG picture in this class folder");
  }

  @Test
  void aFileThatIsNoPictureIsNamedWhenItsBatchIsDue() {
    picture("a/1.png", 2, 2, 1);
    SampleFiles.write(folder.resolve("b/2.jpg"), "hello".getBytes());
    Dataset set = Datasets.open(folder).train();
    Loading loading = Loading.evaluation(1).transforms(Transforms.parse("resize(4x4)"));
    try (Loader loader = Loader.of(set, loading)) {
      assertThat(loader.shape()).hasToString("4x4x3");
      loader.next().release();
      assertThatThrownBy(loader::next)
          .isInstanceOf(FormatException.class)
          .hasMessage(
              folder.resolve("b").resolve("2.jpg") + ": at byte 0: not a JPEG or PNG picture");
    }
  }

  @Test
  void picturesOfDifferentSizesNeedATransformThatEndsInOneSize() {
    picture("a/1.png", 20, 30, 0x204060);
    picture("b/2.png", 50, 40, 0x204060);
    Dataset set = Datasets.open(folder).train();
    assertThatThrownBy(() -> Loader.of(set, Loading.evaluation(2)))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith(
            ": pictures differ in size, so a batch needs a transform that ends in one size, such as"
                + " resize(256),centre-crop(224)");
    Loading loading =
        Loading.evaluation(2).transforms(Transforms.parse("resize(16),centre-crop(12)"));
    try (Loader loader = Loader.of(set, loading)) {
      Batch batch = loader.next();
      assertThat(batch.pictures().type()).hasToString("u8[2x12x12x3]");
      assertThat(batch.pictures().get(3 * 144 + 1)).isEqualTo(0x40);
    }
    try (Loader loader = Loader.of(set, loading.channels(1))) {
      assertThat(loader.next().pictures().type()).hasToString("u8[2x12x12x1]");
    }
  }
}
