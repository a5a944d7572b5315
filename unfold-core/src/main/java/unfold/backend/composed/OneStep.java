package unfold.backend.composed;

import java.lang.foreign.MemorySegment;
import java.util.List;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;

/// What happens to some number of rows at a step: a layer's products and gates, before they have
/// memory.
interface OneStep {

  /// All that it is composed of, the product that everything waits for first.
  List<Candidate> parts();

  /// How the recurrent weight must lie.
  default Layout weight() {
    return parts().getFirst().inputs().get(1);
  }

  /// @param layer operands of the whole layer, for its weights
  /// @param operands of this step, one after the other as the layer names them: rows of numbers
  /// @param results of this step
  /// @param scratch of the whole layer
  /// @param shared the part of it that a kernel uses while it runs
  List<Kernel> bind(
      List<MemorySegment> layer,
      List<MemorySegment> operands,
      List<MemorySegment> results,
      MemorySegment scratch,
      MemorySegment shared);
}
