package unfold.layer;

import java.util.stream.IntStream;
import unfold.op.Lookup;
import unfold.random.Stream;
import unfold.tensor.DType;
import unfold.tensor.TensorType;
import unfold.trace.Scope;
import unfold.trace.Var;

/// Puts the rows of x into an order that looks random and is always the same: row i of the result
/// is row order[i] of x.
///
/// Shapes: x [T×D] → [T×D].
///
/// @param seed one order for each number and T
public record FixedOrder(long seed) implements Layer {
  @Override
  public Var apply(Scope s, Var x) {
    if (x.rank() != 2) {
      throw s.error("fixed_order: x [" + x.shape() + "] must be T×D");
    }
    int[] order = Stream.of(seed, "fixed order", 0).permutation(x.dim(0));
    var numbers = IntStream.of(order).mapToObj(i -> (double) i).toList();
    Var places = s.apply(new Lookup.Constant(TensorType.of(DType.I32, order.length), numbers));
    return x.gather(places);
  }
}
