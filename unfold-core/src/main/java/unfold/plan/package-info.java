/// Turns a graph into a plan: who computes each node, in which layout every value lies, and where.
///
/// In comes a [unfold.graph.Graph] and a list of backends, out goes a [unfold.plan.Plan]: steps in
/// order, conversions among them, and an address for every value in one arena whose size is known
/// before anything is allocated. [unfold.plan.Planner] is the way in; it
///
/// 1. chooses the layouts of states ([unfold.plan.StateLayouts]),
/// 2. walks the nodes, asks the backends and inserts conversions ([unfold.plan.Selection]),
/// 3. decides which updates are written over their state ([unfold.plan.StateWrites]),
/// 4. finds lifetimes and shares memory in place ([unfold.plan.Lifetimes]),
/// 5. gives every buffer its offset ([unfold.plan.Offsets]) and holds the sum against the budget
///    ([unfold.plan.Budget]), and
/// 6. does it all once more if kernels were timed, with what is known about them now.
///
/// Uses `unfold.graph`, `unfold.op`, `unfold.tensor`, `unfold.backend`, `unfold.error`. A new way
/// to choose among kernels is a [unfold.plan.Chooser].
@NullMarked
package unfold.plan;

import org.jspecify.annotations.NullMarked;
