package unfold.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import unfold.plan.Plan;
import unfold.plan.Step;
import unfold.tensor.DType;

/// Where the time of a program goes: the median of several runs, step by step. Prints as a summary,
/// a table by op and one of the slowest steps.
///
/// @param nanos of all steps
/// @param rows in the order of the steps
public record Profile(String program, long nanos, List<Row> rows) {
  private static final Set<String> CONVOLUTIONS =
      Set.of("conv2d", "conv_transpose2d", "conv2d_weight_grad");
  private static final String PRODUCT = "matmul";

  /// One step, or several together; then a word that differs among them is empty.
  ///
  /// @param kernel backend and label
  /// @param steps how many
  /// @param flops additions and multiplications
  /// @param bytes every operand and result counted once
  /// @param boundNanos what a machine at its peak would need; 0 if that is unknown
  public record Row(
      String scope,
      String op,
      String kernel,
      int steps,
      long nanos,
      long flops,
      long bytes,
      double boundNanos) {

    public double gigaflopsPerSecond() {
      return (double) flops / Math.max(1, nanos);
    }

    public double gigabytesPerSecond() {
      return (double) bytes / Math.max(1, nanos);
    }

    /// How near the machine's peak: 1 is all that it can do.
    public double ofPeak() {
      return boundNanos / Math.max(1, nanos);
    }

    private Row at(String where) {
      return new Row(where, op, kernel, steps, nanos, flops, bytes, boundNanos);
    }

    private Row plus(Row other) {
      return new Row(
          scope.equals(other.scope) ? scope : "",
          op.equals(other.op) ? op : "",
          kernel.equals(other.kernel) ? kernel : "",
          steps + other.steps,
          nanos + other.nanos,
          flops + other.flops,
          bytes + other.bytes,
          boundNanos + other.boundNanos);
    }
  }

  public Profile {
    rows = List.copyOf(rows);
  }

  /// @param runs nanoseconds of every step of the plan, one array a run
  public static Profile of(Plan plan, List<long[]> runs, MachinePeak peak) {
    var rows = new ArrayList<Row>();
    for (int i = 0; i < plan.steps().size(); i++) {
      int at = i;
      long[] sorted = runs.stream().mapToLong(r -> r[at]).sorted().toArray();
      long median = sorted[sorted.length / 2];
      Step s = plan.steps().get(i);
      boolean bf16 = s.inputs().stream().anyMatch(x -> x.type().dtype() == DType.BF16);
      // What depends on states alone did not run again, so it did no work in that time.
      long flops = median == 0 ? 0 : s.flops();
      long bytes = median == 0 ? 0 : s.bytes();
      rows.add(
          new Row(
              s.scope(),
              s.op(),
              s.backend() + "/" + s.candidate().label(),
              1,
              median,
              flops,
              bytes,
              peak.boundNanos(flops, bytes, bf16)));
    }
    return new Profile(plan.name(), rows.stream().mapToLong(Row::nanos).sum(), rows);
  }

  /// Part of the whole time.
  public double share(Row row) {
    return (double) row.nanos / Math.max(1, nanos);
  }

  /// Time of convolutions and their gradients.
  public long convolutionNanos() {
    return nanos(r -> CONVOLUTIONS.contains(r.op));
  }

  /// The part of the whole time that is spent on something else than convolutions and matrix
  /// products: what remains for kernels bound by memory.
  public double shareOutsideProducts() {
    return (double) (nanos - convolutionNanos() - nanos(r -> r.op.equals(PRODUCT)))
        / Math.max(1, nanos);
  }

  /// How many times as long as its convolutions alone the program takes; empty if it has none.
  public OptionalDouble overConvolutions() {
    long convolutions = convolutionNanos();
    return convolutions == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) nanos / convolutions);
  }

  private long nanos(Predicate<Row> which) {
    return rows.stream().filter(which).mapToLong(Row::nanos).sum();
  }

  /// The steps of each op together, the slowest first.
  public List<Row> byOp() {
    return grouped(rows, Row::op);
  }

  /// The steps of each layer together, the slowest first.
  ///
  /// @param depth how many parts of the scope count: 1 for `layer1`, 2 for `layer1.0`
  public List<Row> byScope(int depth) {
    return grouped(rows.stream().map(r -> r.at(prefix(r.scope, depth))).toList(), Row::scope);
  }

  /// The slowest steps first.
  public List<Row> slowest() {
    return rows.stream().sorted(Comparator.comparingLong(Row::nanos).reversed()).toList();
  }

  private static List<Row> grouped(List<Row> rows, Function<Row, String> key) {
    var groups = new LinkedHashMap<String, Row>();
    rows.forEach(r -> groups.merge(key.apply(r), r, Row::plus));
    return groups.values().stream()
        .sorted(Comparator.comparingLong(Row::nanos).reversed())
        .toList();
  }

  private static String prefix(String scope, int depth) {
    String[] parts = scope.split("\\.");
    return String.join(".", Arrays.asList(parts).subList(0, Math.min(depth, parts.length)));
  }

  @Override
  public String toString() {
    var out = new StringBuilder();
    out.append(summary());
    table(out, "by op", byOp());
    table(out, "slowest steps", slowest().stream().limit(20).toList());
    return out.toString();
  }

  /// Summary and a table of the slowest layers.
  public String layers() {
    var out = new StringBuilder(summary());
    table(out, "slowest layers", byScope(Integer.MAX_VALUE).stream().limit(20).toList());
    return out.toString();
  }

  /// The whole time and how much of it is not arithmetic.
  private String summary() {
    var out = new StringBuilder();
    out.append(
        String.format(Locale.ROOT, "%s: %.3f ms in %d steps%n", program, nanos / 1e6, rows.size()));
    out.append(
        String.format(
            Locale.ROOT,
            "outside convolutions and products: %.1f%%",
            100 * shareOutsideProducts()));
    overConvolutions()
        .ifPresent(factor ->
            out.append(
                String.format(
                    Locale.ROOT, "; %.2f times the time of the convolutions alone", factor)));
    return out.append(System.lineSeparator()).toString();
  }

  private void table(StringBuilder out, String title, List<Row> rows) {
    out.append(
        String.format(
            Locale.ROOT,
            "%-16s %6s %10s %7s %9s %8s %8s  %s%n",
            title,
            "steps",
            "ms",
            "share",
            "GFLOP/s",
            "GB/s",
            "of peak",
            "who"));
    for (Row r : rows) {
      out.append(
          String.format(
              Locale.ROOT,
              "%-16s %6d %10.3f %6.1f%% %9.1f %8.1f %7.0f%%  %s%n",
              r.op,
              r.steps,
              r.nanos / 1e6,
              100 * share(r),
              r.gigaflopsPerSecond(),
              r.gigabytesPerSecond(),
              100 * r.ofPeak(),
              (r.scope + " " + r.kernel).strip()));
    }
  }
}
