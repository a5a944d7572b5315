package unfold.inspect;

import unfold.config.Knobs;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.layer.Activate;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
import unfold.layer.GlobalAveragePool;
import unfold.layer.Linear;
import unfold.layer.MaxPool2d;
import unfold.layer.Sequential;
import unfold.model.Model;
import unfold.model.Options;
import unfold.random.Stream;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// A small network with what looking inside meets: normalisation, pooling, a mean over all places.
final class Small {
  static final int CLASSES = 4;

  private Small() {}

  static Model model() {
    return Model.of(
        "small",
        new Sequential()
            .then("conv1", new Conv2d(3, 6, 3).padding(1))
            .then("bn1", new BatchNorm(6))
            .then("relu1", Activate.RELU)
            .then("pool", new MaxPool2d(2))
            .then("conv2", new Conv2d(6, 8, 3))
            .then("relu2", Activate.RELU)
            .then("mean", new GlobalAveragePool())
            .then("fc", new Linear(8, CLASSES)),
        new Options(CLASSES, 3, 12));
  }

  static Engine engine() {
    return Engine.open(
        Settings.defaults()
            .backends("reference")
            .precision(Precision.F32)
            .threads(1)
            .tuning(Knobs.Tuning.OFF));
  }

  /// First weights for a seed.
  static States states(Model model) {
    var states = new States();
    model.inference(1).states().forEach(d -> states.set(d.name(), d.initial(5)));
    return states;
  }

  static Tensor pictures(int batch) {
    Tensor t = Tensor.zeros(DType.U8, batch, 12, 12, 3);
    var random = Stream.of(3, "pictures", 0);
    for (long i = 0; i < t.size(); i++) {
      t.set(i, random.nextInt(256));
    }
    return t;
  }
}
