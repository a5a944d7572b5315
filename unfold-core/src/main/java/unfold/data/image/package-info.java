/// Pictures as 8-bit numbers: what they are, JPEG and PNG files, resizing and cutting.
///
/// In go files or their bytes, out come upright H×W×C pictures of 1 or 3 channels. `PictureFile` is
/// the door: it knows the limits and asks `Jpeg` or `Png`, which read the headers themselves and
/// let the JDK decode (`JdkDecoder`, the only class that touches ImageIO). To add a format, add a
/// class like `Png` and a line in `PictureFile.decode`.
///
/// May use `unfold.error` only.
@NullMarked
package unfold.data.image;

import org.jspecify.annotations.NullMarked;
