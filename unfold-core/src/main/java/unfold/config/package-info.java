/// Every setting that comes from outside a program: environment variables and system properties.
///
/// Nothing else of Unfold reads the environment. A setting is a [unfold.config.Knob] in the one
/// list of [unfold.config.Knobs]; in comes its text (system property first, then environment, then
/// the default), out goes a checked value, or an [unfold.error.InputException] that says what was
/// expected. `unfold knobs` prints the list.
///
/// A leaf: uses `unfold.error` only. To add a knob, add a constant to `Knobs` and to its `all`.
@NullMarked
package unfold.config;

import org.jspecify.annotations.NullMarked;
