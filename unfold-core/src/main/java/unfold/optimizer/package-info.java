/// How parameters follow their gradients: update rules, and learning rates over time.
///
/// An [unfold.optimizer.Optimizer] is a record of settings that traces: given a program with
/// gradients it appends the update, so that one program is the whole training step. Its memory is
/// state named `optimizer.KIND.PARAMETER`. A [unfold.optimizer.Schedule] is a pure function of
/// where the training is; the loop feeds its value as `rate`.
///
/// Uses `unfold.trace`, `unfold.op`, `unfold.tensor`. A new rule is an op in [unfold.op.Updates]
/// and a record here; a new schedule a record and its line in [unfold.optimizer.Schedule#parse].
@NullMarked
package unfold.optimizer;

import org.jspecify.annotations.NullMarked;
