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

  /// @param bf16 whether bf16 convolutions and matrix products are faster than f32 ones here
  record Traits(boolean bf16) {}
}
