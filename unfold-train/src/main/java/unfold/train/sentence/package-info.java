/// Runs that learn what a whole sentence is, and what comes of them.
///
/// In: a folder of labelled sentences ([unfold.train.sentence.LabelledSentences]), a
/// [unfold.model.SequenceClassifier]. [unfold.train.sentence.SentenceSubject] teaches it in batches
/// of similar lengths; [unfold.train.sentence.SentenceClassifier] is the trained network, which
/// measures itself and says what sentences are.
///
/// May use what `unfold.train` may, `unfold.train` and `unfold.train.text`.
@NullMarked
package unfold.train.sentence;

import org.jspecify.annotations.NullMarked;
