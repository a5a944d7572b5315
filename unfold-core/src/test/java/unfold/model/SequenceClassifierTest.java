package unfold.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.autodiff.Autodiff;
import unfold.backend.reference.Reference;
import unfold.error.InputException;
import unfold.layer.Cell;
import unfold.layer.Embedding;
import unfold.layer.Gru;
import unfold.layer.Loss;
import unfold.layer.Lstm;
import unfold.layer.Recurrent;
import unfold.layer.Rnn;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.trace.Declaration;

/// Against torch.nn with packed sequences, from classifier.txt, which classifier.py beside it made;
/// and what padding may not do.
final class SequenceClassifierTest {
  private static final int WORDS = 7;
  private static final int WIDTH = 4;
  private static final int HIDDEN = 5;
  private static final int CLASSES = 3;
  private static final int STEPS = 6;
  private static final int NONE = -1;
  private static final Loss LOSS = new Loss.SoftmaxCrossEntropy().ignore(NONE);

  static List<String> lines() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            SequenceClassifierTest.class.getResourceAsStream("classifier.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(l -> !l.startsWith("#"))
          .toList();
    }
  }

  private static SequenceClassifier model(String kind, int layers, boolean both, double dropout) {
    Cell cell =
        switch (kind) {
          case "lstm" -> new Lstm();
          case "gru" -> new Gru();
          case "rnn" -> new Rnn();
          default -> throw new AssertionError(kind);
        };
    var rnn = new Recurrent(cell, WIDTH, HIDDEN).layers(layers).bidirectional(both);
    return new SequenceClassifier(
        "toy", Map.of(), new Embedding(WORDS, WIDTH), kind, rnn, dropout, CLASSES);
  }

  @ParameterizedTest
  @MethodSource("lines")
  void givesTorchsLogitsAndGradientsUnderTorchsNames(String line) {
    String[] column = line.split("; ");
    String[] word = column[0].split("[ =]");
    SequenceClassifier model = model(word[0], Integer.parseInt(word[2]), word[4].equals("1"), 0);
    int[] lengths = Arrays.stream(word[6].split(",")).mapToInt(Integer::parseInt).toArray();
    List<String> gradients = List.of(column).subList(3, column.length);
    List<String> names = gradients.stream().map(g -> g.split(" ")[0]).toList();
    var computed = computed(model, names, lengths, 0);

    double[] logits =
        Arrays.stream(column[1].split(" ")).mapToDouble(Double::parseDouble).toArray();
    assertThat(at(computed, "logits").toDoubles()).containsExactly(logits, within(2e-6));
    assertThat(at(computed, "loss").get(0)).isEqualTo(Double.parseDouble(column[2]), within(2e-6));
    for (String g : gradients) {
      assertThat(checksum(at(computed, "d:" + g.split(" ")[0])))
          .as(g)
          .isEqualTo(Double.parseDouble(g.split(" ")[1]), within(1e-5));
    }
  }

  @Test
  void whatLiesBeyondARowsEndChangesNeitherLogitsNorGradients() {
    SequenceClassifier model = model("lstm", 2, true, 0);
    List<String> names = names(model);
    int[] lengths = {3, 0, 6, 1};
    var one = computed(model, names, lengths, 0);
    var other = computed(model, names, lengths, 4);
    one.forEach(
        (name, t) -> assertThat(t.toDoubles()).as(name).isEqualTo(at(other, name).toDoubles()));
  }

  @Test
  void aRowOfPaddingOnlyIsWhatTheNetworkThinksOfNothing() {
    SequenceClassifier model = model("gru", 1, true, 0);
    var computed = computed(model, names(model), new int[] {0, 2}, 0);
    // The zero state times any weight: the bias, parameter 10 of 0 … 10.
    double[] logits = at(computed, "logits").toDoubles();
    double[] bias = wave(Shape.of(CLASSES), names(model).indexOf("fc.bias")).toDoubles();
    assertThat(Arrays.copyOf(logits, CLASSES)).containsExactly(bias, within(1e-6));
  }

  @Test
  void rowsWithoutALabelCountForNothing() {
    SequenceClassifier model = model("lstm", 1, false, 0);
    List<String> names = names(model);
    var two = computed(model, names, new int[] {4, 2}, 0);
    var padded = computed(model, names, new int[] {4, 2, 0, 0}, 3);
    assertThat(at(padded, "loss").get(0)).isEqualTo(at(two, "loss").get(0), within(1e-7));
    for (String name : names) {
      assertThat(at(padded, "d:" + name).toDoubles())
          .containsExactly(at(two, "d:" + name).toDoubles(), within(1e-7));
    }
  }

  @Test
  void aNetworkNeedsAClass() {
    var rnn = new Recurrent(new Lstm(), 2, 2);
    assertThatThrownBy(
            () -> new SequenceClassifier("toy", Map.of(), new Embedding(2, 2), "lstm", rnn, 0, 0))
        .isInstanceOf(InputException.class)
        .hasMessage("toy needs at least one class, not 0");
  }

  /// Names of the parameters in the order in which torch lists them.
  private static List<String> names(SequenceClassifier model) {
    return model.answering(1, 1).states().stream().map(Declaration::name).toList();
  }

  /// Logits, loss and gradients; rows of length 0 have no label.
  private static Map<String, Tensor> computed(
      SequenceClassifier model, List<String> names, int[] lengths, int padding) {
    int rows = lengths.length;
    var traced = model.training(rows, STEPS, LOSS);
    assertThat(traced.states()).extracting("name").containsExactlyInAnyOrderElementsOf(names);
    var inputs = new HashMap<String, Tensor>();
    for (int n = 0; n < names.size(); n++) {
      var type = traced.graph().input(names.get(n)).orElseThrow().value().type();
      inputs.put(names.get(n), wave(type.shape(), n));
    }
    Tensor tokens = Tensor.zeros(DType.I32, STEPS, rows);
    Tensor counts = Tensor.zeros(DType.I32, rows);
    Tensor labels = Tensor.zeros(DType.I32, rows);
    for (int n = 0; n < rows; n++) {
      counts.set(n, lengths[n]);
      labels.set(n, lengths[n] == 0 ? NONE : n % CLASSES);
      for (int t = 0; t < STEPS; t++) {
        tokens.set((long) t * rows + n, t < lengths[n] ? (3 * t + 5 * n + 1) % WORDS : padding);
      }
    }
    inputs.put("tokens", tokens);
    inputs.put("lengths", counts);
    inputs.put("labels", labels);
    var both = Autodiff.differentiate(traced.graph(), "loss", names);
    var results = Reference.evaluate(both, inputs);
    var computed = new HashMap<String, Tensor>();
    var wanted = new ArrayList<>(List.of("logits", "loss"));
    names.forEach(name -> wanted.add("d:" + name));
    wanted.forEach(name -> computed.put(name, results.result(name)));
    return computed;
  }

  private static Tensor wave(Shape shape, int number) {
    Tensor t = Tensor.zeros(new unfold.tensor.TensorType(DType.F32, shape));
    for (int i = 0; i < t.size(); i++) {
      t.set(i, 0.5 * Math.sin(2 + number + 0.7 * i));
    }
    return t;
  }

  private static double checksum(Tensor t) {
    double sum = 0;
    for (int i = 0; i < t.size(); i++) {
      sum += t.get(i) * Math.cos(i);
    }
    return sum;
  }

  private static Tensor at(Map<String, Tensor> computed, String name) {
    return Objects.requireNonNull(computed.get(name), name);
  }
}
