/// Programs as data: static graphs of ops in single-assignment form, their verifier and their text
/// form.
///
/// A [unfold.graph.Graph] is what tracing makes, autodiff and passes rewrite, and the planner
/// reads. Values are assigned once; nodes stand in an order in which they can run. Inputs are
/// *feeds*, which change with every run, and *state*, which stays (parameters, optimiser memory,
/// running statistics) and may get a new value at the end of a run.
///
/// [unfold.graph.GraphBuilder] is the only way to make one, [unfold.graph.Verifier] stands between
/// any two passes, `toString` is log, golden file and error excerpt, and [unfold.graph.GraphParser]
/// reads it back.
///
/// Uses `unfold.op`, `unfold.tensor`, `unfold.error`.
@NullMarked
package unfold.graph;

import org.jspecify.annotations.NullMarked;
