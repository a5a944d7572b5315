/// How good answers are: plain host code on logits and labels, added up over batches.
///
/// Each metric says what it counts. Items whose label is `ignore` count nowhere; of a batch that
/// was filled up only the first `items` count.
///
/// In come tensors of a run, out go numbers. Uses `unfold.tensor` and `unfold.error`. A new metric
/// is a class with `add` for a batch and accessors for the result so far.
@NullMarked
package unfold.metric;

import org.jspecify.annotations.NullMarked;
