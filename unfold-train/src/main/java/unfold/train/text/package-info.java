/// Runs that learn to foretell a text character by character, and what comes of them.
///
/// In: a UTF-8 file or Unfold's own sources ([unfold.train.text.Texts]), a
/// [unfold.model.LanguageModel]. [unfold.train.text.TextSubject] teaches it in parallel streams
/// with truncated backpropagation through time. [unfold.train.text.Writer] is the trained network:
/// it measures itself on a text and writes one; [unfold.train.text.Insight] is what goes on inside
/// it meanwhile. [unfold.train.text.Reader] is what all of them run.
///
/// May use what `unfold.train` may, and `unfold.train`.
@NullMarked
package unfold.train.text;

import org.jspecify.annotations.NullMarked;
