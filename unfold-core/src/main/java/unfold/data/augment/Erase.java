package unfold.data.augment;

import unfold.data.image.Picture;
import unfold.error.InputException;
import unfold.random.Stream;

/// With some probability, fills a random rectangle with random numbers: 0.02 to 0.33 of the area,
/// proportion from 0.3 to 1/0.3 (uniform in the logarithm); if ten tries do not fit, nothing.
/// Prints as `erase(0.5)`.
///
/// @source Zhong, Zheng, Kang, Li, Yang: Random erasing data augmentation (2017), algorithm 1
public record Erase(double probability) implements Transform {
  private static final double MIN_AREA = 0.02;
  private static final double MAX_AREA = 0.33;
  private static final double MIN_RATIO = 0.3;
  private static final int TRIES = 10;

  public Erase {
    if (!(probability >= 0 && probability <= 1)) {
      throw new InputException("erase with probability " + probability + ": 0 to 1 can be");
    }
  }

  @Override
  public Picture apply(Picture in, Stream random) {
    if (random.nextDouble() >= probability) {
      return in;
    }
    double area = (double) in.height() * in.width();
    double steepest = StrictMath.log(1 / MIN_RATIO);
    for (int k = 0; k < TRIES; k++) {
      double part = area * random.uniform(MIN_AREA, MAX_AREA);
      double ratio = StrictMath.exp(random.uniform(-steepest, steepest));
      int rows = (int) Math.rint(Math.sqrt(part * ratio));
      int columns = (int) Math.rint(Math.sqrt(part / ratio));
      if (rows > 0 && columns > 0 && rows < in.height() && columns < in.width()) {
        int top = random.nextInt(in.height() - rows + 1);
        int left = random.nextInt(in.width() - columns + 1);
        return noise(in, top, left, rows, columns, random);
      }
    }
    return in;
  }

  private static Picture noise(
      Picture in, int top, int left, int rows, int columns, Stream random) {
    byte[] pixels = in.pixels().clone();
    for (int row = top; row < top + rows; row++) {
      int begin = (row * in.width() + left) * in.channels();
      for (int i = begin; i < begin + columns * in.channels(); i++) {
        pixels[i] = (byte) random.nextInt();
      }
    }
    return new Picture(in.shape(), pixels);
  }

  @Override
  public String toString() {
    return "erase(" + Arguments.number(probability) + ")";
  }
}
