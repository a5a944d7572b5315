/// Counter-based random numbers: a number depends on its key and its counter, never on how many
/// were drawn before, by which thread, in which order.
///
/// A leaf that every package may use.
@NullMarked
package unfold.random;

import org.jspecify.annotations.NullMarked;
