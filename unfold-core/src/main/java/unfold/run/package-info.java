/// Runs plans.
///
/// In comes a [unfold.plan.Plan] and the [unfold.run.States] that it shares with other programs;
/// out goes a [unfold.run.Program]: memory, and kernels bound to it. `run()` is a loop over these
/// kernels that allocates nothing. Memory is given back when a program is unreachable; there is
/// nothing to close.
///
/// Uses `unfold.plan`, `unfold.backend`, `unfold.tensor`, `unfold.error`.
@NullMarked
package unfold.run;

import org.jspecify.annotations.NullMarked;
