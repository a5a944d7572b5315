package unfold.layer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import unfold.random.Stream;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.trace.Initializer;

/// Equal blocks of rows, one initialiser each: the gates of a recurrent layer, whose weights lie
/// under each other.
public record Blocks(List<Initializer> blocks) implements Initializer {
  public Blocks {
    blocks = List.copyOf(blocks);
  }

  /// The same initialiser, anew for each of `count` blocks.
  public static Blocks of(int count, Initializer each) {
    return new Blocks(Collections.nCopies(count, each));
  }

  @Override
  public void fill(Tensor t, Stream random) {
    int rows = t.shape().dim(0);
    if (rows % blocks.size() != 0) {
      throw new IllegalArgumentException(
          "[" + t.shape() + "] has " + rows + " rows, which are not " + blocks.size() + " blocks");
    }
    var dims = new ArrayList<>(t.shape().toList());
    dims.set(0, rows / blocks.size());
    long at = 0;
    for (Initializer block : blocks) {
      Tensor part = Tensor.zeros(t.type().with(Shape.of(dims)));
      block.fill(part, random);
      for (long i = 0; i < part.size(); i++) {
        t.set(at++, part.get(i));
      }
    }
  }
}
