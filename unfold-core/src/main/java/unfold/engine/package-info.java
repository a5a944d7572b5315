/// From a model to something that runs, in one call: trace → differentiate → rewrite → plan → run.
///
/// [unfold.engine.Engine] finds the backends of this machine and compiles a model into a
/// [unfold.engine.TrainingStep] (forward, backward, clip and update as one program, or as two where
/// a batch is computed in parts) or an [unfold.engine.Inference]. Both work on the same
/// [unfold.run.States], so that what one learns the other sees. Nothing here has to be closed.
///
/// May use every package of the core that computes; only training, tools and the command line stand
/// above it.
@NullMarked
package unfold.engine;

import org.jspecify.annotations.NullMarked;
