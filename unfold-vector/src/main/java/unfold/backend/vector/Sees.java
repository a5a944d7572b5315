package unfold.backend.vector;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import unfold.backend.Call;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// The real element types that the loops of a kernel load and store: what decides which copy of the
/// classes it runs in ([PureBackend]). A kernel that widens bf16 into f32 buffers first sees f32
/// only.
enum Sees {
  F32,
  BF16,
  BOTH;

  /// What a kernel sees that works on its operands as they lie: their type. Vectors of numbers per
  /// channel are read apart, so that they count only where there is nothing else.
  static Sees of(Call call) {
    Sees large = of(call.inputs().stream().filter(t -> t.shape().rank() > 1));
    if (large != null) {
      return large;
    }
    Sees any = of(call.inputs().stream());
    if (any != null) {
      return any;
    }
    Sees result = of(call.outputs().stream());
    return result != null ? result : F32;
  }

  private static @Nullable Sees of(Stream<TensorType> types) {
    var reals = types.map(TensorType::dtype).filter(DType::isFloat).distinct().toList();
    return switch (reals.size()) {
      case 0 -> null;
      case 1 -> reals.getFirst() == DType.BF16 ? BF16 : F32;
      default -> BOTH;
    };
  }
}
