package unfold.backend.vector;

import static unfold.backend.vector.Raw.L;

import unfold.backend.Call;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Lookup.Constant;
import unfold.op.Lookup.Fill;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Memory full of one number, and constants.
final class Fills {
  private Fills() {}

  static Offer fill(Workers workers, Fill op, Call call) {
    TensorType y = op.type();
    int pattern = (int) Movements.pattern(y.dtype(), op.value());
    return Offer.of(
        Ours.standard(call, "fill", 0, (_, out, _) -> kernel(workers, y, pattern, out[0])));
  }

  static Offer constant(Constant op, Call call) {
    return Offer.of(
        Ours.standard(call, "elements", 0, (_, out, _) -> () -> write(op, op.type(), out[0])));
  }

  private static void write(Constant op, TensorType y, long to) {
    Shape s = y.shape();
    var strides = Layout.standard(s).strides();
    for (int i = 0; i < op.values().size(); i++) {
      long at = 0;
      long rest = i;
      for (int axis = s.rank() - 1; axis >= 0; axis--) {
        at += rest % s.dim(axis) * strides.get(axis);
        rest /= s.dim(axis);
      }
      int pattern = (int) Movements.pattern(y.dtype(), op.values().get(i));
      switch (y.dtype().bytes()) {
        case 1 -> Raw.putU8(to, at, pattern);
        case 2 -> Raw.putI16(to, at, (short) pattern);
        default -> Raw.putI32(to, at, pattern);
      }
    }
  }

  /// Fills a dense tensor with the low bytes of a pattern.
  static Kernel kernel(Workers workers, TensorType y, int pattern, long to) {
    int bytes = y.dtype().bytes();
    int word =
        switch (bytes) {
          case 1 -> (pattern & 0xFF) * 0x01010101;
          case 2 -> (pattern & 0xFFFF) * 0x00010001;
          default -> pattern;
        };
    long all = y.bytes();
    int step = 4 * L;
    return Split.loop(
        workers,
        all / step,
        all,
        (_, from, end) -> {
          FillLoops.words(to + from * step, end - from, word);
          if (end == all / step) {
            for (long at = end * step / bytes; at < all / bytes; at++) {
              switch (bytes) {
                case 1 -> Raw.putU8(to, at, word);
                case 2 -> Raw.putI16(to, at, (short) word);
                default -> Raw.putI32(to, at, word);
              }
            }
          }
        });
  }
}
