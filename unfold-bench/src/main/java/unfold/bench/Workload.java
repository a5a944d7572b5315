package unfold.bench;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongConsumer;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Inference;
import unfold.engine.Settings;
import unfold.engine.TrainingSettings;
import unfold.engine.TrainingStep;
import unfold.model.Model;
import unfold.optimizer.Sgd;
import unfold.plan.Plan;
import unfold.random.Stream;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.zoo.Zoo;

/// One thing to measure. The peers' work exactly: training is forward, backward and an SGD step
/// with momentum 0.9 and weight decay 1e-4 on random pictures; inference gives the logits.
record Workload(Mode mode, String model, int batch, Precision precision, int threads, int runs) {
  enum Mode {
    TRAIN,
    INFER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final double BLOCK_SECONDS = 0.25;
  private static final double WARM_SECONDS = 10;
  private static final long SEED = 0;

  Measurement measure() {
    Engine engine = Engine.open(Settings.defaults().precision(precision).threads(threads));
    Model net = Zoo.find(model);
    return switch (mode) {
      case TRAIN -> {
        var settings = TrainingSettings.of(new Sgd(0.01, 0.9).weightDecay(1e-4), SEED);
        TrainingStep step = engine.training(net, settings, batch, new States());
        Tensor pictures = pictures(net);
        Tensor labels = labels(net);
        yield time(n -> step.run(pictures, labels, 0.01, n), step.plan());
      }
      case INFER -> {
        Inference inference = engine.inference(net, batch, new States());
        Tensor pictures = pictures(net);
        yield time(_ -> inference.run(pictures), inference.plan());
      }
    };
  }

  private Measurement time(LongConsumer step, Plan plan) {
    long n = 1;
    step.accept(n++);
    double firstStep =
        (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3;
    long start = System.nanoTime();
    long warm = 0;
    while (warm < 3 || (System.nanoTime() - start) / 1e9 < WARM_SECONDS) {
      step.accept(n++);
      warm++;
    }
    double guess = (System.nanoTime() - start) / 1e9 / warm;
    int block = (int) Math.max(1, Math.rint(BLOCK_SECONDS / guess));
    double[] seconds = new double[runs];
    long faults = Machine.minorFaults();
    long heap = Machine.allocatedBytes();
    for (int r = 0; r < runs; r++) {
      long t = System.nanoTime();
      for (int i = 0; i < block; i++) {
        step.accept(n++);
      }
      seconds[r] = (System.nanoTime() - t) / 1e9 / block;
    }
    double steps = (double) runs * block;
    double heapPerStep = (Machine.allocatedBytes() - heap) / steps;
    double faultsPerStep = (Machine.minorFaults() - faults) / steps;
    Arrays.sort(seconds);
    double median = seconds[runs / 2];
    return new Measurement(
        mode.toString(),
        model,
        batch,
        precision.toString(),
        threads,
        batch / median,
        median,
        Machine.peakRssMb(),
        plan.memory().totalBytes() >> 20,
        faultsPerStep,
        heapPerStep,
        firstStep,
        Machine.cpu());
  }

  private Tensor pictures(Model net) {
    Tensor t =
        Tensor.zeros(
            DType.U8,
            batch,
            net.options().height(),
            net.options().width(),
            net.options().channels());
    Stream random = Stream.of(SEED, "bench pictures", 0);
    for (long i = 0; i < t.size(); i++) {
      t.set(i, random.nextInt(256));
    }
    return t;
  }

  private Tensor labels(Model net) {
    Tensor t = Tensor.zeros(DType.I32, batch);
    Stream random = Stream.of(SEED, "bench labels", 0);
    for (int i = 0; i < batch; i++) {
      t.set(i, random.nextInt(net.classes()));
    }
    return t;
  }
}
