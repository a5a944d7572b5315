/// Runs that learn to foretell the chords of pieces of music, and what comes of them.
///
/// In: a file of pieces ([unfold.train.music.Music]), a [unfold.model.ChordModel].
/// [unfold.train.music.MusicSubject] teaches it; [unfold.train.music.Listener] is the trained
/// network, which measures itself on pieces.
///
/// May use what `unfold.train` may, and `unfold.train`.
@NullMarked
package unfold.train.music;

import org.jspecify.annotations.NullMarked;
