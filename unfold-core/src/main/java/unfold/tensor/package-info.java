/// Shapes, element types and tensors: the values that everything else computes with.
///
/// A [unfold.tensor.Tensor] is dense, row-major, off-heap memory owned by the garbage collector:
/// nothing to close. Shapes are logical (N×C×H×W); how a value inside a running program lies in
/// memory is the planner's business.
///
/// Uses `unfold.error` only.
@NullMarked
package unfold.tensor;

import org.jspecify.annotations.NullMarked;
