/// The training loop and what a run leaves behind.
///
/// In: a network, data, a [unfold.train.RunConfig]. Out: a [unfold.train.RunFolder] with the best
/// weights, the state to go on from, and the figures of every epoch.
///
/// - Training: [unfold.train.Trainer] checks that all fits and compiles (`Setup`), goes through the
///   epochs (`Session`), and saves (`Keeper`). [unfold.train.Reporter] hears of it,
///   [unfold.train.Stop] ends it.
/// - What is taught: a [unfold.train.Subject] is data that was opened and checked against the
///   network; compiled it is a [unfold.train.Lesson], whose batches the session takes one by one.
///   Everything else about a run is the same for every subject. Pictures are `PictureSubject`;
///   their `PictureLesson` changes its step where [unfold.train.FineTuning] frees layers on the
///   way.
/// - Settings: [unfold.train.NamedRecipe] has those of papers by name, [unfold.train.Tricks] what
///   can be switched on beside them.
/// - Side by side: [unfold.train.Comparison] trains several networks in the same way,
///   [unfold.train.Ensemble] averages the answers of several, [unfold.train.Siblings] trains them.
/// - Measuring: `Answers` gives a network's logits on a set, `Tally` counts them.
/// - Files: `Checkpoint` is all that going on needs, [unfold.train.Weights] the network alone; each
///   file is whole or absent (`WholeFile`).
///
/// Everything that decides the numbers of a run is a pure function of config, data and
/// [unfold.train.History]; so a resumed run ends as one never stopped. A new setting of a run goes
/// into [unfold.train.RunConfig]; a new kind of data is a [unfold.train.Subject] of its own; a new
/// figure of an epoch into [unfold.train.EpochRecord], and if it is summed over batches, into
/// `Tally.Sums`, which a checkpoint holds.
///
/// May use every package of unfold-core but concrete backends, `unfold.engine` and
/// `unfold.interop.safetensors`.
@NullMarked
package unfold.train;

import org.jspecify.annotations.NullMarked;
