/// The command line: parses, calls the library, prints. No arithmetic.
@NullMarked
package unfold.cli;

import org.jspecify.annotations.NullMarked;
