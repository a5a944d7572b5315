/// Experiments of the lecture on networks of their own: how gradients travel through time, and what
/// a cell can remember.
///
/// In come settings, out go figures as values and charts. Uses the packages of unfold-core, the
/// engine, and `unfold.train` for charts. An experiment is a record of settings with a method that
/// runs it; the command line adds a command.
@NullMarked
package unfold.experiment;

import org.jspecify.annotations.NullMarked;
