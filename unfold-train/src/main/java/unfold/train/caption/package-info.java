/// Runs that learn to write sentences about pictures, and what comes of them.
///
/// In: a set of pictures, whose sentences tell what is measured of each ([unfold.data.Portrait]),
/// and a [unfold.model.Captioner] with an encoder for pictures.
/// [unfold.train.caption.CaptionSubject] teaches encoder and writer together;
/// [unfold.train.caption.Describer] is the trained network, which writes the likeliest words and
/// measures itself (loss a word, exact sentences, BLEU).
///
/// May use what `unfold.train` may, `unfold.train`, `unfold.train.text` and `unfold.data.image`.
@NullMarked
package unfold.train.caption;

import org.jspecify.annotations.NullMarked;
