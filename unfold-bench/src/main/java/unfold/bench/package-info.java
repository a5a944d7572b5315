/// JMH benchmarks and the side-by-side comparison with other frameworks.
@NullMarked
package unfold.bench;

import org.jspecify.annotations.NullMarked;
