package unfold.train;

import java.nio.file.Path;
import unfold.config.Knobs;
import unfold.config.Precision;
import unfold.data.Datasets;
import unfold.data.Splits;
import unfold.engine.Settings;
import unfold.layer.Activate;
import unfold.layer.AveragePool2d;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
import unfold.layer.Dropout;
import unfold.layer.Flatten;
import unfold.layer.Linear;
import unfold.layer.Sequential;
import unfold.model.Model;
import unfold.model.Options;
import unfold.train.RunConfig.Limits;
import unfold.train.RunConfig.Network;
import unfold.train.RunConfig.Pictures;
import unfold.train.RunConfig.Recipe;

/// A run so small that the reference backend trains it in a blink, with everything in it that could
/// spoil a resume: batch norm, dropout, augmentation, shuffling, optimiser memory.
final class Tiny {
  static final int BATCH = 8;
  static final int STEPS = 6;
  static final Splits DIGITS = Datasets.digits();

  private Tiny() {}

  static Model model() {
    return Model.of(
        "tiny",
        new Sequential()
            .then("pool", new AveragePool2d(4))
            .then("conv", new Conv2d(1, 4, 3).padding(1))
            .then("bn", new BatchNorm(4))
            .then("act", Activate.RELU)
            .then("flatten", new Flatten())
            .then("drop", new Dropout(0.2))
            .then("fc", new Linear(4 * 7 * 7, 10)),
        new Options(10, 1, 28));
  }

  /// 50 pictures to learn from (6 batches, two pictures left out), 20 to measure on (2½ batches).
  static Splits data() {
    return Splits.of(DIGITS.train().subset(0, 50)).test(DIGITS.test().orElseThrow().subset(0, 20));
  }

  static RunConfig config(int epochs, String optimizer) {
    return new RunConfig(
        Network.of(model()),
        new Pictures("digits").augmentation("pad-crop(2)"),
        new Recipe(epochs, BATCH, optimizer, "cosine(warmup=3)", "f32", 0.1, 0, 0, 7),
        Limits.NONE);
  }

  static Settings settings() {
    return Settings.defaults()
        .backends("reference")
        .precision(Precision.F32)
        .threads(1)
        .tuning(Knobs.Tuning.OFF);
  }

  static Trainer start(Path folder, RunConfig config) {
    return Trainer.start(RunFolder.create(folder), config, model(), data()).settings(settings());
  }

  static Trainer resume(Path folder) {
    return Trainer.resume(RunFolder.open(folder), model(), data()).settings(settings());
  }
}
