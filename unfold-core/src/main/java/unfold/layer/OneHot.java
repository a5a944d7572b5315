package unfold.layer;

import java.util.ArrayList;
import unfold.op.Lookup;
import unfold.tensor.TensorType;
import unfold.trace.Scope;
import unfold.trace.Var;

/// A vector with a one at the place of the word and zeros elsewhere: y[i…, j] = [x[i…] = j].
///
/// Shapes: x (any shape, i32 in 0 … count−1) → [x…×count]. No parameters. An index outside gives
/// NaN.
public record OneHot(int count) implements Layer {
  public OneHot {
    if (count < 1) {
      throw new IllegalArgumentException("one-hot of " + count + " words: there must be one");
    }
  }

  @Override
  public Var apply(Scope s, Var x) {
    var ones = new ArrayList<Double>();
    for (int i = 0; i < count * count; i++) {
      ones.add(i % (count + 1) == 0 ? 1.0 : 0.0);
    }
    return s.apply(new Lookup.Constant(TensorType.f32(count, count), ones)).gather(x);
  }
}
