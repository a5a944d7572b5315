/// Text as numbers: characters and words, their vocabularies, streams of tokens and batches of
/// sentences for recurrent networks.
///
/// Characters. In: a UTF-8 file ([unfold.data.text.TextFile]). A [unfold.data.text.Vocabulary]
/// makes numbers of characters; [unfold.data.text.TokenStreams] cuts them into the batches of
/// truncated backpropagation through time. A character is a Unicode code point. Nothing is
/// normalised: line ends and accents stay as they are in the file.
///
/// Words. In: a file of lines or of columns ([unfold.data.text.LineFile]). A
/// [unfold.data.text.Tokenizer] cuts lines into words; a [unfold.data.text.WordVocabulary] makes
/// numbers of them; [unfold.data.text.Sentences] writes them side by side into tensors, and
/// [unfold.data.text.LengthBuckets] says which ones belong together.
///
/// May use `unfold.tensor`, `unfold.random` and `unfold.error`.
@NullMarked
package unfold.data.text;

import org.jspecify.annotations.NullMarked;
