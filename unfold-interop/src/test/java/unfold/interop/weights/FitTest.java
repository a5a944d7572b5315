package unfold.interop.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import unfold.error.FormatException;
import unfold.error.InputException;
import unfold.interop.StoredTensor;
import unfold.interop.TensorFile;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
import unfold.layer.GlobalAveragePool;
import unfold.layer.Linear;
import unfold.layer.Sequential;
import unfold.model.Model;
import unfold.model.Options;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

class FitTest {
  private static final Needs NEEDS = Needs.toAnswer(model(10));

  private static Model model(int classes) {
    var layer =
        new Sequential()
            .then("conv", new Conv2d(3, 4, 3).bias(false))
            .then("bn", new BatchNorm(4))
            .then("pool", new GlobalAveragePool())
            .then("fc", new Linear(4, classes));
    return Model.of("tiny", layer, new Options(classes, 3, 8));
  }

  @Test
  void numbersThatAreNotFiniteAreRefused() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      TensorFile file = file(contents("", 10));
      Objects.requireNonNull(file.tensors().get("conv.weight")).tensor().set(5, bad);
      assertThatThrownBy(() -> Fit.of(file, NEEDS).load((_, _) -> {}))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("conv.weight holds 1 NaN or infinite of 108 numbers: the file is");
    }
  }

  /// A file with what the network of so many classes needs, its names behind a prefix.
  private static Map<String, TensorType> contents(String prefix, int classes) {
    var all = new LinkedHashMap<String, TensorType>();
    Needs.toAnswer(model(classes)).tensors().forEach((n, t) -> all.put(prefix + n, t));
    return all;
  }

  private static TensorFile file(Map<String, TensorType> types) {
    var tensors = new LinkedHashMap<String, StoredTensor>();
    types.forEach((name, type) -> {
      Tensor t = Tensor.zeros(type);
      for (int i = 0; i < t.size(); i++) {
        t.set(i, i + 0.5);
      }
      tensors.put(name, StoredTensor.of("f: " + name, t));
    });
    return new TensorFile("f", "test", tensors, Map.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "module.", "state_dict.", "state_dict.module.", "a.b.", "model_ema.module."})
  void findsTheNamesBehindAnyPrefix(String prefix) {
    Map<String, TensorType> all = contents(prefix, 10);
    all.put(prefix + "bn.num_batches_tracked", TensorType.of(DType.I32));
    Fit fit = Fit.of(file(all), NEEDS).requireWhole();
    assertThat(fit.prefix()).isEqualTo(prefix);
    assertThat(fit.loaded().keySet()).containsExactlyElementsOf(NEEDS.tensors().keySet());
    assertThat(fit.ignored()).containsExactly(prefix + "bn.num_batches_tracked");
  }

  @Test
  void takesPlainWeightsBeforeAveragedOnesAndLeavesTheOptimizerAside() {
    Map<String, TensorType> all = contents("ema.", 10);
    all.putAll(contents("state_dict.", 10));
    all.put("optimizer.state.0.exp_avg", TensorType.f32(4));
    Fit fit = Fit.of(file(all), NEEDS).requireWhole();
    assertThat(fit.prefix()).isEqualTo("state_dict.");
    assertThat(fit.ignored()).hasSize(NEEDS.tensors().size() + 1).contains("ema.fc.bias");
  }

  @Test
  void readsNamesOfEarlyDenseNets() {
    var needs =
        new Needs(
            "dense",
            10,
            new LinkedHashMap<>(Map.of("b.denselayer3.norm1.weight", TensorType.f32(2))),
            Set.of());
    Fit fit = Fit.of(file(Map.of("b.denselayer3.norm.1.weight", TensorType.f32(2))), needs);
    assertThat(fit.whole()).isTrue();
  }

  @Test
  void saysExactlyWhatIsLoadedMissingUnexpectedAndDifferent() {
    Map<String, TensorType> all = contents("module.", 10);
    all.remove("module.bn.bias");
    all.put("module.conv.weight", TensorType.f32(4, 3, 5, 5));
    all.put("module.extra", TensorType.f32(2));
    Fit fit = Fit.of(file(all), NEEDS);
    assertThat(fit.missing()).containsExactly("bn.bias");
    assertThat(fit.unexpected()).containsExactly("extra");
    assertThat(fit.different()).extracting(Fit.Difference::name).containsExactly("conv.weight");
    assertThat(fit.loaded().keySet())
        .containsExactly("bn.weight", "bn.running_mean", "bn.running_var", "fc.weight", "fc.bias");
    assertThat(fit.report())
        .isEqualTo(
            """
            f for tiny
            names are those below 'module.'
            loaded: 5
              bn.weight f32[4]
              bn.running_mean f32[4]
              bn.running_var f32[4]
              fc.weight f32[10x4]
              fc.bias f32[10]
            missing: 1
              bn.bias f32[4]
            shape differs: 1
              conv.weight (f32[4x3x5x5] in the file, f32[4x3x3x3] in the network)
            unexpected: 1
              extra
            ignored: 0
            """);
    assertThatThrownBy(fit::requireWhole)
        .isInstanceOf(InputException.class)
        .hasMessage(
            "f does not fit tiny: 5 of 7 fit, 1 missing (bn.bias), 1 of another shape (conv.weight"
                + " (f32[4x3x5x5] in the file, f32[4x3x3x3] in the network)), 1 unexpected (extra);"
                + " `unfold inspect f --for tiny` lists all");
    assertThat(fit.requireRelated()).isSameAs(fit);
  }

  @Test
  void anotherNumberOfClassesIsAnotherHeadOnly() {
    Fit fit = Fit.of(file(contents("", 1000)), NEEDS);
    assertThat(fit.otherClasses()).hasValue(1000);
    assertThat(fit.requireWholeButHead().loaded()).hasSize(5).doesNotContainKey("fc.weight");
    assertThatThrownBy(fit::requireWhole)
        .hasMessageContaining(
            "it tells 1000 classes apart, the network 10 (--option classes=1000)");
    Map<String, TensorType> other = contents("", 10);
    other.put("conv.weight", TensorType.f32(10, 3, 3, 3));
    assertThat(Fit.of(file(other), NEEDS).otherClasses()).isEmpty();
  }

  @Test
  void refusesWeightsOfAnotherNetworkAndNamesTheClosest() {
    TensorFile foreign = file(Map.of("fc.bias", TensorType.f32(10), "a.b", TensorType.f32(3)));
    Fit fit = Fit.of(foreign, NEEDS);
    assertThat(fit.foreign()).isTrue();
    assertThatThrownBy(fit::requireRelated)
        .hasMessageStartingWith("f: holds weights of another network than tiny: 1 of 7 fit");
    var other =
        new Needs("other", 10, new LinkedHashMap<>(Map.of("a.b", TensorType.f32(3))), Set.of());
    assertThat(Closest.of(file(contents("module.", 5)), Stream.of(other, NEEDS))).hasValue("tiny");
    assertThat(Closest.of(foreign, Stream.of(NEEDS))).isEmpty();
    assertThat(fit.refusal(Optional.of("tiny")))
        .hasMessageContaining("than tiny, they look like tiny: 1 of 7");
  }

  @ParameterizedTest
  @CsvSource({"F64", "BF16", "I32"})
  void convertsToTheElementTypeThatIsNeeded(DType dtype) {
    Map<String, TensorType> all = contents("", 10);
    all.put("fc.bias", TensorType.of(dtype, 10));
    var loaded = new LinkedHashMap<String, Tensor>();
    Fit.of(file(all), NEEDS).load(loaded::put);
    Tensor bias = Objects.requireNonNull(loaded.get("fc.bias"));
    assertThat(bias.type()).isEqualTo(TensorType.f32(10));
    assertThat(bias.get(8)).isEqualTo(dtype == DType.I32 ? 8 : 8.5);
  }

  @ParameterizedTest
  @CsvSource({
    "'', it is empty",
    "'<!DOCTYPE html>', it is a text",
    "'version https://git-lfs', it is a text",
    "'abc', neither safetensors nor a file of torch.save; these two are read"
  })
  void knowsAFileByItsFirstBytes(String text, String guess) {
    var bytes = MemorySegment.ofArray(text.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> WeightsFile.parse("x", bytes))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("x: at byte 0: neither")
        .hasMessageContaining(guess);
  }
}
