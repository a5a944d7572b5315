package unfold.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.error.FormatException;
import unfold.error.InputException;

class PictureFileTest {
  @TempDir Path folder;

  static List<Golden> cases() {
    return Golden.all("decode");
  }

  private static byte[] sample(String name) {
    return cases().stream()
        .filter(g -> g.name().equals(name))
        .findFirst()
        .orElseThrow()
        .fileBytes();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void decodesWhatPillowDecodes(Golden golden) {
    Picture picture = PictureFile.decode(golden.fileBytes(), golden.name());
    assertThat(picture.shape()).isEqualTo(golden.shape());
    assertThat(picture.pixels()).isEqualTo(golden.pixelBytes());
  }

  @Test
  void interlacedPngIsTheSamePicture() throws IOException {
    byte[] plain = sample("png-rgb");
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(plain));
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    var out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      ImageWriteParam interlaced = writer.getDefaultWriteParam();
      interlaced.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      writer.write(null, new IIOImage(image, null, null), interlaced);
    }
    assertThat(PictureFile.decode(out.toByteArray(), "x").pixels())
        .isEqualTo(PictureFile.decode(plain, "x").pixels());
  }

  @Test
  void everyTruncationGivesAFormatException() {
    for (Golden golden : cases()) {
      byte[] file = golden.fileBytes();
      for (int n = 0; n < file.length; n++) {
        byte[] cut = Arrays.copyOf(file, n);
        assertThatThrownBy(() -> PictureFile.decode(cut, "cut.jpg"))
            .as("%s cut to %d bytes", golden.name(), n)
            .isInstanceOf(FormatException.class)
            .hasMessageStartingWith("cut.jpg");
      }
    }
  }

  @Test
  void flippedBitsGiveAPictureOrAFormatException() {
    long seed = 20_251;
    Random random = new Random(seed);
    for (Golden golden : cases()) {
      byte[] file = golden.fileBytes();
      for (int at = random.nextInt(3); at < file.length; at += 3) {
        byte[] flipped = file.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        try {
          Picture picture = PictureFile.decode(flipped, golden.name());
          assertThat(picture.pixels()).hasSize(picture.shape().bytes());
        } catch (FormatException e) {
          assertThat(e.getMessage()).as("seed %d, byte %d", seed, at).startsWith(golden.name());
        }
      }
    }
  }

  @Test
  void saysWhatIsWrongAndWhere() {
    byte[] png = sample("png-rgb");
    assertFault("no picture".getBytes(), "x: at byte 0: not a JPEG or PNG picture");
    byte[] corrupt = png.clone();
    corrupt[60] ^= 1;
    assertFault(corrupt, "x: at byte 33: the checksum of this chunk is wrong: the file is corrupt");
    assertFault(
        Arrays.copyOf(png, png.length - 20),
        "x: at byte 33: a chunk of "
            + chunkLength(png)
            + " bytes, but the file has only "
            + (png.length - 20 - 33 - 12)
            + " more: it is truncated");
    byte[] jpeg = sample("jpeg-420");
    assertFault(
        Arrays.copyOf(jpeg, jpeg.length - 2), "the picture is truncated: it has no end marker");
    byte[] twelve = jpeg.clone();
    twelve[frame(jpeg) + 4] = 12;
    assertFault(twelve, "a JPEG of 12 bits a sample: 8 can be read");
    byte[] arithmetic = jpeg.clone();
    arithmetic[frame(jpeg) + 1] = (byte) 0xC9;
    assertFault(
        arithmetic,
        "a JPEG of a kind that is not read (marker 0xffc9): baseline, extended"
            + " and progressive Huffman-coded ones are");
  }

  @Test
  void refusesSizesBeyondTheLimitsFromTheHeaderAlone() throws IOException {
    byte[] jpeg = sample("jpeg-420");
    ByteBuffer.wrap(jpeg)
        .putShort(frame(jpeg) + 5, (short) 16_000)
        .putShort(frame(jpeg) + 7, (short) 16_000);
    assertFault(jpeg, "a picture of 16000x16000 has 256000000 pixels: 67108864 are the limit");
    byte[] png = sample("png-grey");
    ByteBuffer.wrap(png).putInt(16, 2_000_000_000);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    assertFault(
        png,
        "x: at byte 16: a picture of 13x2000000000 (height x width): 1 to 16384 a side can be");
    Path large = folder.resolve("large.png");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(PictureFile.MAX_FILE_BYTES + 1);
    }
    assertThatThrownBy(() -> PictureFile.read(large))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            large + ": at byte 0: a picture file of 67108865 bytes: 67108864 are the limit");
  }

  @Test
  void readsFilesAndSaysWhenThereIsNone() throws IOException {
    Path file = Files.write(folder.resolve("any name"), sample("png-grey"));
    assertThat(PictureFile.read(file).shape()).hasToString("13x18x1");
    assertThatThrownBy(() -> PictureFile.read(folder.resolve("none.png")))
        .isInstanceOf(InputException.class)
        .hasMessage(folder.resolve("none.png") + ": there is no such file");
  }

  @Test
  void convertsBetweenGreyAndColour() {
    Picture colour =
        new Picture(new PictureShape(1, 2, 3), new byte[] {10, 20, 30, (byte) 200, 0, 0});
    assertThat(colour.channels(1).pixels()).containsExactly(18, 60);
    assertThat(colour.channels(1).channels(3).pixels()).containsExactly(18, 18, 18, 60, 60, 60);
    assertThatThrownBy(() -> colour.channels(4))
        .hasMessage("a picture has 1 (grey) or 3 (red, green, blue) channels, not 4");
  }

  private static void assertFault(byte[] file, String message) {
    assertThatThrownBy(() -> PictureFile.decode(file, "x"))
        .isInstanceOf(FormatException.class)
        .hasMessageEndingWith(message);
  }

  private static int chunkLength(byte[] png) {
    return ByteBuffer.wrap(png).getInt(33);
  }

  /// Where the frame header's marker begins.
  private static int frame(byte[] jpeg) {
    for (int at = 2; ; at += 2 + (jpeg[at + 2] & 0xFF) * 256 + (jpeg[at + 3] & 0xFF)) {
      if ((jpeg[at + 1] & 0xFF) == 0xC0) {
        return at;
      }
    }
  }
}
