package unfold.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unfold.config.Knobs;
import unfold.config.Precision;
import unfold.error.InputException;
import unfold.layer.Activate;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
import unfold.layer.Dropout;
import unfold.layer.Flatten;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.Sequential;
import unfold.model.Model;
import unfold.model.Options;
import unfold.optimizer.Optimizer;
import unfold.optimizer.Updating;
import unfold.random.Stream;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// Steps in parts and running averages, on the reference backend.
final class TrainingStepTest {
  private static final int BATCH = 6;
  private static final double RATE = 0.05;

  private static Engine engine() {
    return Engine.open(
        Settings.defaults()
            .backends("reference")
            .precision(Precision.F32)
            .threads(1)
            .tuning(Knobs.Tuning.OFF));
  }

  private static Model model(Layer middle) {
    return Model.of(
        "small",
        new Sequential()
            .then("conv", new Conv2d(1, 3, 3).padding(1))
            .then("middle", middle)
            .then("relu", Activate.RELU)
            .then("flatten", new Flatten())
            .then("fc", new Linear(3 * 16, 4)),
        new Options(4, 1, 4));
  }

  private static Tensor pictures(int step) {
    Tensor t = Tensor.zeros(DType.U8, BATCH, 4, 4, 1);
    Stream random = Stream.of(1, "pictures", step);
    for (int i = 0; i < t.size(); i++) {
      t.set(i, random.nextInt(256));
    }
    return t;
  }

  private static Tensor labels(int step) {
    Tensor t = Tensor.zeros(DType.I32, BATCH);
    Stream random = Stream.of(1, "labels", step);
    for (int i = 0; i < BATCH; i++) {
      t.set(i, random.nextInt(4));
    }
    return t;
  }

  private static void run(TrainingStep step, int number) {
    step.run(pictures(number), labels(number), RATE, number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd(0.05,momentum=0.9,decay=0.01)", "adam(0.05)"})
  void aBatchInPartsLearnsWhatTheWholeDoes(String optimizer) {
    var settings =
        TrainingSettings.of(Optimizer.parse(optimizer), 3)
            .updating(Updating.PLAIN.clipNorm(0.5).average(0.9));
    Model model = model(Activate.RELU);
    var whole = new States();
    var inParts = new States();
    TrainingStep one = engine().training(model, settings, BATCH, whole);
    TrainingStep three = engine().training(model, settings.parts(3), BATCH, inParts);
    assertThat(three.picturesType()).isEqualTo(one.picturesType());
    boolean clipped = false;
    for (int n = 1; n <= 4; n++) {
      run(one, n);
      run(three, n);
      assertThat(three.loss()).isCloseTo(one.loss(), within(1e-5f));
      assertThat(three.learner().clipped()).isEqualTo(one.learner().clipped());
      clipped |= one.learner().clipped();
      assertThat(three.logits().toFloats()).containsExactly(one.logits().toFloats(), within(1e-4f));
    }
    assertThat(clipped).isTrue();
    for (String name : whole.names()) {
      assertThat(inParts.get(name).toFloats())
          .as(name)
          .containsExactly(whole.get(name).toFloats(), within(2e-4f));
    }
    assertThat(inParts.names()).contains("optimizer.gradient.conv.weight");
    assertThat(inParts.get("optimizer.gradient.conv.weight").toFloats()).containsOnly(0);
  }

  @Test
  void partsDropDifferentUnits() {
    // With one mask for all parts, equal parts would have equal answers.
    TrainingStep step =
        engine()
            .training(
                model(new Dropout(0.5)),
                TrainingSettings.of(Optimizer.parse("sgd(0.05)"), 3).parts(2),
                BATCH,
                new States());
    Tensor same = Tensor.zeros(DType.U8, BATCH, 4, 4, 1);
    for (int i = 0; i < same.size(); i++) {
      same.set(i, 10 * (i % 16));
    }
    step.run(same, labels(1), RATE, 1);
    float[] x = step.logits().toFloats();
    assertThat(java.util.Arrays.copyOfRange(x, 0, 12))
        .isNotEqualTo(java.util.Arrays.copyOfRange(x, 12, 24));
  }

  @Test
  void aLossThatIsNoNumberInOnePartChangesNothing() {
    var states = new States();
    TrainingStep step =
        engine()
            .training(
                model(Activate.RELU),
                TrainingSettings.of(Optimizer.parse("sgd(0.05)"), 3).parts(3),
                BATCH,
                states);
    run(step, 1);
    float[] before = states.get("conv.weight").toFloats();
    Tensor wrong = labels(2);
    wrong.set(5, 9); // no such class: the loss of the last part is NaN
    step.run(pictures(2), wrong, RATE, 2);
    assertThat(step.loss()).isNaN();
    assertThat(step.firstNotFinite()).hasValueSatisfying(op -> assertThat(op).contains("loss"));
    assertThat(states.get("conv.weight").toFloats()).containsExactly(before);
    assertThat(states.get("optimizer.gradient.conv.weight").toFloats()).containsOnly(0);
    run(step, 2);
    assertThat(step.loss()).isFinite();
    assertThat(states.get("conv.weight").toFloats()).isNotEqualTo(before);
  }

  @Test
  void refusesABatchThatPartsDoNotDivide() {
    var settings = TrainingSettings.of(Optimizer.parse("sgd(0.05)"), 3).parts(4);
    assertThatThrownBy(() -> engine().training(model(Activate.RELU), settings, BATCH, new States()))
        .isInstanceOf(InputException.class)
        .hasMessage("a batch of 6 cannot be computed in 4 parts of one size");
  }

  @Test
  void averagesFollowWeightsAndRunningStatistics() {
    var states = new States();
    TrainingStep step =
        engine()
            .training(
                model(new BatchNorm(3)),
                TrainingSettings.of(Optimizer.parse("sgd(0.05,momentum=0.9)"), 3)
                    .updating(Updating.PLAIN.average(0.25)),
                BATCH,
                states);
    Map<String, double[]> wanted = new HashMap<>();
    for (int n = 1; n <= 6; n++) {
      run(step, n);
      double keep = Math.min(0.25, (n - 1.0) / (n + 8));
      for (String name : new String[] {"conv.weight", "fc.bias", "middle.running_var"}) {
        double[] p = states.get(name).toDoubles();
        double[] a = wanted.computeIfAbsent(name, _ -> new double[p.length]);
        for (int i = 0; i < p.length; i++) {
          a[i] = keep * a[i] + (1 - keep) * p[i];
        }
        assertThat(states.get(Updating.AVERAGE + name).toDoubles())
            .as("%s after step %s", name, n)
            .containsExactly(a, within(1e-5));
      }
    }
    assertThat(states.names()).noneMatch(name -> name.startsWith(Updating.AVERAGE + "optimizer"));
  }
}
