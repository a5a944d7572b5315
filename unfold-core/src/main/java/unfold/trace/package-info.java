/// Java in, graph out: running a layer's `apply` once on traced values records the program.
///
/// A [unfold.trace.Tracer] owns the graph that grows. A [unfold.trace.Var] is a value of it with
/// arithmetic. A [unfold.trace.Scope] is the path of a layer (`layer1.0.conv1`): it names
/// parameters and state as published weights do, and complaints say it first. What comes out is
/// [unfold.trace.Traced]: the graph and what its states are ([unfold.trace.Declaration]). A second
/// answer that counts only while training is an [unfold.trace.Auxiliary].
///
/// ```java
/// Traced net = Tracer.trace("net", layer, TensorType.f32(8, 3, 32, 32), Mode.TRAIN);
/// ```
///
/// Uses `unfold.graph`, `unfold.op`, `unfold.tensor`. To make an op reachable by a short name, add
/// a thin method to [unfold.trace.Var]; anything else goes through
/// [unfold.trace.Scope#apply(unfold.op.Op, unfold.trace.Var...)].
@NullMarked
package unfold.trace;

import org.jspecify.annotations.NullMarked;
