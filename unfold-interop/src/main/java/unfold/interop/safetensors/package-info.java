/// Weights in the safetensors format: a JSON header with name, type, shape and place of each
/// tensor, then one buffer.
///
/// A file goes in, named tensors and text metadata come out, mapped rather than copied; or named
/// tensors go in and a file is written that is whole or absent. The reader trusts nothing: every
/// rule of [unfold.interop.safetensors.SafetensorsLimits] and of the format is checked before
/// memory is touched.
///
/// Uses `unfold.tensor`, `unfold.error` and Jackson. The format:
/// <https://github.com/huggingface/safetensors>.
@NullMarked
package unfold.interop.safetensors;

import org.jspecify.annotations.NullMarked;
