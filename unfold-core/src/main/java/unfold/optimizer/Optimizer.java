package unfold.optimizer;

import java.util.List;
import unfold.op.Updates;
import unfold.trace.Traced;

/// An update rule with its settings. `rate` is the base learning rate; a [Schedule] multiplies it
/// and the loop feeds the product.
public sealed interface Optimizer permits Sgd, Adam, AdamW, RmsProp, Adagrad {

  /// The base learning rate.
  double rate();

  /// λ
  double weightDecay();

  /// The same with another base learning rate.
  Optimizer rate(double to);

  /// The same with another weight decay.
  Optimizer weightDecay(double to);

  /// The op that updates a group of parameters with this weight decay.
  Updates rule(double decay);

  /// Names of the memories of each parameter, in the op's order.
  List<String> memories();

  /// Appends the update to a program that has the gradients of all trainable parameters as results
  /// `d:NAME` and the loss as result `loss`.
  ///
  /// Adds feeds `rate` (f32 scalar) and, for Adam, `step` (f32 scalar, from 1). The gradients are
  /// no results any more. If the loss is not finite (or, with clipping by norm, the norm), the step
  /// changes nothing.
  default Traced trace(Traced step, Updating settings) {
    return new UpdateTrace(this, settings).append(step);
  }

  default Traced trace(Traced step) {
    return trace(step, Updating.PLAIN);
  }

  /// What [#parse] reads: `sgd(0.1,momentum=0.9,decay=5.0E-4)`.
  default String text() {
    return OptimizerText.print(this);
  }

  /// Reads `sgd`, `adam`, `adamw`, `rmsprop` or `adagrad` with its base rate and settings in
  /// parentheses; what is left out is as usual.
  ///
  /// @throws unfold.error.InputException that shows the forms there are
  static Optimizer parse(String text) {
    return OptimizerText.parse(text);
  }
}
