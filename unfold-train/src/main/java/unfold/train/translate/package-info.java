/// Runs that learn to translate sentences, and what comes of them.
///
/// In: files of lines in two languages ([unfold.train.translate.Corpus]), a
/// [unfold.model.EncoderDecoder]. [unfold.train.translate.Languages] has the words of both;
/// [unfold.train.translate.PairSubject] teaches the network in batches of similar lengths.
/// [unfold.train.translate.Translator] is the trained network: it translates by a
/// [unfold.train.translate.Search] for likely sentences, measures itself (loss, BLEU), and shows
/// where it looked. Behind it `Decoder` runs the programs and `Beam` is the search for one
/// sentence.
///
/// May use what `unfold.train` may, `unfold.train`, `unfold.train.text` and `unfold.inspect`.
@NullMarked
package unfold.train.translate;

import org.jspecify.annotations.NullMarked;
