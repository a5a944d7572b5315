package unfold.backend.vector;

import unfold.backend.Call;
import unfold.tensor.DType;

/// Weights or a bias as they lie in memory, in a type of their own.
///
/// @param at 0 for a bias that is not there
record Given(long at, boolean bf16) {
  static final Given NONE = new Given(0, false);

  /// The operand of that place, if there is one.
  static Given of(Call call, long[] in, int place) {
    return place < in.length
        ? new Given(in[place], call.inputs().get(place).dtype() == DType.BF16)
        : NONE;
  }
}
