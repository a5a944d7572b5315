/// Handwritten digits without a download: a painter that follows stroke models with a shaking hand.
///
/// In goes the name of a split and a number, out comes a 28×28 grey picture, the same on every
/// machine. `StrokeModels` is the table of ways to write the digits, `DigitPainter` varies and
/// places them, `Ink` turns pen movements into pixels. To add a way of writing, add a line to the
/// table and raise the painter's version.
///
/// [unfold.data.digits.MovingDigits] are films of them, with a label for each frame.
///
/// May use `unfold.random` and `unfold.error` only.
@NullMarked
package unfold.data.digits;

import org.jspecify.annotations.NullMarked;
