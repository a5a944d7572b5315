/// The closed vocabulary of what can be computed: one record an op, with attributes only.
///
/// An op says what it means in one place each: its shapes here ([unfold.op.Op#infer], the only
/// shape rule), its numbers in `unfold.backend.reference`, its derivative in `unfold.autodiff`.
///
/// In comes a list of operand types, out goes a list of result types or a
/// [unfold.error.ShapeException] with every number. Uses `unfold.tensor` and `unfold.error`.
///
/// **Adding an op takes four edits**: the record with its line in the family's `read` (this
/// package), its derivative (`unfold.autodiff`), its reference kernel (`unfold.backend.reference`),
/// a sample (`unfold.testkit`). The compiler asks for the second and third, tests for the text form
/// and the sample.
@NullMarked
package unfold.op;

import org.jspecify.annotations.NullMarked;
