package unfold.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.error.InputException;
import unfold.random.Stream;

class TransformsTest {
  private static final String ALL =
      "resize(40),random-resize(38,44),random-crop(36x34),random-resized-crop(24x32,0.08,1),pad-crop(4),flip,affine(10,0.1,0.2),"
          + "colour-jitter(0.4,0.3,0.2),pca-colour(0.1),rand-augment(2,9),erase(0.5),cutout(8),centre-crop(20),"
          + "resize(16x12)";

  private static Picture noise(int height, int width, int channels) {
    PictureShape shape = new PictureShape(height, width, channels);
    byte[] pixels = new byte[shape.bytes()];
    new Random(5).nextBytes(pixels);
    return new Picture(shape, pixels);
  }

  private static Stream stream(int k) {
    return Stream.of(1, "test", k);
  }

  @Test
  void printsWhatItReads() {
    Transforms all = Transforms.parse(ALL);
    assertThat(all.list()).hasSize(14);
    assertThat(all).hasToString(ALL);
    assertThat(Transforms.parse(" none ")).isEqualTo(Transforms.NONE).hasToString("none");
    assertThat(Transforms.parse("rotate( 15 ) , flip")).hasToString("affine(15,0,0),flip");
    assertThat(Transforms.parse("random-resized-crop(224)"))
        .hasToString("random-resized-crop(224,0.08,1)");
    assertThat(Transforms.parse("centre-crop(32x48)").list())
        .containsExactly(new CentreCrop(32, 48));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flip(1) | flip takes 0 numbers, but flip(1) has 1",
        "pad-crop(x) | pad-crop(x): 'x' is not a whole number",
        "erase(much) | erase(much): 'much' is not a number",
        "resize(3x) | resize(3x): '3x' is not a size such as 224 or 192x256",
        "resize(0) | resize of 0 pixels: 1 to 16384 can be",
        "erase(2) | erase with probability 2.0: 0 to 1 can be",
        "mirror | unknown transform 'mirror'; known are resize(256), resize(32x48),",
        "center-crop(8) | unknown transform 'center-crop' (did you mean centre-crop?); known are",
        "cut-out(8) | unknown transform 'cut-out' (did you mean cutout?); known are",
        "flip, | transforms 'flip,': cannot read ''; known are",
        "flip flip | transforms 'flip flip': cannot read 'flip flip'; known are",
        "affine(1,2,3) | affine by 1.0 degrees, shift 2.0, scale 3.0: 0 to 180, 0 to 1 and 0 to"
            + " below 1 can be",
        "random-resized-crop(8,0,1) | random-resized-crop of 0.0 to 1.0 of the area: it must hold"
            + " 0 < least <= greatest <= 1"
      })
  void saysWhatItCannotRead(String textAndMessage) {
    String[] parts = textAndMessage.split(" \\| ", 2);
    assertThatThrownBy(() -> Transforms.parse(parts[0]))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(parts[1]);
  }

  @Test
  void dependOnSeedEpochAndItemAlone() {
    Transforms all = Transforms.parse(ALL);
    Picture in = noise(50, 60, 3);
    byte[] before = in.pixels().clone();
    byte[] one = all.apply(in, 1, 2, 3).pixels();
    assertThat(all.apply(in, 1, 2, 3).pixels()).isEqualTo(one);
    assertThat(all.apply(in, 2, 2, 3).pixels()).isNotEqualTo(one);
    assertThat(all.apply(in, 1, 3, 3).pixels()).isNotEqualTo(one);
    assertThat(all.apply(in, 1, 2, 4).pixels()).isNotEqualTo(one);
    assertThat(in.pixels()).as("the input is left alone").isEqualTo(before);
  }

  @Test
  void theShapeThatComesOutIsTheOneThatWasPromised() {
    for (String text : ALL.split(",(?=[a-z])")) {
      Transforms one = Transforms.parse(text);
      for (int channels : new int[] {1, 3}) {
        Picture in = noise(31, 47, channels);
        Optional<PictureShape> known = one.shape(Optional.of(in.shape()));
        if (text.startsWith("random-resize(")) {
          assertThat(known).isEmpty();
          continue;
        }
        PictureShape promised = known.orElseThrow();
        for (int item = 0; item < 20; item++) {
          assertThat(one.apply(in, 1, 1, item).shape()).as(text).isEqualTo(promised);
        }
      }
    }
    Transforms anyScale = Transforms.parse("random-resize(38,44)");
    for (int item = 0; item < 20; item++) {
      Picture out = anyScale.apply(noise(31, 47, 1), 1, 1, item);
      assertThat(out.height()).isBetween(38, 44);
      assertThat(out.width()).isEqualTo((int) Math.rint(out.height() * 47 / 31.0));
    }
    assertThat(Transforms.parse("resize(9)").shape(Optional.empty())).isEmpty();
    assertThat(Transforms.parse("resize(9),centre-crop(8)").shape(Optional.empty())).isPresent();
  }

  @Test
  void flipMirrorsHalfOfThePictures() {
    Picture in = new Picture(new PictureShape(1, 2, 3), new byte[] {1, 2, 3, 4, 5, 6});
    long mirrored =
        IntStream.range(0, 1000)
            .filter(k -> new Flip().apply(in, stream(k)).pixels()[0] == 4)
            .count();
    assertThat(mirrored).isBetween(430L, 570L);
    assertThat(unfold.data.image.Crop.mirrored(in).pixels()).containsExactly(4, 5, 6, 1, 2, 3);
  }

  @Test
  void padCropShiftsByEveryAmountUpToItsPad() {
    byte[] spot = new byte[49];
    spot[24] = 1;
    Picture in = new Picture(new PictureShape(7, 7, 1), spot);
    int[] seen = new int[49];
    for (int k = 0; k < 1000; k++) {
      byte[] out = new PadCrop(2).apply(in, stream(k)).pixels();
      for (int i = 0; i < 49; i++) {
        seen[i] += out[i];
      }
    }
    for (int row = 0; row < 7; row++) {
      for (int column = 0; column < 7; column++) {
        boolean reached = Math.abs(row - 3) <= 2 && Math.abs(column - 3) <= 2;
        assertThat(seen[row * 7 + column] > 0).as("%d, %d", row, column).isEqualTo(reached);
      }
    }
  }

  @Test
  void anAffineOfNothingChangesNothingAndAHalfTurnTurns() {
    Picture in = noise(9, 6, 3);
    assertThat(new Affine(0, 0, 0).apply(in, stream(1)).pixels()).isEqualTo(in.pixels());
    Picture ramp = new Picture(new PictureShape(1, 5, 1), new byte[] {10, 20, 30, 40, 50});
    byte[] shifted = new Affine(0, 0.2, 0).apply(ramp, stream(2)).pixels();
    assertThat(shifted).isNotEqualTo(ramp.pixels());
  }

  @Test
  void colourJitterOfNothingChangesNothingAndSaturationLeavesGreyAlone() {
    Picture in = noise(9, 6, 3);
    assertThat(new ColourJitter(0, 0, 0).apply(in, stream(1)).pixels()).isEqualTo(in.pixels());
    Picture grey = in.channels(1).channels(3);
    assertThat(new ColourJitter(0, 0, 0.9).apply(grey, stream(1)).pixels())
        .isEqualTo(grey.pixels());
    byte[] even = new byte[27];
    Arrays.fill(even, (byte) 100);
    Picture flat = new Picture(new PictureShape(3, 3, 3), even);
    assertThat(new ColourJitter(0, 0.9, 0).apply(flat, stream(1)).pixels()).isEqualTo(even);
    byte[] brighter = new ColourJitter(0.5, 0, 0).apply(flat, stream(1)).pixels();
    assertThat(brighter[0] & 0xFF).isBetween(50, 150).isNotEqualTo(100);
    assertThat(brighter).containsOnly(brighter[0]);
  }

  /// The standard deviation of channel c is √Σ_k (λ_k p_kc)², from the recipe's eigenvalues and
  /// eigenvectors: 0.2175·0.5675 = 0.1234 and so on.
  @Test
  void pcaColourMovesColoursAsMuchAsImageNetVaries() {
    byte[] even = new byte[3];
    Arrays.fill(even, (byte) 128);
    Picture flat = new Picture(new PictureShape(1, 1, 3), even);
    int n = 20_000;
    double[] squares = new double[3];
    for (int k = 0; k < n; k++) {
      byte[] out = new PcaColour(0.3).apply(flat, stream(k)).pixels();
      for (int c = 0; c < 3; c++) {
        double shift = ((out[c] & 0xFF) - 128) / 255.0 / 0.3;
        squares[c] += shift * shift / n;
      }
    }
    double[] expected = {0.1242, 0.1264, 0.1276};
    for (int c = 0; c < 3; c++) {
      assertThat(Math.sqrt(squares[c])).as("channel %d", c).isCloseTo(expected[c], within(0.003));
    }
    Picture grey = noise(3, 3, 1);
    assertThat(new PcaColour(1).apply(grey, stream(1))).isSameAs(grey);
  }

  @Test
  void eraseAndCutoutChangeARectangleOnly() {
    byte[] even = new byte[32 * 32];
    Arrays.fill(even, (byte) 77);
    Picture flat = new Picture(new PictureShape(32, 32, 1), even);
    int untouched = 0;
    for (int k = 0; k < 200; k++) {
      byte[] cut = new Cutout(8).apply(flat, stream(k)).pixels();
      int black = changed(cut, even);
      assertThat(black).isBetween(16, 64);
      byte[] erased = new Erase(0.5).apply(flat, stream(k)).pixels();
      int noisy = changed(erased, even);
      untouched += noisy == 0 ? 1 : 0;
      assertThat(noisy).isLessThan((int) (0.37 * 32 * 32));
    }
    assertThat(untouched).isBetween(70, 130);
  }

  private static int changed(byte[] a, byte[] b) {
    return (int) IntStream.range(0, a.length).filter(i -> a[i] != b[i]).count();
  }
}
