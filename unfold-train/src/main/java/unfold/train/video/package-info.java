/// Runs that learn to label the frames of films, and what comes of them.
///
/// In: [unfold.data.digits.MovingDigits], a [unfold.model.FrameLabeller].
/// [unfold.train.video.VideoSubject] teaches it; [unfold.train.video.Watcher] is the trained
/// network, which measures itself on films and labels them.
///
/// May use what `unfold.train` may, and `unfold.train`.
@NullMarked
package unfold.train.video;

import org.jspecify.annotations.NullMarked;
