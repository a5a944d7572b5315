package unfold.plan;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The text forms of a plan.
final class PlanReport {
  private static final int VALUES_SHOWN = 8;

  private PlanReport() {}

  static String text(Plan plan) {
    var out = new StringBuilder();
    line(
        out,
        "plan %s: %d steps, %d of them in the prologue, %.3f GFLOP",
        plan.name(),
        plan.steps().size(),
        plan.prologue(),
        plan.flops() / 1e9);
    line(
        out,
        "%5s  %-26s %-22s %-42s %9s %10s  %s",
        "step",
        "scope",
        "op",
        "kernel",
        "MFLOP",
        "KiB",
        "values");
    for (int i = 0; i < plan.steps().size(); i++) {
      Step s = plan.steps().get(i);
      line(
          out,
          "%5s  %-26s %-22s %-42s %9.2f %10.1f  %s -> %s",
          i < plan.prologue() ? "p" + i : Integer.toString(i),
          s.scope(),
          s.op(),
          s.backend() + "/" + s.candidate().label(),
          s.flops() / 1e6,
          s.bytes() / 1024.0,
          values(s.inputs()),
          values(s.written()));
    }
    var m = plan.memory();
    line(
        out,
        "memory: %s = arena %s + states %s + constants %s + scratch %s",
        Budget.show(m.totalBytes()),
        Budget.show(m.arenaBytes()),
        Budget.show(m.stateBytes()),
        Budget.show(m.constantBytes()),
        Budget.show(m.scratchBytes()));
    var converting = plan.converting();
    line(
        out,
        "conversions: %d, moving %s",
        converting.size(),
        Budget.show(converting.stream().mapToLong(Step::bytes).sum()));
    declines(plan)
        .forEach(
            (who, count) -> line(out, "%s (%d %s)", who, count, count == 1 ? "node" : "nodes"));
    plan.warnings().forEach(w -> line(out, "slow: %s", w));
    return out.toString();
  }

  static String memory(Plan plan) {
    var out = new StringBuilder();
    line(out, "%12s %12s %13s  %s", "offset", "bytes", "steps", "values");
    plan.buffers().stream()
        .sorted(Comparator.comparingLong(Plan.Buffer::offset).thenComparing(Plan.Buffer::first))
        .forEach(b ->
            line(
                out,
                "%12d %12d %6d..%-5d  %s",
                b.offset(),
                b.bytes(),
                b.first(),
                b.last(),
                b.what()));
    return out.toString();
  }

  private static void line(StringBuilder out, String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  private static String values(List<Stored> values) {
    String shown =
        values.stream().limit(VALUES_SHOWN).map(Stored::toString).collect(Collectors.joining(", "));
    return values.size() <= VALUES_SHOWN
        ? shown
        : shown + ", and " + (values.size() - VALUES_SHOWN) + " more";
  }

  /// `onednn declines dropout: no such primitive` and for how many nodes.
  private static Map<String, Long> declines(Plan plan) {
    return plan.declines().stream()
        .collect(
            Collectors.groupingBy(
                d -> d.backend() + " declines " + d.op() + ": " + d.reason(),
                LinkedHashMap::new,
                Collectors.counting()));
  }
}
