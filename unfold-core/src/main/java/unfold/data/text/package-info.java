/// Text as numbers: characters, vocabularies, and streams of tokens for recurrent networks.
///
/// In: UTF-8 files ([unfold.data.text.TextFile]). A [unfold.data.text.Vocabulary] makes numbers of
/// characters; [unfold.data.text.TokenStreams] cuts them into the batches of truncated
/// backpropagation through time.
///
/// A character is a Unicode code point. Nothing is normalised: line ends and accents stay as they
/// are in the file.
@NullMarked
package unfold.data.text;

import org.jspecify.annotations.NullMarked;
