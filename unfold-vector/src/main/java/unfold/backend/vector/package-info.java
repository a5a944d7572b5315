/// Our own kernels in the Vector API, for everything that is bound by memory rather than by
/// multiplication: normalisation, pointwise ops, reductions, pooling, updates, losses, movement,
/// depthwise convolution; for convolutions to a few channels; for those of 3×3 and 5×5, which a
/// transform makes cheaper than any sum over taps (`Winograd`; in f32 always, in bf16 where its
/// products in f32 are few enough to beat the processor's in bf16); and for gradients of weights in
/// f32 (`ConvGrad`).
///
/// In comes a [unfold.backend.Call], out goes an [unfold.backend.Offer] ([VectorBackend] asks the
/// class of the op's family: `Pointwises`, `Poolings`, …). Each offer is an `Ours`: it checks the
/// segments once and hands addresses to a kernel, which allocates nothing. Uses `unfold.backend`,
/// `unfold.op`, `unfold.tensor`, and `jdk.incubator.vector`, which must be switched on
/// (`--add-modules jdk.incubator.vector`; `VectorProvider` says so where it is not).
///
/// How a kernel is built:
///
/// - Loops are static methods of a class `…Loops`, short and without branches, one for each
///   formula; f32 and bf16 share them (`Raw`). They see whole vectors only. What is left over at
///   the end of a tensor goes through `Tail`, rows of any length through `Row` or `PoolRows`.
/// - A loop is compiled by itself. HotSpot stops to inline where a compilation has grown large, and
///   a loop that was half inlined into its caller keeps its vectors on the heap: ten times slower.
///   So start Java with `-XX:CompileCommand=quiet -XX:CompileCommand=dontinline,*Loops::*`, as
///   `bin/launch.sh` does. Without it everything works, and some runs are slower. It follows that
///   no method of a `…Loops` takes or gives a vector; steps that loops share stand in `Lanes`.
/// - What a loop calls must go into it, also if its rows were short when it was compiled, or it
///   allocates every vector for ever: so `bin/launch.sh` has HotSpot inline all of `VectorMath`,
///   `Raw`, `Lanes` and `Pairs`.
/// - Until it is compiled, a loop allocates every vector it computes. One that sees few vectors a
///   step would wait long for that, so `bin/launch.sh` also has loops compiled after a tenth of the
///   usual calls, and before all else, by a set of thresholds that belong together. An application
///   of your own does well with `-XX:CompileCommand=CompileThresholdScaling,*Loops::*,0.1` instead,
///   if it need not start fast.
/// - Code outside of loops that runs once a step is interpreted for some fifty steps, and a single
///   number then costs as much as a vector: what many numbers go through stands in a loop over
///   vectors, ends of rows too (`Row`, `ColumnFold`).
/// - What only chooses among numbers in bf16 does without f32 and has twice as many in a vector
///   (`PoolHalfLoops`).
/// - Where sums fill the registers, a loop ends at an address and adds to zeros: what counts is
///   unrolled and spills. After some forty vector operations HotSpot inlines no more methods of
///   ours (`NodeCountInliningCutoff`), yet still those of the Vector API: what comes late in a long
///   loop calls `v.intoMemorySegment(ALL, …)` itself, not `Raw`. `ProductLoops` and
///   `ConvGradLoops.outer` say what that is worth.
/// - Memory is walked in order, and forwards, or the processor does not foresee it: from far away
///   it then comes at half the speed. Numbers per channel are repeated along a long row (`Grid`),
///   so that any number of channels runs as fast as 64; sums down columns touch the next rows in
///   their order (`BatchNormPairLoops.sums`); a way backwards goes by long stretches forwards
///   (`Grid.stretch`).
/// - Short lines go through `CopyLoops`: a call of the C library for each takes longer than the
///   copy.
/// - Work is shared out by `Split`, in one part for each thread, by sizes only: the same threads
///   give the same bits. Sums of many terms run in f32 for a while, and over such sums in f64 or
///   again in f32.
///
/// **Adding a kernel**: write the loop in `…Loops`, offer it in the family's class with the layouts
/// it wants; the suite of samples (`VectorBackendTest`) compares it with the reference. Measure it
/// with `KernelSpeed` in the test tree.
@NullMarked
package unfold.backend.vector;

import org.jspecify.annotations.NullMarked;
