/// Small programs that show how the library is used; each is compiled and run by a test.
@NullMarked
package unfold.bench.examples;

import org.jspecify.annotations.NullMarked;
