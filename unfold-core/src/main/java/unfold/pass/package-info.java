/// Rewriting graphs: graph in, graph out, same meaning.
///
/// A [unfold.pass.Pass] is a named function on graphs; a pipeline is a list of them that one can
/// read ([unfold.pass.Passes]). The verifier runs after each pass, and a pass may change neither
/// the inputs nor the names and types of results and updates; a failure names the pass.
///
/// Most passes are a rule on one node, run by [unfold.pass.Rewriter] over all nodes in order, which
/// also removes what nobody reads any more. [unfold.pass.LowPrecision] decides for the whole graph
/// first and then writes it anew.
///
/// Uses `unfold.graph`, `unfold.op`, `unfold.tensor`, `unfold.error`. **Adding a pass**: a file
/// with a `static Pass pass()` and a rule, a line in [unfold.pass.Passes], and a test that shows a
/// small graph before and after and that its numbers stay.
@NullMarked
package unfold.pass;

import org.jspecify.annotations.NullMarked;
