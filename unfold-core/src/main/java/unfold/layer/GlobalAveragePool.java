package unfold.layer;

import unfold.trace.Scope;
import unfold.trace.Var;

/// The mean of each channel over all positions: x [N×C×H×W] → [N×C] (also N×C×L). No parameters.
///
/// @source Lin, Chen, Yan: Network in network (2014), 3.2
public record GlobalAveragePool() implements Layer {
  @Override
  public Var apply(Scope s, Var x) {
    if (x.rank() < 3) {
      throw s.error("global_average_pool: x [" + x.shape() + "] has no positions (N×C×H×W)");
    }
    return x.rank() == 3 ? x.mean(2) : x.mean(2, 3);
  }
}
