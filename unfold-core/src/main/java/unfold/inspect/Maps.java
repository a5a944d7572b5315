package unfold.inspect;

import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.data.image.Resize;
import unfold.tensor.Tensor;

/// Maps of numbers as grey pictures, so that they can be brought to another size like pictures.
final class Maps {
  private Maps() {}

  /// The numbers from `low` (black) to `high` (white), brought to a size.
  ///
  /// @param from first element of the map in the tensor
  static Picture grey(
      Tensor numbers, long from, int rows, int columns, double low, double high, int h, int w) {
    byte[] pixels = new byte[rows * columns];
    double scale = high > low ? 255 / (high - low) : 0;
    for (int i = 0; i < pixels.length; i++) {
      double level = (numbers.get(from + i) - low) * scale;
      pixels[i] = (byte) Math.round(Math.clamp(level, 0, 255));
    }
    var shape = new PictureShape(rows, columns, 1);
    return Resize.to(new Picture(shape, pixels), h, w);
  }

  /// The colour of a pixel of such a picture.
  static int ramp(Picture grey, int row, int column) {
    return Colours.ramp(grey.get(row, column, 0) / 255.0);
  }
}
