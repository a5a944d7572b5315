package unfold.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.autodiff.Autodiff;
import unfold.backend.reference.Reference;
import unfold.op.Activation;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Tracer;
import unfold.trace.Var;

/// Recurrent layers against torch.nn, values and all gradients, from recurrent.txt, which
/// recurrent.py beside it made.
final class RecurrentGoldenTest {
  static List<String> lines() throws IOException {
    return Golden.lines(RecurrentGoldenTest.class, "recurrent.txt");
  }

  @ParameterizedTest
  @MethodSource("lines")
  void givesTorchsNumbersAndGradientsUnderTorchsNames(String line) {
    String[] column = line.split("; ");
    String[] words = column[0].split(" ");
    Map<String, String> set =
        Arrays.stream(words)
            .skip(1)
            .map(w -> w.split("="))
            .collect(Collectors.toMap(w -> w[0], w -> w[1]));
    Recurrent layer = layer(words[0], set);
    int rows = number(set, "n");
    var tracer = new Tracer("one", Mode.TRAIN);
    var inputs = new HashMap<String, Tensor>();
    Var x = feed(tracer, inputs, "x", 1, Shape.of(rows, number(set, "t"), number(set, "d")), 1);
    var states = new ArrayList<Var>();
    for (Cell.Memory m : layer.cell().memories(layer.hidden())) {
      Shape shape = Shape.of(layer.layers() * (layer.bidirectional() ? 2 : 1), rows, m.width());
      states.add(feed(tracer, inputs, m.name() + "0", 1, shape, 0.3 * states.size()));
    }
    var given = Recurrent.Given.NOTHING.states(states);
    if (set.containsKey("lengths")) {
      var lengths = TensorType.of(DType.I32, rows);
      double[] numbers =
          Arrays.stream(set.get("lengths").split(",")).mapToDouble(Double::parseDouble).toArray();
      inputs.put("lengths", tensor(lengths, numbers));
      given = given.lengths(tracer.feed("lengths", lengths));
    }
    Recurrent.Outcome outcome = layer.run(tracer.root(), x, given);
    var results = new ArrayList<>(List.of(outcome.y()));
    results.addAll(outcome.states());
    var sums = new ArrayList<Var>();
    for (int i = 0; i < results.size(); i++) {
      tracer.result("r" + i, results.get(i));
      Var weights = feedCosines(tracer, inputs, "w" + i, results.get(i).shape());
      sums.add(results.get(i).multiply(weights).sum());
    }
    tracer.result("loss", sums.stream().reduce(Var::add).orElseThrow());
    var traced = tracer.build();
    List<String> gradients = List.of(column).subList(2, column.length);
    List<String> names = gradients.stream().map(g -> g.split(" ")[0]).toList();
    List<String> parameters = names.subList(1 + states.size(), names.size());
    assertThat(traced.states()).extracting("name").containsExactlyInAnyOrderElementsOf(parameters);
    for (int n = 0; n < parameters.size(); n++) {
      String name = parameters.get(n);
      Shape shape = traced.graph().input(name).orElseThrow().value().type().shape();
      inputs.put(name, Golden.wave(shape, 0.5, 2 + n));
    }
    var both = Autodiff.differentiate(traced.graph(), "loss", names);
    var computed = Reference.evaluate(both, inputs);
    String[] checksums = column[1].split(" ");
    for (int i = 0; i < checksums.length; i++) {
      assertThat(Golden.checksum(computed.result("r" + i)))
          .as("result " + i)
          .isEqualTo(Double.parseDouble(checksums[i]), within(1e-4));
    }
    for (String g : gradients) {
      String[] word = g.split(" ");
      assertThat(Golden.checksum(computed.result("d:" + word[0])))
          .as("gradient of " + word[0])
          .isEqualTo(Double.parseDouble(word[1]), within(2e-4));
    }
  }

  private static Recurrent layer(String kind, Map<String, String> set) {
    Cell cell =
        switch (kind) {
          case "lstm" -> new Lstm().projection(number(set, "proj"));
          case "gru" -> new Gru();
          case "rnn" -> set.containsKey("nonlinearity") ? new Rnn(Activation.RELU) : new Rnn();
          default -> throw new AssertionError(kind);
        };
    return new Recurrent(cell, number(set, "d"), number(set, "h"))
        .layers(number(set, "layers"))
        .bidirectional(number(set, "both") == 1)
        .bias(number(set, "bias") == 1);
  }

  private static int number(Map<String, String> set, String key) {
    return Integer.parseInt(set.get(key));
  }

  private static Var feed(
      Tracer tracer,
      Map<String, Tensor> inputs,
      String name,
      double scale,
      Shape shape,
      double phase) {
    inputs.put(name, Golden.wave(shape, scale, phase));
    return tracer.feed(name, new TensorType(DType.F32, shape));
  }

  private static Var feedCosines(
      Tracer tracer, Map<String, Tensor> inputs, String name, Shape shape) {
    var type = new TensorType(DType.F32, shape);
    double[] numbers = new double[Math.toIntExact(shape.size())];
    Arrays.setAll(numbers, Math::cos);
    inputs.put(name, tensor(type, numbers));
    return tracer.feed(name, type);
  }

  private static Tensor tensor(TensorType type, double[] numbers) {
    Tensor t = Tensor.zeros(type);
    for (int i = 0; i < numbers.length; i++) {
      t.set(i, numbers[i]);
    }
    return t;
  }
}
