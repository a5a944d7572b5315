/// Published models, one file per family; scopes are the keys of the published weights.
///
/// [unfold.zoo.Zoo] finds a model by name. A [unfold.zoo.Family] is found by
/// [java.util.ServiceLoader], so a module of one's own can add models. In comes a name and options
/// as words, out goes a [unfold.model.Model]. Uses `unfold.model` and `unfold.layer`; the families
/// themselves, in the rooms below, also `unfold.trace`. `docs/help/add-a-model.md` shows how to add
/// one.
@NullMarked
package unfold.zoo;

import org.jspecify.annotations.NullMarked;
