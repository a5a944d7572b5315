/// Weights of any format, and how they fit a network.
///
/// A path goes in, a [unfold.interop.TensorFile] comes out: [unfold.interop.weights.WeightsFile]
/// knows the format by its first bytes. [unfold.interop.weights.Needs] is what a network asks for;
/// [unfold.interop.weights.Fit] sets both side by side and says exactly which tensors are loaded,
/// missing, unexpected or of another shape, before a number is read.
///
/// A further format is one more case in `WeightsFile`.
///
/// Uses the readers, `unfold.model` and what tracing a model takes.
@NullMarked
package unfold.interop.weights;

import org.jspecify.annotations.NullMarked;
