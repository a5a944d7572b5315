package unfold.plan;

import java.util.Map;
import java.util.Set;
import unfold.backend.Layout;

/// Settings of the planner.
///
/// @param budgetBytes the most memory that arena, constants, scratch and states together may take
/// @param chooser picks among kernels
/// @param alignmentBytes of every value in the arena; a power of two
/// @param stateLayouts of states that exist already; others get the layout that suits this graph
/// @param keep values that must still be there after a run: `%7`, or the scope of a layer
public record PlanOptions(
    long budgetBytes,
    Chooser chooser,
    int alignmentBytes,
    Map<String, Layout> stateLayouts,
    Set<String> keep) {
  public PlanOptions {
    stateLayouts = Map.copyOf(stateLayouts);
    keep = Set.copyOf(keep);
    if (Integer.bitCount(alignmentBytes) != 1 || alignmentBytes < 64) {
      throw new IllegalArgumentException(
          "alignment must be a power of two from 64, not " + alignmentBytes);
    }
  }

  /// No limit of memory, the first kernel, 64 bytes, nothing kept.
  public static PlanOptions defaults() {
    return new PlanOptions(Long.MAX_VALUE, Chooser.first(), 64, Map.of(), Set.of());
  }

  public PlanOptions budget(long bytes) {
    return new PlanOptions(bytes, chooser, alignmentBytes, stateLayouts, keep);
  }

  public PlanOptions chooser(Chooser other) {
    return new PlanOptions(budgetBytes, other, alignmentBytes, stateLayouts, keep);
  }

  public PlanOptions alignment(int bytes) {
    return new PlanOptions(budgetBytes, chooser, bytes, stateLayouts, keep);
  }

  public PlanOptions stateLayouts(Map<String, Layout> layouts) {
    return new PlanOptions(budgetBytes, chooser, alignmentBytes, layouts, keep);
  }

  public PlanOptions keep(String... names) {
    return new PlanOptions(budgetBytes, chooser, alignmentBytes, stateLayouts, Set.of(names));
  }
}
