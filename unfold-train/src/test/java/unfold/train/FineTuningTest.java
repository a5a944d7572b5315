package unfold.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unfold.error.InputException;
import unfold.interop.safetensors.SafetensorsReader;
import unfold.model.Model;
import unfold.tensor.Tensor;
import unfold.trace.Freeze;

final class FineTuningTest {
  private final Model model = Tiny.model();

  @TempDir private Path folder;

  @Test
  void frozenLayersKeepTheirParametersAndTheStatisticsOfTheirBatchNorms() {
    Path run = folder.resolve("run");
    RunConfig config = Tiny.config(2, "adam(0.01,decay=0.1)");
    Tiny.start(run, config.tuning(FineTuning.NONE.freeze("backbone"))).run(new Stop());
    Map<String, Tensor> after = SafetensorsReader.read(run.resolve("last.safetensors")).tensors();
    model
        .inference(1)
        .states()
        .forEach(d -> {
          double[] before = d.initial(config.recipe().seed()).toDoubles();
          double[] now = Objects.requireNonNull(after.get(d.name())).toDoubles();
          if (d.name().startsWith("fc.")) {
            assertThat(now).as(d.name()).isNotEqualTo(before);
          } else {
            assertThat(now).as(d.name()).isEqualTo(before);
          }
        });
    assertThat(after.keySet())
        .as("no optimiser memory of what is frozen")
        .noneMatch(name -> name.matches("optimizer\\..*(conv|bn)\\..*"));
  }

  @Test
  void aLayerWithASmallRateMovesLess() {
    assertThat(moved("", "fc.weight")).isGreaterThan(0);
    double usual = moved("", "conv.weight");
    assertThat(moved("conv=0.001,bn=0.001", "conv.weight")).isBetween(usual / 1e5, usual / 100);
  }

  private double moved(String rates, String name) {
    Path run = folder.resolve("run-" + rates.length() + name);
    RunConfig config = Tiny.config(1, "sgd(0.1)");
    Tiny.start(run, config.tuning(FineTuning.NONE.rates(rates))).run(new Stop());
    Tensor now =
        Objects.requireNonNull(
            SafetensorsReader.read(run.resolve("last.safetensors")).tensors().get(name));
    Tensor before = model.inference(1).state(name).orElseThrow().initial(config.recipe().seed());
    double sum = 0;
    for (long i = 0; i < now.size(); i++) {
      sum += Math.abs(now.get(i) - before.get(i));
    }
    return sum;
  }

  @Test
  void aRunWithFrozenLayersAndRatesThatWasStoppedEndsInTheSameBits() {
    RunConfig config =
        Tiny.config(2, "sgd(0.1,momentum=0.9)").tuning(new FineTuning("1", "fc=0.5", ""));
    Path whole = folder.resolve("whole");
    Tiny.start(whole, config).run(new Stop());
    for (int k : new int[] {2, 6, 9}) {
      Path stopped = folder.resolve("stopped-" + k);
      ResumeTest.stopAfter(Tiny.start(stopped, config), k);
      Tiny.resume(stopped).run(new Stop());
      ResumeTest.assertSame(stopped, whole);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd(0.1,momentum=0.9)", "adam(0.01)"})
  void aRunThatUnfreezesAndWasStoppedEndsInTheSameBits(String optimizer) {
    RunConfig config = Tiny.config(3, optimizer).tuning(new FineTuning("backbone", "0.5", "1"));
    Path whole = folder.resolve("whole");
    Tiny.start(whole, config).run(new Stop());
    // In the first phase, at its end, behind the first step of the second, within it.
    for (int k : new int[] {2, 6, 7, 13}) {
      Path stopped = folder.resolve("stopped-" + k);
      ResumeTest.stopAfter(Tiny.start(stopped, config), k);
      Tiny.resume(stopped).run(new Stop());
      ResumeTest.assertSame(stopped, whole);
    }
  }

  @Test
  void aPhaseIsAnnouncedAndBeginsWithAnEmptyMemory() {
    RunConfig config = Tiny.config(2, "adam(0.01)");
    RunConfig unfreezing =
        config
            .recipe(config.recipe().schedule("constant"))
            .tuning(new FineTuning("backbone", "", "1"));
    Path first = folder.resolve("first");
    ResumeTest.stopAfter(Tiny.start(first, unfreezing), Tiny.STEPS);
    Path second = folder.resolve("second");
    var stop = new Stop();
    var heard =
        new Heard(done -> {
          if (done == Tiny.STEPS + 1) {
            stop.wish();
          }
        });
    Tiny.start(second, unfreezing).reporter(heard).run(stop);
    assertThat(heard.notes)
        .contains(
            "from epoch 1 on 1 of 2 depths learn (fc: 1,970 of 2,018 numbers)",
            "from epoch 2 on 2 of 2 depths learn (conv to fc: 2,018 of 2,018 numbers)");
    for (String name : List.of("conv.weight", "fc.weight")) {
      // Adam's first step moves a number by its rate; were the steps before counted, by 3.2 times
      double[] before = bits(tensors(first), name);
      double[] after = bits(tensors(second), name);
      double most = 0;
      for (int i = 0; i < before.length; i++) {
        most = Math.max(most, Math.abs(after[i] - before[i]));
      }
      assertThat(most).as(name).isBetween(0.0099, 0.0101);
    }
  }

  private static Map<String, Tensor> tensors(Path run) {
    return SafetensorsReader.read(run.resolve("last.safetensors")).tensors();
  }

  private static double[] bits(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name)).toDoubles();
  }

