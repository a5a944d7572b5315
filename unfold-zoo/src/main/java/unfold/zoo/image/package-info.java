/// Networks that look at pictures, one file a family, one line a variant.
///
/// A file reads like the paper; its scopes are the keys of the published weights. **Adding one**: a
/// class that implements [unfold.zoo.Family], its name in `META-INF/services/unfold.zoo.Family`,
/// its parameter count in the test.
///
/// Uses `unfold.zoo`, `unfold.model`, `unfold.layer`, `unfold.trace`.
@NullMarked
package unfold.zoo.image;

import org.jspecify.annotations.NullMarked;
