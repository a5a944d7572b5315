package unfold.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
        Tiny.config(2, "sgd(0.1,momentum=0.9)").tuning(new FineTuning("1", "fc=0.5"));
    Path whole = folder.resolve("whole");
    Tiny.start(whole, config).run(new Stop());
    for (int k : new int[] {2, 6, 9}) {
      Path stopped = folder.resolve("stopped-" + k);
      ResumeTest.stopAfter(Tiny.start(stopped, config), k);
      Tiny.resume(stopped).run(new Stop());
      ResumeTest.assertSame(stopped, whole);
    }
  }

  @Test
  void depthsAndNamesBecomeWhatIsFrozenAndHowFastTheRestLearns() {
    assertThat(new FineTuning("1", "").frozen(model)).isEqualTo(Freeze.of("conv", "bn"));
    assertThat(new FineTuning("backbone", "").frozen(model)).isEqualTo(Freeze.of("conv", "bn"));
    assertThat(new FineTuning("bn, fc", "").frozen(model)).isEqualTo(Freeze.of("bn", "fc"));
    assertThat(new FineTuning("", "0.5").factors(model))
        .isEqualTo(Map.of("conv", 0.5, "bn", 0.5, "fc", 1.0));
    assertThat(new FineTuning("", "conv=0.1").factors(model)).isEqualTo(Map.of("conv", 0.1));
    assertThat(FineTuning.NONE.frozen(model)).isEqualTo(Freeze.NOTHING);
    assertThat(FineTuning.NONE.factors(model)).isEmpty();
  }

  @Test
  void whatCannotBeIsSaid() {
    assertThatThrownBy(() -> new FineTuning("conv2", "").frozen(model))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("tiny-infer has no layer 'conv2'; did you mean conv, ");
    assertThatThrownBy(() -> new FineTuning("2", "").frozen(model))
        .isInstanceOf(InputException.class)
        .hasMessage("freezing 2 of the 2 depths of tiny leaves nothing to learn; 1 are the most");
    assertThatThrownBy(() -> new FineTuning("", "conv=fast").factors(model))
        .isInstanceOf(InputException.class)
        .hasMessage("'fast' is no factor on a learning rate: a number above 0");
    assertThatThrownBy(() -> new FineTuning("", "conv=1,bn").factors(model))
        .isInstanceOf(InputException.class)
        .hasMessage("rate 'bn' must be LAYER=FACTOR, as in features=0.1,classifier=1");
  }
}
