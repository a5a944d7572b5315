/// What a network that learned one task is worth for another, measured before anything is trained.
///
/// In: a [unfold.train.Trained] network and pictures of the new task. [unfold.transfer.SetFeatures]
/// is what several depths give for them, in one pass; [unfold.transfer.LinearProbe] the best linear
/// classifier on one of these; [unfold.transfer.Transfer] puts the probes of all depths side by
/// side. Out: a [unfold.transfer.Verdict], which of the four cases this is (little or much data,
/// similar or different from what the network knows) and what follows from it.
///
/// May use `unfold.train`, `unfold.inspect`, the engine and the core. Retrieval by nearest
/// neighbours would begin with [unfold.transfer.SetFeatures], too.
@NullMarked
package unfold.transfer;

import org.jspecify.annotations.NullMarked;
