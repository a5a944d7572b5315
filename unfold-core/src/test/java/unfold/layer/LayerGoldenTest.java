package unfold.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.backend.reference.Reference;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Traced;
import unfold.trace.Tracer;

/// Layers against torch.nn, from layers.txt, which layers.py beside it made.
final class LayerGoldenTest {
  static List<String> lines() throws IOException {
    return Golden.lines(LayerGoldenTest.class, "layers.txt");
  }

  @ParameterizedTest
  @MethodSource("lines")
  void givesTorchsNumbersUnderTorchsNames(String line) {
    String[] column = line.split("; ");
    String[] words = column[0].split(" ");
    boolean indices = words[0].equals("embedding");
    var type = new TensorType(indices ? DType.I32 : DType.F32, Shape.parse(column[1]));
    Traced traced = Tracer.trace("one", layer(words), type, Mode.EVAL);
    List<String> states = List.of(column).subList(4, column.length);
    assertThat(traced.states())
        .extracting(d -> d.name() + " " + d.type().shape())
        .containsExactlyInAnyOrderElementsOf(states);
    var inputs = new HashMap<String, Tensor>();
    inputs.put("x", indices ? Golden.indices(type.shape(), 11) : Golden.wave(type.shape(), 1, 1));
    for (int n = 0; n < states.size(); n++) {
      String[] state = states.get(n).split(" ");
      Tensor t = Golden.wave(Shape.parse(state[1]), 1, 2 + n);
      inputs.put(state[0], state[0].equals("running_var") ? Golden.plus(t, 1.5) : t);
    }
    Tensor y = Reference.evaluate(traced.graph(), inputs).result("y");
    assertThat(y.shape()).isEqualTo(Shape.parse(column[2]));
    assertThat(Golden.checksum(y)).isEqualTo(Double.parseDouble(column[3]), within(1e-4));
    // Training has the same shapes and states.
    Traced training = Tracer.trace("one", layer(words), type, Mode.TRAIN);
    assertThat(training.graph().result("y").orElseThrow().type()).isEqualTo(y.type());
    assertThat(training.states()).containsExactlyInAnyOrderElementsOf(traced.states());
  }

  private static Layer layer(String[] words) {
    var set =
        Arrays.stream(words)
            .skip(1)
            .map(w -> w.split("="))
            .collect(Collectors.toMap(w -> w[0], w -> Double.valueOf(w[1]).intValue()));
    return layer(
        words[0],
        set,
        set.getOrDefault("in", 0),
        set.getOrDefault("out", 0),
        set.getOrDefault("k", 0));
  }

  private static Layer layer(String kind, Map<String, Integer> set, int in, int out, int k) {
    int s = set.getOrDefault("s", kind.contains("pool") ? k : 1);
    int p = set.getOrDefault("p", 0);
    int d = set.getOrDefault("d", 1);
    int g = set.getOrDefault("g", 1);
    boolean bias = set.getOrDefault("bias", 1) == 1;
    boolean ceil = set.getOrDefault("ceil", 0) == 1;
    boolean count = set.getOrDefault("count", 1) == 1;
    return switch (kind) {
      case "conv1d" -> new Conv1d(in, out, k).stride(s).padding(p).dilation(d).groups(g).bias(bias);
      case "conv2d" -> new Conv2d(in, out, k).stride(s).padding(p).dilation(d).groups(g).bias(bias);
      case "conv_transpose2d" ->
          new ConvTranspose2d(in, out, k)
              .stride(s)
              .padding(p)
              .outputPadding(set.getOrDefault("op", 0))
              .dilation(d)
              .groups(g)
              .bias(bias);
      case "linear" -> new Linear(in, out).bias(bias);
      case "max_pool2d" -> new MaxPool2d(k).stride(s).padding(p).dilation(d).ceil(ceil);
      case "average_pool2d" ->
          new AveragePool2d(k).stride(s).padding(p).ceil(ceil).countPadding(count);
      case "max_pool1d" -> new MaxPool1d(k).stride(s).padding(p).ceil(ceil);
      case "average_pool1d" -> new AveragePool1d(k).stride(s).padding(p).ceil(ceil);
      case "adaptive_average_pool2d" -> new AdaptiveAveragePool2d(out);
      case "adaptive_max_pool2d" -> new AdaptiveMaxPool2d(out);
      case "batch_norm1d", "batch_norm2d" -> new BatchNorm(set.getOrDefault("c", 0));
      case "layer_norm" -> new LayerNorm(set.getOrDefault("c", 0));
      case "local_response_norm" -> new LocalResponseNorm(set.getOrDefault("size", 0));
      case "embedding" -> new Embedding(set.getOrDefault("v", 0), d);
      case "dropout" -> new Dropout(0.5);
      case "flatten" -> new Flatten();
      case "squeeze_excitation" -> new SqueezeExcitation(in, out);
      default -> throw new AssertionError(kind);
    };
  }
}
