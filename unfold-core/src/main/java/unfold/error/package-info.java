/// The few exceptions of Unfold. A message says *who*: what was given, what was needed, and the
/// likely remedy.
///
/// A leaf: it uses nothing, and every package may use it. Add a type only when a caller would catch
/// it differently.
@NullMarked
package unfold.error;

import org.jspecify.annotations.NullMarked;
