/// Calls that several kernels of other backends compute together.
///
/// **Recurrent layers.** A layer over a sequence is unrolled inside one kernel: for each step one
/// matrix product of the backend that is best at those, and the gates of the step
/// ([unfold.op.RecurrentStep]) of the backend that is best at these. Weights are packed once for
/// all steps; every address is fixed when the kernel is bound, and nothing is allocated while it
/// runs. So the library of matrix products and our own kernels need not know each other, and
/// neither do plans and programs.
///
/// **bf16 where there is none** ([Widened]). A call on bf16 values that the others do in f32 only
/// is done in f32, between conversions. So a program in bf16 runs on every processor, and so do
/// bf16 pictures through f32 weights.
///
/// In comes a [unfold.backend.Call], for instance on a [unfold.op.RecurrentSequence], out goes an
/// [unfold.backend.Offer]. Uses `unfold.backend`, `unfold.op`, `unfold.tensor`, `unfold.error`.
///
/// Padding: the kernels of a step know no lengths. Where a row has ended, what they wrote is put
/// right behind each step ([Ended]).
@NullMarked
package unfold.backend.composed;

import org.jspecify.annotations.NullMarked;
