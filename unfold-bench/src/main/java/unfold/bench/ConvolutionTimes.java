package unfold.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.bench.ConvolutionLayer.Direction;
import unfold.plan.Cost;
import unfold.tensor.DType;

/// Times every candidate that a backend offers for the convolutions of a network, with operands
/// that are not in any cache: `./bench kernels resnet50 --batch 16 --config bf16`.
///
/// The last lines sum over the network: the candidate the backend put first, and the best one.
final class ConvolutionTimes {
  private static final double SECONDS_EACH = 0.3;

  /// Loops in Java are compiled while a kernel runs.
  private static final double WARM_SECONDS = 0.3;

  private final Backend backend;
  private final Workers workers;
  private final ColdMemory memory = new ColdMemory();
  private double firstSeconds;
  private double bestSeconds;
  private double flops;

  ConvolutionTimes(Backend backend, Workers workers) {
    this.backend = backend;
    this.workers = workers;
  }

  /// Prints a line for each kernel, and the sums over the network.
  void all(List<ConvolutionLayer> layers, List<Direction> directions, int batch, DType dtype) {
    layers.forEach(layer -> measure(layer, directions, batch, dtype));
    System.out.printf(
        Locale.ROOT,
        "sum: first %.2f ms (%.0f GFLOP/s), best %.2f ms (%.0f GFLOP/s)%n",
        firstSeconds * 1e3,
        flops / firstSeconds / 1e9,
        bestSeconds * 1e3,
        flops / bestSeconds / 1e9);
  }

  private void measure(ConvolutionLayer l, List<Direction> directions, int batch, DType dtype) {
    System.out.println(l);
    for (Direction direction : directions) {
      if (l.data() || direction != Direction.DATA) {
        time(direction, l.call(direction, batch, dtype), l.count());
      }
    }
  }

  private void time(Direction direction, Call call, int count) {
    double work = Cost.flops(call.op(), call.inputs(), call.outputs());
    switch (backend.offer(call)) {
      case Offer.Declined(String reason) ->
          System.out.printf("  %-8s declined: %s%n", direction, reason);
      case Offer.Accepted(var candidates) -> {
        double first = Double.NaN;
        double best = Double.MAX_VALUE;
        for (Candidate candidate : candidates) {
          double seconds = time(call, candidate);
          first = Double.isNaN(first) ? seconds : first;
          best = Math.min(best, seconds);
          System.out.printf(
              Locale.ROOT,
              "  %-8s %8.3f ms %5.0f GFLOP/s  %s%n",
              direction,
              seconds * 1e3,
              work / seconds / 1e9,
              candidate.label());
        }
        firstSeconds += first * count;
        bestSeconds += best * count;
        flops += work * count;
      }
    }
  }

  /// Median seconds of one run.
  private double time(Call call, Candidate candidate) {
    Kernel[] kernels = memory.bind(call, candidate);
    int copies = kernels.length;
    long warm = System.nanoTime();
    for (int k = 0; k < 2 || System.nanoTime() - warm < WARM_SECONDS * 1e9; k++) {
      kernels[k % copies].run();
    }
    long start = System.nanoTime();
    kernels[2 % copies].run();
    double guess = (System.nanoTime() - start) / 1e9;
    double[] seconds = new double[(int) Math.clamp(SECONDS_EACH / guess, 5, 60)];
    for (int r = 0; r < seconds.length; r++) {
      workers.gather();
      long t = System.nanoTime();
      kernels[(r + 3) % copies].run();
      seconds[r] = (System.nanoTime() - t) / 1e9;
    }
    Arrays.sort(seconds);
    return seconds[seconds.length / 2];
  }
}
