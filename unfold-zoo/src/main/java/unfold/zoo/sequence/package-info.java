/// Networks for sequences. `CharRnn` foretells the next character of a text; `PixelRnn` reads
/// pictures one pixel at a time; `SentenceRnn` classifies sentences; `VideoRnn` labels the frames
/// of films; `Captions` writes sentences about pictures; `Translation` reads sentences in one
/// language and writes them in another.
///
/// Uses `unfold.layer`, `unfold.model`, `unfold.trace`, `unfold.tensor`.
@NullMarked
package unfold.zoo.sequence;

import org.jspecify.annotations.NullMarked;
