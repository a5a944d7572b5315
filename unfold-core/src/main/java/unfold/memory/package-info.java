/// Large off-heap memory: zeroed, in huge pages where the system has them, and given back when
/// nobody holds it any more. There is nothing to close.
///
/// In comes a number of bytes, out goes a [unfold.memory.Block], or memory in an arena of the
/// caller's. A leaf: uses nothing of Unfold.
@NullMarked
package unfold.memory;

import org.jspecify.annotations.NullMarked;
