package unfold.inspect;

import java.util.List;
import java.util.stream.IntStream;
import unfold.tensor.Tensor;

/// How often gates are all but shut or all but open: for each unit the share of characters after
/// which its gate is below [#SHUT] or above [#OPEN].
///
/// @param shut a share for each unit
/// @param open a share for each unit
/// @source Karpathy, Johnson, Fei-Fei: Visualizing and understanding recurrent networks (2015), 4.2
public record Saturation(Within gate, List<Double> shut, List<Double> open) {
  public static final double SHUT = 0.1;
  public static final double OPEN = 0.9;

  public Saturation {
    shut = List.copyOf(shut);
    open = List.copyOf(open);
  }

  /// @param values of a gate, f32 [T×width]
  public static Saturation of(Within gate, Tensor values) {
    if (!gate.gate()) {
      throw new IllegalArgumentException(gate + " is no gate: it neither opens nor closes");
    }
    int steps = values.shape().dim(0);
    int units = values.shape().dim(1);
    int[] shut = new int[units];
    int[] open = new int[units];
    for (int t = 0; t < steps; t++) {
      for (int u = 0; u < units; u++) {
        double x = values.get((long) t * units + u);
        shut[u] += x < SHUT ? 1 : 0;
        open[u] += x > OPEN ? 1 : 0;
      }
    }
    return new Saturation(gate, shares(shut, steps), shares(open, steps));
  }

  private static List<Double> shares(int[] counts, int steps) {
    return IntStream.range(0, counts.length).mapToObj(u -> counts[u] / (double) steps).toList();
  }

  /// Over all units.
  public double meanShut() {
    return mean(shut);
  }

  /// Over all units.
  public double meanOpen() {
    return mean(open);
  }

  private static double mean(List<Double> shares) {
    return shares.stream().mapToDouble(s -> s).average().orElse(0);
  }
}
