package unfold.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import unfold.train.Chart;
import unfold.train.Panels;

/// Gradient flow as a picture: the cells side by side, a line for each scale; above what arrives at
/// each step, below the largest singular values of the steps.
public final class GradientFlowPlot {
  private static final String SYMBOLS = "*o+x.#";

  private GradientFlowPlot() {}

  public static Panels of(List<GradientFlow.Measured> all) {
    List<CellKind> kinds = all.stream().map(m -> m.of().kind()).distinct().toList();
    var charts = new ArrayList<Chart>();
    kinds.forEach(kind -> charts.add(norms(kind, all)));
    kinds.forEach(kind -> charts.add(singularValues(kind, all)));
    return new Panels(kinds.size(), charts);
  }

  /// ‖dL/ds_t‖ over t, logarithmic, for one cell.
  public static Chart norms(CellKind kind, List<GradientFlow.Measured> all) {
    return chart(kind + ": gradient that arrives at step t", "log10 |dL/ds_t|", kind, all, true);
  }

  private static Chart singularValues(CellKind kind, List<GradientFlow.Measured> all) {
    return chart(
        kind + ": largest singular value of ds_t/ds_t-1", "singular value", kind, all, false);
  }

  private static Chart chart(
      String title, String left, CellKind kind, List<GradientFlow.Measured> all, boolean norms) {
    var lines = new ArrayList<Chart.Line>();
    for (var m : all) {
      if (m.of().kind() == kind) {
        List<Double> values =
            norms ? m.norms().stream().map(Math::log10).toList() : m.singularValues();
        lines.add(
            new Chart.Line(
                String.format(Locale.ROOT, "scale %s", m.of().recurrentScale()),
                SYMBOLS.charAt(lines.size() % SYMBOLS.length()),
                false,
                IntStream.rangeClosed(1, values.size()).mapToObj(t -> (double) t).toList(),
                values));
      }
    }
    return new Chart(title, "step t", left, Optional.empty(), false, lines);
  }
}
