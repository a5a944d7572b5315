package unfold.bench;

import java.util.Locale;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Inference;
import unfold.engine.Settings;
import unfold.engine.TrainingSettings;
import unfold.engine.TrainingStep;
import unfold.model.Model;
import unfold.optimizer.Sgd;
import unfold.random.Stream;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.zoo.Zoo;

/// One thing to measure. The peers' work exactly: training is forward, backward and an SGD step
/// with momentum 0.9 and weight decay 1e-4 on random pictures; inference gives the logits.
record Workload(Mode mode, String model, int batch, Precision precision, int threads, Pace pace) {
  enum Mode {
    TRAIN,
    INFER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

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
        yield timing().of(n -> step.run(pictures, labels, 0.01, n), step.plan());
      }
      case INFER -> {
        Inference inference = engine.inference(net, batch, new States());
        Tensor pictures = pictures(net);
        yield timing().of(_ -> inference.run(pictures), inference.plan());
      }
    };
  }

  private Timing timing() {
    return new Timing(mode.toString(), model, batch, batch, precision, threads, pace);
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
