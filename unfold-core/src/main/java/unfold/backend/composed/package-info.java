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
/// In comes a [unfold.backend.Call], for instance on a [unfold.op.RecurrentSequence] or a
/// [unfold.op.SequenceProduct], out goes an [unfold.backend.Offer]. Uses `unfold.backend`,
/// `unfold.op`, `unfold.tensor`, `unfold.error`.
///
/// **Padding** costs no arithmetic. A layer says what a step reads and writes, and what stands in a
/// result where a row has ended ([Result]); kernels of steps know no lengths. Without lengths they
/// are bound to the memory of all rows. With lengths [LiveRows] says in every run which rows happen
/// at a step, and [LiveStep] gathers these and takes the [Ladder]'s kernels that cover them:
/// kernels have their number of rows from the start, so there are several. Products over all steps
/// ([ProductOfSteps], [ProductOverSteps]) gather the rows of as many steps as it takes.
@NullMarked
package unfold.backend.composed;

import org.jspecify.annotations.NullMarked;
