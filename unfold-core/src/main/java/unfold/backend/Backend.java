package unfold.backend;

import java.util.Optional;
import unfold.tensor.TensorType;

/// Somebody who may have kernels.
public interface Backend {

  /// A short name for `plan` and messages: `onednn`.
  String name();

  /// A kernel for this call, or why not. Asked at plan time only.
  Offer offer(Call call);

  /// A kernel that copies a value into another layout, another element type, or both (the shapes
  /// agree); empty if a layout or type is unknown here.
  Optional<Candidate> convert(TensorType from, Layout fromLayout, TensorType to, Layout toLayout);

  /// What is fast here.
  Traits traits();

  /// Whether it is asked only for what no backend before it computes.
  default boolean standsIn() {
    return false;
  }

  /// @param bf16 whether bf16 convolutions and matrix products are faster than f32 ones here
  /// @param fusedTanh whether a tanh is cheap where it is part of a convolution or a matrix
  ///   product; if not, it stays an op of its own
  record Traits(boolean bf16, boolean fusedTanh) {
    /// Everything fused is cheap.
    public Traits(boolean bf16) {
      this(bf16, true);
    }
  }
}
