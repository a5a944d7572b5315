package unfold.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.op.Op;
import unfold.op.Randomness.Uniform;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// Dropout: the shape of x and the settings of the op; uniform numbers: their shape.
final class RandomnessSamples {
  private RandomnessSamples() {}

  static List<String> names() {
    return """
    dropout 37 rate=0.5
    dropout 4x37 rate=0.3
    dropout 1000x3 rate=0.1 stream=7
    dropout 2x6x5x7 rate=0.5 stream=-3
    dropout 2x37x9x9 rate=0.25
    dropout 4x37 rate=0
    dropout 4x64x16x16 rate=0.2 stream=5
    dropout 4x6x5x7 rate=0.5 grain=channel
    dropout 4x37 rate=0.5 grain=channel
    dropout 16x3x2x2 rate=0.5 grain=item
    dropout 16x3 rate=0.2 grain=item stream=11
    uniform 5
    uniform 3x700 stream=-9
    """
        .lines()
        .toList();
  }

  static @Nullable Sample read(Words w) {
    if (w.op().equals("uniform")) {
      Op op = new Uniform(w.shape(0), w.settings("stream=1").integer("stream"));
      return Sample.of(w, _ -> op, key());
    }
    if (!w.op().equals("dropout")) {
      return null;
    }
    Op op = Op.read(w.op(), w.settings("rate=0.5 stream=1 grain=element"));
    return Sample.of(w, _ -> op, Operand.real("x", w.shape(0)), key());
  }

  private static Operand key() {
    return Operand.fixed("key", Shape.of(4), DType.I32, Draw.words());
  }
}
