/// JMH benchmarks, and the side-by-side comparison with other frameworks: how fast, and whether the
/// numbers are the same.
@NullMarked
package unfold.bench;

import org.jspecify.annotations.NullMarked;
