/// The wall between what is computed and who computes it.
///
/// A backend is asked once for each node, when a program is planned: *here is a kernel* or *not me,
/// because*. It says what memory layouts its kernel wants, the planner provides them, and the
/// kernel is bound to fixed addresses. Nothing is decided while a program runs.
///
/// In comes a [unfold.backend.Call], out goes an [unfold.backend.Offer]. Uses `unfold.op`,
/// `unfold.tensor`, `unfold.error`. A backend is its own module with a
/// [unfold.backend.BackendProvider] that [java.util.ServiceLoader] finds.
@NullMarked
package unfold.backend;

import org.jspecify.annotations.NullMarked;
