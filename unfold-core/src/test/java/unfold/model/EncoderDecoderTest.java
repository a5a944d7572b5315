package unfold.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import unfold.autodiff.Autodiff;
import unfold.backend.reference.Reference;
import unfold.error.InputException;
import unfold.error.ShapeException;
import unfold.layer.Attention;
import unfold.layer.Cell;
import unfold.layer.Golden;
import unfold.layer.Gru;
import unfold.layer.Loss;
import unfold.layer.Lstm;
import unfold.layer.Recurrent;
import unfold.layer.Rnn;
import unfold.model.EncoderDecoder.Size;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Traced;
import unfold.trace.Tracer;

/// Against PyTorch's numbers from translation.txt, which translation.py beside it made.
final class EncoderDecoderTest {
  private static final int ROWS = 3;
  private static final int READ = 5;
  private static final int WRITE = 4;
  private static final int WORDS = 6;
  private static final Loss LOSS = new Loss.SoftmaxCrossEntropy();

  static List<String> lines() throws IOException {
    return Golden.lines(EncoderDecoderTest.class, "translation.txt");
  }

  @ParameterizedTest
  @MethodSource("lines")
  void givesTorchsLossLogitsAndGradients(String line) {
    String[] column = line.split("; ");
    String[] kind = column[0].split(" ");
    Traced traced =
        model(kind[0], kind[1], 0).teaching(new Size(ROWS, READ, WRITE), LOSS, Mode.TRAIN, false);
    List<String> gradients = List.of(column).subList(3, column.length);
    List<String> names = gradients.stream().map(g -> g.split(" ")[0]).toList();
    assertThat(traced.states()).extracting("name").containsExactlyInAnyOrderElementsOf(names);
    var inputs = inputs(READ, WRITE);
    inputs.putAll(parameters(traced));
    var computed =
        Reference.evaluate(Autodiff.differentiate(traced.graph(), "loss", names), inputs);
    assertThat(computed.result("loss").get(0))
        .isEqualTo(Double.parseDouble(column[1]), within(1e-6));
    assertThat(Golden.checksum(computed.result("logits")))
        .isEqualTo(Double.parseDouble(column[2]), within(1e-6));
    for (String g : gradients) {
      String[] word = g.split(" ");
      assertThat(Golden.checksum(computed.result("d:" + word[0])))
          .as("gradient of " + word[0])
          .isEqualTo(Double.parseDouble(word[1]), within(1e-6));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "dot"})
  void scoringForetellsWhatMeasuringDoes(String attention) {
    var model = model("lstm", attention, 0);
    var size = new Size(ROWS, READ, WRITE);
    Traced measured = model.teaching(size, LOSS, Mode.EVAL, false);
    var inputs = inputs(READ, WRITE);
    inputs.putAll(parameters(measured));
    Tensor wanted = Reference.evaluate(measured.graph(), inputs).result("logits");
    inputs.remove("labels");
    Tensor logits = Reference.evaluate(model.scoring(size).graph(), inputs).result("logits");
    assertThat(logits.toDoubles()).containsExactly(wanted.toDoubles());
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "dot", "additive"})
  void paddingIsInert(String attention) {
    EncoderDecoder model = model("lstm", attention, 0);
    Traced small = model.teaching(new Size(ROWS, READ, WRITE), LOSS, Mode.TRAIN, false);
    Traced large = model.teaching(new Size(ROWS, READ + 3, WRITE + 2), LOSS, Mode.TRAIN, false);
    List<String> names = small.states().stream().map(d -> d.name()).sorted().toList();
    var a = Reference.evaluate(Autodiff.differentiate(small.graph(), "loss", names), with(small));
    var b = Reference.evaluate(Autodiff.differentiate(large.graph(), "loss", names), with(large));
    assertThat(b.result("loss").get(0)).isEqualTo(a.result("loss").get(0), within(1e-9));
    for (String name : names) {
      double[] exact = a.result("d:" + name).toDoubles();
      double[] padded = b.result("d:" + name).toDoubles();
      for (int i = 0; i < exact.length; i++) {
        assertThat(padded[i]).as(name).isEqualTo(exact[i], within(1e-7));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm none", "gru none", "lstm dot", "rnn additive"})
  void writingWordByWordGivesWhatTeachingGivesAtOnce(String kind) {
    EncoderDecoder model = model(kind.split(" ")[0], kind.split(" ")[1], 0);
    Traced teaching = model.teaching(new Size(ROWS, READ, WRITE), LOSS, Mode.EVAL, false);
    Tensor logits = Reference.evaluate(teaching.graph(), with(teaching)).result("logits");
    Map<String, Tensor> parameters = parameters(teaching);

    var inputs = inputs(READ, WRITE);
    Tensor target = Objects.requireNonNull(inputs.get("target"));
    Tensor lengths = Objects.requireNonNull(inputs.get("lengths"));
    inputs.putAll(parameters);
    var read = Reference.evaluate(model.reading(ROWS, READ).graph(), inputs);
    for (Cell.Memory m : model.memories()) {
      inputs.put(m.name(), read.result(m.name()));
    }
    if (model.attention().isPresent()) {
      inputs.put("memory", read.result("memory"));
    }
    for (int t = 0; t < WRITE; t++) {
      Tensor words = Tensor.zeros(DType.I32, 1, ROWS);
      for (int n = 0; n < ROWS; n++) {
        words.set(n, target.get((long) t * ROWS + n));
      }
      inputs.put("tokens", words);
      var written = Reference.evaluate(model.writing(ROWS, READ).graph(), inputs);
      Tensor logs = written.result("log_probabilities");
      for (int n = 0; n < ROWS; n++) {
        double[] row = new double[WORDS];
        for (int v = 0; v < WORDS; v++) {
          row[v] = logits.get(((long) t * ROWS + n) * WORDS + v);
        }
        double sum = Math.log(Arrays.stream(row).map(Math::exp).sum());
        for (int v = 0; v < WORDS; v++) {
          assertThat(logs.get((long) n * WORDS + v)).isEqualTo(row[v] - sum, within(1e-6));
        }
        if (model.attention().isPresent()) {
          Tensor looks = written.result("looks");
          int length = (int) lengths.get(n);
          for (int s = 0; s < READ; s++) {
            assertThat(looks.get((long) n * READ + s) > 0).isEqualTo(s < length);
          }
        }
      }
      for (Cell.Memory m : model.memories()) {
        inputs.put(m.name(), written.result("next." + m.name()));
      }
    }
  }

  @Test
  void scheduledSamplingGivesTheRightWordsAtChance0AndGuessesAtChance1() {
    EncoderDecoder model = model("gru", "dot", 0);
    var size = new Size(ROWS, READ, WRITE);
    Traced plain = model.teaching(size, LOSS, Mode.TRAIN, false);
    Traced sampled = model.teaching(size, LOSS, Mode.TRAIN, true);
    var inputs = with(sampled);
    inputs.put("key", Tensor.of(Shape.of(4), 1, 0, 1, 0));
    inputs.put("chance", Tensor.of(Shape.of(1), 0f));
    Tensor right = Reference.evaluate(plain.graph(), with(plain)).result("logits");
    assertThat(Reference.evaluate(sampled.graph(), inputs).result("logits").toDoubles())
        .containsExactly(right.toDoubles());

    inputs.put("chance", Tensor.of(Shape.of(1), 1f));
    double[] guessed = Reference.evaluate(sampled.graph(), inputs).result("logits").toDoubles();
    var own = with(plain);
    Tensor target = Objects.requireNonNull(own.get("target"));
    for (int t = 1; t < WRITE; t++) {
      for (int n = 0; n < ROWS; n++) {
        int row = (t - 1) * ROWS + n;
        int best =
            IntStream.range(0, WORDS)
                .reduce((a, b) ->
                    right.get((long) row * WORDS + b) > right.get((long) row * WORDS + a) ? b : a)
                .orElseThrow();
        target.set((long) t * ROWS + n, best);
      }
    }
    assertThat(guessed)
        .containsExactly(Reference.evaluate(plain.graph(), own).result("logits").toDoubles())
        .isNotEqualTo(right.toDoubles());
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() {
    var four = new Recurrent(new Lstm(), 3, 4);
    assertThatThrownBy(() -> model(four, four.layers(2), Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "tiny: the decoder starts from the encoder's states, but has 2 layers of 4 units and"
                + " the encoder 1 of 4");
    assertThatThrownBy(() -> model(four, four.bidirectional(true), Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessage("tiny: a decoder writes forwards and cannot be bidirectional");
    var tracer = new Tracer("one", Mode.EVAL);
    assertThatThrownBy(() ->
            new Attention.Dot()
                .look(
                    tracer.root().child("attention"),
                    tracer.feed("q", TensorType.f32(2, 3, 4)),
                    tracer.feed("m", TensorType.f32(2, 5, 6)),
                    tracer.feed("lengths", TensorType.of(DType.I32, 2))))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "attention: dot attention: queries [2x3x4] and memory [2x5x6] must have the same width;"
                + " additive attention takes any");
  }

  static EncoderDecoder model(String cell, String attention, double dropout) {
    Cell c =
        switch (cell) {
          case "lstm" -> new Lstm();
          case "gru" -> new Gru();
          case "rnn" -> new Rnn();
          default -> throw new AssertionError(cell);
        };
    boolean both = !attention.equals("none");
    return new EncoderDecoder(
        "tiny",
        Map.of(),
        new Recurrent(c, 3, both ? 2 : 4).layers(2).bidirectional(both),
        new Recurrent(c, 3, 4).layers(2),
        switch (attention) {
          case "none" -> Optional.empty();
          case "dot" -> Optional.of(new Attention.Dot());
          default -> Optional.of(new Attention.Additive(5));
        },
        !both,
        dropout,
        7,
        WORDS);
  }

  private static EncoderDecoder model(
      Recurrent encoder, Recurrent decoder, Optional<Attention> attention) {
    return new EncoderDecoder("tiny", Map.of(), encoder, decoder, attention, false, 0, 7, WORDS);
  }

  private static HashMap<String, Tensor> with(Traced traced) {
    Shape source = traced.graph().input("source").orElseThrow().value().type().shape();
    Shape target = traced.graph().input("target").orElseThrow().value().type().shape();
    var all = inputs(source.dim(0), target.dim(0));
    all.putAll(parameters(traced));
    return all;
  }

  /// The batch of the golden file, with padding behind.
  private static HashMap<String, Tensor> inputs(int read, int write) {
    Tensor source = Tensor.zeros(DType.I32, read, ROWS);
    for (int i = 0; i < source.size(); i++) {
      source.set(i, i < READ * ROWS ? i % 7 : 3);
    }
    Tensor target = Tensor.zeros(DType.I32, write, ROWS);
    Tensor labels = Tensor.zeros(DType.I32, write * ROWS);
    for (int i = 0; i < target.size(); i++) {
      boolean counts = i < WRITE * ROWS && !List.of(7, 10, 11).contains(i);
      target.set(i, i < WRITE * ROWS ? i % WORDS : 2);
      labels.set(i, counts ? (2 * i + 1) % WORDS : -100);
    }
    var all = new HashMap<String, Tensor>();
    all.put("source", source);
    all.put("target", target);
    all.put("labels", labels);
    all.put("lengths", Tensor.of(Shape.of(ROWS), 5, 3, 1));
    return all;
  }

  private static Map<String, Tensor> parameters(Traced traced) {
    var all = new HashMap<String, Tensor>();
    var names = new ArrayList<>(traced.states().stream().map(d -> d.name()).sorted().toList());
    for (int n = 0; n < names.size(); n++) {
      Shape shape = traced.state(names.get(n)).orElseThrow().type().shape();
      all.put(names.get(n), Golden.wave(shape, 1, 2 + n));
    }
    return all;
  }
}
