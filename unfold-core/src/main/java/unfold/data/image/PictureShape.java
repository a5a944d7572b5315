package unfold.data.image;

import unfold.error.InputException;

/// Rows, columns and channels of a picture of 8-bit numbers. Prints as `28x28x1`.
///
/// @param channels 1 (grey) or 3 (red, green, blue)
public record PictureShape(int height, int width, int channels) {
  public PictureShape {
    if (height < 1 || width < 1) {
      throw new InputException("a picture of " + height + "x" + width + " has no pixels");
    }
    if (channels != 1 && channels != 3) {
      throw new InputException(
          "a picture has 1 (grey) or 3 (red, green, blue) channels, not " + channels);
    }
  }

  /// Bytes of one picture: height · width · channels.
  public int bytes() {
    return Math.multiplyExact(Math.multiplyExact(height, width), channels);
  }

  public PictureShape size(int newHeight, int newWidth) {
    return new PictureShape(newHeight, newWidth, channels);
  }

  public PictureShape channels(int newChannels) {
    return new PictureShape(height, width, newChannels);
  }

  @Override
  public String toString() {
    return height + "x" + width + "x" + channels;
  }
}
