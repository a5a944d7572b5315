package unfold.data.augment;

import unfold.data.image.Crop;
import unfold.data.image.Picture;
import unfold.random.Stream;

/// Mirrors left and right with probability ½.
public record Flip() implements Transform {
  @Override
  public Picture apply(Picture in, Stream random) {
    return random.nextInt() < 0 ? Crop.mirrored(in) : in;
  }

  @Override
  public String toString() {
    return "flip";
  }
}
