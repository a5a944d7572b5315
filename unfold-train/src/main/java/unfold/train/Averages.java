package unfold.train;

import unfold.model.Model;
import unfold.optimizer.Updating;
import unfold.run.States;
import unfold.tensor.Tensor;
import unfold.trace.Declaration;

/// The averaged weights of a network that keeps them, in states of their own to measure with. What
/// is not averaged (frozen layers) is taken as it is.
record Averages(States learned, States averaged) {
  Averages(States learned) {
    this(learned, new States());
  }

  /// Brings the averages up to date.
  void refresh(Model model) {
    for (Declaration d : model.inference(1).states()) {
      averaged.set(d.name(), of(learned, d.name()));
    }
  }

  /// The average of a state, or the state itself where there is none.
  static Tensor of(States states, String name) {
    String average = Updating.AVERAGE + name;
    return states.get(states.has(average) ? average : name);
  }
}