  @Test
  void stepsOfUnfreezingBecomePhases() {
    assertThat(new FineTuning("", "", "2").phases(model))
        .containsExactly(
            new FineTuning.Phase(0, 1, Freeze.of("conv", "bn")),
            new FineTuning.Phase(2, 0, Freeze.NOTHING));
    assertThat(new FineTuning("1", "", "3=0").phases(model))
        .extracting(FineTuning.Phase::epoch)
        .containsExactly(0, 3);
    assertThat(FineTuning.NONE.phases(model)).hasSize(1);
  }

  @Test
  void stepsOfUnfreezingThatCannotBeAreSaid() {
    assertThatThrownBy(() -> new FineTuning("conv", "", "1").phases(model))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "unfreezing goes by depths, so what is frozen at first must be a number of them or"
                + " backbone, not 'conv'");
    assertThatThrownBy(() -> new FineTuning("", "", "soon").phases(model))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("unfreezing 'soon' must be EPOCHS=DEPTHS, as in 3=6,6=0");
    assertThatThrownBy(() -> new FineTuning("", "", "2=1").phases(model))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "unfreezing '2=1' must come after 0 epochs and leave fewer than 1 depths of tiny"
                + " frozen");
    RunConfig config = Tiny.config(2, "sgd(0.1)");
    var averaged = config.tricks(config.tricks().average(0.9)).tuning(new FineTuning("", "", "1"));
    assertThatThrownBy(() -> Tiny.start(folder.resolve("ema"), averaged).run(new Stop()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("a running average of the weights does not go with gradual");
  }

  @Test
  void depthsAndNamesBecomeWhatIsFrozenAndHowFastTheRestLearns() {
    assertThat(new FineTuning("1", "", "").frozen(model)).isEqualTo(Freeze.of("conv", "bn"));
    assertThat(new FineTuning("backbone", "", "").frozen(model)).isEqualTo(Freeze.of("conv", "bn"));
    assertThat(new FineTuning("bn, fc", "", "").frozen(model)).isEqualTo(Freeze.of("bn", "fc"));
    assertThat(new FineTuning("", "0.5", "").factors(model))
        .isEqualTo(Map.of("conv", 0.5, "bn", 0.5, "fc", 1.0));
    assertThat(new FineTuning("", "conv=0.1", "").factors(model)).isEqualTo(Map.of("conv", 0.1));
    assertThat(FineTuning.NONE.frozen(model)).isEqualTo(Freeze.NOTHING);
    assertThat(FineTuning.NONE.factors(model)).isEmpty();
  }

  @Test
  void whatCannotBeIsSaid() {
    assertThatThrownBy(() -> new FineTuning("1", "", "").requireLearning(List.of("bn"), model))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "bn is to start anew, but it is frozen at first and would stay random: freeze less");
    assertThatThrownBy(() -> new FineTuning("conv2", "", "").frozen(model))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("tiny-infer has no layer 'conv2'; did you mean conv, ");
    assertThatThrownBy(() -> new FineTuning("2", "", "").frozen(model))
        .isInstanceOf(InputException.class)
        .hasMessage("freezing 2 of the 2 depths of tiny leaves nothing to learn; 1 are the most");
    assertThatThrownBy(() -> new FineTuning("", "conv=fast", "").factors(model))
        .isInstanceOf(InputException.class)
        .hasMessage("'fast' is no factor on a learning rate: a number above 0");
    assertThatThrownBy(() -> new FineTuning("", "conv=1,bn", "").factors(model))
        .isInstanceOf(InputException.class)
        .hasMessage("rate 'bn' must be LAYER=FACTOR, as in features=0.1,classifier=1");
  }
}
