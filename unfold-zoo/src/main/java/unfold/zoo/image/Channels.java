package unfold.zoo.image;

/// Numbers of channels of the MobileNets, which are multiples of 8.
final class Channels {
  private Channels() {}

  /// The nearest multiple of 8, at least 8, and the next one if that took more than a tenth.
  ///
  /// @source `_make_divisible` of torchvision and of TensorFlow's MobileNets
  static int divisible(double channels) {
    int near = Math.max(8, (int) (channels + 4) / 8 * 8);
    return near < 0.9 * channels ? near + 8 : near;
  }
}
