package unfold.bench;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.function.LongConsumer;
import unfold.config.Precision;
import unfold.plan.Plan;

/// Times a step again and again: median of blocks, after a warm-up in which Java's loops are
/// compiled.
///
/// @param items that one step works on
record Timing(
    String mode, String model, int batch, long items, Precision precision, int threads, Pace pace) {
  private static final double BLOCK_SECONDS = 0.25;

  /// @param step given its number, from 1
  Measurement of(LongConsumer step, Plan plan) {
    long n = 1;
    step.accept(n++);
    double firstStep =
        (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3;
    long start = System.nanoTime();
    long warm = 0;
    while (warm < 3 || (System.nanoTime() - start) / 1e9 < pace.warmSeconds()) {
      step.accept(n++);
      warm++;
    }
    double guess = (System.nanoTime() - start) / 1e9 / warm;
    int block = (int) Math.max(1, Math.rint(BLOCK_SECONDS / guess));
    double[] seconds = new double[pace.runs()];
    long faults = Machine.minorFaults();
    long heap = Machine.allocatedBytes();
    for (int r = 0; r < pace.runs(); r++) {
      long t = System.nanoTime();
      for (int i = 0; i < block; i++) {
        step.accept(n++);
      }
      seconds[r] = (System.nanoTime() - t) / 1e9 / block;
    }
    double steps = (double) pace.runs() * block;
    double heapPerStep = (Machine.allocatedBytes() - heap) / steps;
    double faultsPerStep = (Machine.minorFaults() - faults) / steps;
    Arrays.sort(seconds);
    double median = seconds[pace.runs() / 2];
    return new Measurement(
        mode,
        model,
        batch,
        precision.toString(),
        threads,
        items / median,
        median,
        Machine.peakRssMb(),
        plan.memory().totalBytes() >> 20,
        faultsPerStep,
        heapPerStep,
        firstStep,
        Machine.cpu());
  }
}
