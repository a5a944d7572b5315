package unfold.backend.onednn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import unfold.tensor.Shape;

/// The order in which to try implementations of a convolution. oneDNN's own order is right for most
/// shapes; these are the exceptions, found by timing all of them (`unfold.bench.ConvolutionTimes`,
/// Zen 5, cold operands). Implementations on AMX tiles keep oneDNN's order but for one.
///
/// @param depthwise each group has one channel
/// @param pointwise the kernel is 1×1
/// @param thin so few channels that matrix tiles stay mostly empty
record Preference(boolean depthwise, boolean pointwise, boolean thin) {

  /// The preference for a convolution with these weights (O×C/groups×kH×kW).
  static Preference of(Shape weights, int groups) {
    return new Preference(
        groups > 1 && weights.dim(1) == 1,
        weights.dim(2) == 1 && weights.dim(3) == 1,
        groups == 1 && Math.min(weights.dim(0), weights.dim(1)) < 16);
  }

  /// Sorts implementations, and leaves out hopeless ones.
  List<PrimitiveDesc> sorted(List<PrimitiveDesc> found) {
    var kept = new ArrayList<>(found);
    if (depthwise && found.stream().anyMatch(d -> d.implementation().contains("dw"))) {
      // All others take ten to fifty times as long.
      kept.removeIf(d -> !d.implementation().contains("dw"));
    }
    kept.sort(Comparator.comparingInt(d -> handicap(d.implementation())));
    return kept;
  }

  private int handicap(String implementation) {
    boolean tiles = implementation.contains("amx");
    if (implementation.contains("strided") && (!tiles || depthwise || pointwise)) {
      // Data gradients: up to three times as long as what comes next, depthwise twenty times.
      return 2;
    }
    if (depthwise && implementation.startsWith("brdgmm")) {
      // 5 to 25 % behind jit_dw.
      return 1;
    }
    // Up to three times as long as plain jit where fewer than 16 channels meet.
    return thin && !tiles && implementation.startsWith("brg") ? 1 : 0;
  }
}
