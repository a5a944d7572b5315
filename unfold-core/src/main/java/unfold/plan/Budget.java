package unfold.plan;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import unfold.error.PlanException;
import unfold.graph.Graph;
import unfold.graph.Node;
import unfold.graph.Value;

/// Holds the memory of a plan against the budget, before any is allocated.
final class Budget {
  private static final String REMEDY =
      ". Use a smaller batch or bf16, or raise the budget (UNFOLD_MEMORY_BUDGET)";

  private Budget() {}

  static void require(Plan plan, long budgetBytes) {
    var m = plan.memory();
    if (m.totalBytes() <= budgetBytes) {
      return;
    }
    var largest =
        plan.buffers().stream()
            .sorted(Comparator.comparingLong(Plan.Buffer::bytes).reversed())
            .limit(5)
            .map(b -> show(b.bytes()) + " for " + b.what())
            .collect(Collectors.joining("; "));
    throw new PlanException(
        plan.name()
            + " needs "
            + show(m.totalBytes())
            + " (arena "
            + show(m.arenaBytes())
            + ", states "
            + show(m.stateBytes())
            + ", constants "
            + show(m.constantBytes())
            + ", scratch "
            + show(m.scratchBytes())
            + "), but the budget is "
            + show(budgetBytes)
            + ". The largest values: "
            + largest
            + REMEDY);
  }

  /// Refuses a graph that cannot fit however it is planned, before kernels are timed: states and
  /// feeds, and the operands and results of one node, are there at the same time.
  static void requireLeast(Graph graph, long budgetBytes) {
    long inputs = graph.inputs().stream().mapToLong(i -> i.value().type().bytes()).sum();
    var given = new HashSet<Value>();
    graph.inputs().forEach(i -> given.add(i.value()));
    for (Node n : graph.nodes()) {
      var values = new HashSet<>(n.inputs());
      values.addAll(n.outputs());
      values.removeAll(given);
      long bytes = values.stream().mapToLong(v -> v.type().bytes()).sum();
      if (!inPlace(n) && inputs + bytes > budgetBytes) {
        throw new PlanException(
            graph.name()
                + " needs "
                + show(inputs)
                + " for its inputs and states and "
                + show(bytes)
                + " for "
                + n
                + ", but the budget is "
                + show(budgetBytes)
                + REMEDY);
      }
    }
  }

  /// Whether results may share memory with operands.
  private static boolean inPlace(Node n) {
    return !Cost.heavy(n.op());
  }

  /// `1.5 GiB`.
  static String show(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    for (String unit : List.of("KiB", "MiB", "GiB")) {
      value /= 1024;
      if (value < 1024 || unit.equals("GiB")) {
        return String.format(Locale.ROOT, "%.1f %s", value, unit);
      }
    }
    return bytes + " B";
  }
}
