package unfold.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.data.fetch.Sha256;
import unfold.error.InputException;
import unfold.interop.safetensors.SafetensorsReader;
import unfold.interop.safetensors.SafetensorsWriter;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// Runs that start from weights.
final class StartTest {
  private static final RunConfig CONFIG = Tiny.config(2, "adam(0.01)");

  @TempDir private Path folder;
  private Path weights;

  @BeforeEach
  void trainWeights() {
    Tiny.start(folder.resolve("before"), Tiny.config(1, "sgd(0.1)")).run(new Stop());
    weights = folder.resolve("before").resolve("best.safetensors");
  }

  @Test
  void aRunStartsFromTheNumbersOfTheFile() {
    Path run = folder.resolve("run");
    var stop = new Stop();
    stop.wish();
    var heard = new Heard();
    start(run, weights, false).reporter(heard).run(stop);
    // Stopped after its first step, with a rate that begins at nearly nothing.
    Tensor now = head(run.resolve("last.safetensors"));
    Tensor then = head(weights);
    assertThat(now.toDoubles()).isNotEqualTo(then.toDoubles());
    double[] a = now.toDoubles();
    double[] b = then.toDoubles();
    for (int i = 0; i < a.length; i++) {
      assertThat(Math.abs(a[i] - b[i])).isLessThan(0.011);
    }
    Provenance.Origin origin =
        RunFolder.open(run).provenance().orElseThrow().weights().orElseThrow();
    assertThat(origin)
        .isEqualTo(new Provenance.Origin(weights.toString(), Sha256.of(weights), 8, List.of()));
    assertThat(heard.notes)
        .contains(
            "starts from "
                + weights
                + " (sha256 "
                + Sha256.of(weights).substring(0, 8)
                + "…): 8 of 8 tensors");
  }

  @Test
  void aResumedRunEndsInTheBitsOfOneThatWasNotStoppedThoughTheFileIsGone() throws IOException {
    Path whole = folder.resolve("whole");
    start(whole, weights, false).run(new Stop());
    for (int k : new int[] {0, 3, 7}) {
      Path copy = Files.copy(weights, folder.resolve("copy.safetensors"));
      Path stopped = folder.resolve("stopped-" + k);
      Trainer trainer = start(stopped, copy, false);
      if (k == 0) {
        // Killed in its first step: what is there is what was kept before anything ran.
        assertThatThrownBy(() -> trainer.reporter(killing()).run(new Stop())).hasMessage("killed");
      } else {
        var stop = new Stop();
        trainer
            .reporter(
                new Heard(done -> {
                  if (done == k) {
                    stop.wish();
                  }
                }))
            .run(stop);
      }
      Files.delete(copy);
      Tiny.resume(stopped).run(new Stop());
      ResumeTest.assertSame(stopped, whole);
      assertThat(RunFolder.open(stopped).provenance().orElseThrow().weights()).isPresent();
    }
  }

  @Test
  void aHeadForOtherClassesStartsAnewAndThatIsSaid() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("fc.weight", Tensor.zeros(DType.F32, 37, 4 * 7 * 7));
    tensors.put("fc.bias", Tensor.zeros(DType.F32, 37));
    var heard = new Heard();
    start(folder.resolve("run"), write(tensors), false).reporter(heard).run(new Stop());
    assertThat(heard.notes)
        .anySatisfy(line ->
            assertThat(line)
                .endsWith(
                    "6 of 8 tensors; new: fc.weight, fc.bias, since they told 37 classes apart and"
                        + " this network tells 10"));
  }

  @Test
  void layersNamedAsHeadStartAnewThoughTheFileHasThem() {
    Path run = folder.resolve("run");
    var stop = new Stop();
    stop.wish();
    var heard = new Heard();
    Trainer trainer = Tiny.start(run, CONFIG).from(Weights.read(weights), false, List.of("fc"));
    trainer.reporter(heard).run(stop);
    assertThat(heard.notes)
        .anySatisfy(line -> assertThat(line).endsWith("6 of 8 tensors; new: fc.weight, fc.bias"));
    // one step with a rate that begins at nearly nothing from what a new run begins with
    Path fresh = folder.resolve("fresh");
    ResumeTest.stopAfter(Tiny.start(fresh, CONFIG), 1);
    double[] a = head(run.resolve("last.safetensors")).toDoubles();
    double[] b = head(fresh.resolve("last.safetensors")).toDoubles();
    for (int i = 0; i < a.length; i++) {
      assertThat(Math.abs(a[i] - b[i])).isLessThan(0.011);
    }
    assertThatThrownBy(() ->
            Tiny.start(folder.resolve("b"), CONFIG)
                .from(Weights.read(weights), false, List.of("top"))
                .run(new Stop()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(
            "'top' cannot start anew: tiny has no layer of this name with numbers in it (its last"
                + " are ");
  }

  @Test
  void whatDoesNotFitIsRefusedUnlessPartsAreWanted() {
    Map<String, Tensor> tensors = tensors();
    tensors.remove("bn.bias");
    Path file = write(tensors);
    assertThatThrownBy(() -> start(folder.resolve("a"), file, false).run(new Stop()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("7 of 8 fit, 1 missing (bn.bias)");
    assertThat(folder.resolve("a").resolve("config.json")).doesNotExist();
    start(folder.resolve("b"), file, true).run(new Stop());
    assertThat(RunFolder.open(folder.resolve("b")).provenance().orElseThrow().weights())
        .hasValueSatisfying(o -> assertThat(o.fresh()).containsExactly("bn.bias"));
    tensors.keySet().removeIf(name -> !name.startsWith("fc"));
    Path few = write(tensors);
    assertThatThrownBy(() -> start(folder.resolve("c"), few, true).run(new Stop()))
        .hasMessageContaining("holds weights of another network than tiny: 2 of 8 fit");
  }

  @Test
  void weightsInHalfPrecisionAreLoadedAsTheNetworkWantsThem() {
    Map<String, Tensor> tensors = tensors();
    tensors.replaceAll((name, t) -> t.to(DType.BF16));
    var states = new States();
    Weights.read(write(tensors)).load(Tiny.model(), states);
    assertThat(states.get("fc.weight").toDoubles())
        .isEqualTo(Objects.requireNonNull(tensors.get("fc.weight")).toDoubles());
    assertThat(states.get("fc.weight").dtype()).isEqualTo(DType.F32);
  }

  private static Trainer start(Path run, Path weights, boolean partial) {
    return Tiny.start(run, CONFIG).from(Weights.read(weights), partial);
  }

  private LinkedHashMap<String, Tensor> tensors() {
    return new LinkedHashMap<>(SafetensorsReader.read(weights).tensors());
  }

  private Path write(Map<String, Tensor> tensors) {
    Path file = folder.resolve("edited.safetensors");
    SafetensorsWriter.write(file, new LinkedHashMap<>(tensors), Map.of());
    return file;
  }

  private static Reporter killing() {
    return new Heard(_ -> {
      throw new IllegalStateException("killed");
    });
  }

  private static Tensor head(Path file) {
    return Objects.requireNonNull(SafetensorsReader.read(file).tensors().get("fc.weight"));
  }
}
