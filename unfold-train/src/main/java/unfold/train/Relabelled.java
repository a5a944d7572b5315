package unfold.train;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import unfold.data.Dataset;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;

/// A set with the classes of a network in place of its own.
///
/// @param number for each class of the set its number in the network
record Relabelled(Dataset whole, List<String> classes, List<Integer> number) implements Dataset {
  Relabelled {
    classes = List.copyOf(classes);
    number = List.copyOf(number);
  }

  @Override
  public String name() {
    return whole.name();
  }

  @Override
  public int size() {
    return whole.size();
  }

  @Override
  public int label(int i) {
    return number.get(whole.label(i));
  }

  @Override
  public Optional<PictureShape> shape() {
    return whole.shape();
  }

  @Override
  public Picture picture(int i) {
    return whole.picture(i);
  }

  @Override
  public void read(int i, MemorySegment to, long offset) {
    whole.read(i, to, offset);
  }

  @Override
  public String source(int i) {
    return whole.source(i);
  }

  @Override
  public String fingerprint() {
    return whole.fingerprint() + " with other labels";
  }
}
