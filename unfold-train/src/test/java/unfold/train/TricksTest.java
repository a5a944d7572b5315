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
import unfold.optimizer.Updating;
import unfold.tensor.Tensor;
import unfold.train.RunConfig.Limits;

final class TricksTest {
  private static final Tricks ALL = new Tricks(0.4, 1, 0.9, 2, 1);

  @TempDir private Path temp;

  private static RunConfig config(Tricks tricks) {
    return Tiny.config(3, "sgd(0.1,momentum=0.9,decay=1e-4)").tricks(tricks);
  }

  @Test
  void aRunWithAllOfThemGoesOnBitForBit() {
    RunConfig config = config(ALL);
    Path whole = temp.resolve("whole");
    Tiny.start(whole, config).run(new Stop());
    for (int k : new int[] {1, 6, 10}) {
      Path stopped = temp.resolve("stopped-" + k);
      ResumeTest.stopAfter(Tiny.start(stopped, config), k);
      assertThat(RunFolder.open(stopped).config()).isEqualTo(config);
      Tiny.resume(stopped).run(new Stop());
      ResumeTest.assertSame(stopped, whole);
    }
  }

  @Test
  void eachOfThemChangesWhatIsLearned() {
    Path none = temp.resolve("none");
    Tiny.start(none, config(Tricks.NONE)).run(new Stop());
    double plain = loss(none);
    for (Tricks one :
        new Tricks[] {Tricks.NONE.mixup(0.4), Tricks.NONE.cutmix(1), Tricks.NONE.parts(2)}) {
      Path run = temp.resolve(one.toString());
      Tiny.start(run, config(one)).run(new Stop());
      assertThat(loss(run)).as(one.toString()).isFinite().isNotEqualTo(plain);
    }
  }

  private static double loss(Path run) {
    return RunFolder.open(run).history().last().orElseThrow().train().loss();
  }

  @Test
  void theAverageIsMeasuredAndSavedAndAnswers() {
    Path path = temp.resolve("run");
    Outcome outcome = Tiny.start(path, config(Tricks.NONE.average(0.9))).run(new Stop());
    RunFolder run = RunFolder.open(path);
    var last = SafetensorsReader.read(run.last()).tensors();
    // What was learned is what it would be without: an average only looks on.
    Path plain = temp.resolve("plain");
    Tiny.start(plain, config(Tricks.NONE)).run(new Stop());
    var without = SafetensorsReader.read(plain.resolve("last.safetensors")).tensors();
    assertThat(numbers(last, "fc.weight")).containsExactly(numbers(without, "fc.weight"));
    assertThat(numbers(last, Updating.AVERAGE + "fc.weight"))
        .isNotEqualTo(numbers(last, "fc.weight"));
    assertThat(last).containsKey(Updating.AVERAGE + "bn.running_mean");

    // The last file answers as the validation of the last epoch was measured: by the average.
    Weights average = Weights.read(run.last());
    Evaluation found =
        Predictor.of(Tiny.model(), average, Tiny.settings())
            .evaluate(Tiny.data().test().orElseThrow(), Tiny.BATCH, 0);
    EpochRecord epoch = outcome.history().last().orElseThrow();
    assertThat(found.score()).isEqualTo(epoch.validation().orElseThrow());

    EpochRecord best = outcome.history().best().orElseThrow();
    Evaluation again =
        Predictor.open(run, Tiny.model(), Tiny.settings())
            .evaluate(Tiny.data().test().orElseThrow(), Tiny.BATCH, 0);
    assertThat(again.score()).isEqualTo(best.validation().orElseThrow());
    assertThat(SafetensorsReader.read(run.best()).tensors().keySet())
        .noneMatch(name -> name.startsWith("optimizer."));
  }

  private static float[] numbers(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name).toFloats();
  }

  @Test
  void saysWhatItCounts() {
    var heard = new Heard();
    Tiny.start(temp.resolve("run"), config(ALL)).reporter(heard).run(new Stop());
    assertThat(heard.notes)
        .contains(
            "pictures are mixed: training accuracy counts for each the class with the larger share",
            "validation and the best weights are those of the running average of the weights");
  }

  @Test
  void picturesToLearnByHeartAreNotMixed() {
    RunConfig config =
        Tiny.config(40, "adam(0.03)")
            .tricks(Tricks.NONE.mixup(1))
            .limits(Limits.NONE.overfitBatches(1));
    Outcome outcome = Tiny.start(temp.resolve("run"), config).run(new Stop());
    assertThat(outcome.history().best().orElseThrow().validation().orElseThrow().accuracy())
        .isEqualTo(1.0);
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> Tricks.NONE.average(1))
        .isInstanceOf(InputException.class)
        .hasMessage("the decay of the average must be at least 0 and below 1, but is 1.0");
    assertThatThrownBy(() -> Tricks.NONE.crops(5))
        .isInstanceOf(InputException.class)
        .hasMessage("a picture is measured in 1 crop or 10, not in 5");
    assertThatThrownBy(
            () -> Tiny.start(temp.resolve("run"), config(Tricks.NONE.parts(3))).run(new Stop()))
        .isInstanceOf(InputException.class)
        .hasMessage("a batch of 8 cannot be computed in 3 parts of one size");
  }
}
