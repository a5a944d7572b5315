package unfold.bench;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Kernel;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.bench.ConvolutionLayer.Direction;
import unfold.tensor.DType;

/// Times the convolution kernels of two backends by turns of some milliseconds, in one process, and
/// says how many times as long the second one's take: what [ConvolutionTimes] cannot on a machine
/// whose speed wanders. Of each backend the kernel is taken that it offers first.
///
/// `./bench kernels mobilenet_v2_pointwise --direction weights --backend onednn,vector`
final class ConvolutionDuel {
  private static final long WARM_NANOS = 1_500_000_000L;
  private static final long TURN_NANOS = 8_000_000L;
  private static final int TURNS = 150;

  private final Workers workers;
  private final Backend[] backends;

  ConvolutionDuel(Workers workers, Backend... backends) {
    this.workers = workers;
    this.backends = backends;
  }

  /// Prints a line for each convolution.
  void all(List<ConvolutionLayer> layers, List<Direction> directions, int batch, DType dtype) {
    for (Direction direction : directions) {
      System.out.printf(
          "%s: ms at the median (at the best tenth), and their ratio (of four in five)%n",
          direction);
      for (ConvolutionLayer layer : layers) {
        if (layer.data() || direction != Direction.DATA) {
          System.out.printf("%-28s %s%n", layer, fight(layer.call(direction, batch, dtype)));
        }
      }
    }
  }

  private String fight(Call call) {
    var memory = new ColdMemory[backends.length];
    var kernels = new Kernel[backends.length][];
    for (int i = 0; i < backends.length; i++) {
      switch (backends[i].offer(call)) {
        case Offer.Declined(String reason) -> {
          return backends[i].name() + " declines: " + reason;
        }
        case Offer.Accepted(var candidates) -> {
          memory[i] = new ColdMemory();
          kernels[i] = memory[i].bind(call, candidates.getFirst());
        }
      }
    }
    for (Kernel[] k : kernels) {
      turn(k, WARM_NANOS);
    }
    double[] first = new double[TURNS];
    double[] second = new double[TURNS];
    double[] ratio = new double[TURNS];
    for (int t = 0; t < TURNS; t++) {
      first[t] = turn(kernels[0], TURN_NANOS);
      second[t] = turn(kernels[1], TURN_NANOS);
      ratio[t] = second[t] / first[t];
    }
    Reference.reachabilityFence(memory);
    return String.format(
        Locale.ROOT,
        "%8.3f (%.3f) %8.3f (%.3f)   %.2f (%.2f to %.2f)",
        at(first, 0.5),
        at(first, 0.1),
        at(second, 0.5),
        at(second, 0.1),
        at(ratio, 0.5),
        at(ratio, 0.1),
        at(ratio, 0.9));
  }

  /// Milliseconds of a run, from as many as fill a turn.
  private double turn(Kernel[] kernels, long nanos) {
    workers.gather();
    long start = System.nanoTime();
    int runs = 0;
    do {
      kernels[runs++ % kernels.length].run();
    } while (System.nanoTime() - start < nanos);
    return (System.nanoTime() - start) / 1e6 / runs;
  }

  private static double at(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) (share * sorted.length)];
  }
}
