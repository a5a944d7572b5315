package unfold.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unfold.config.Knobs;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Learner;
import unfold.engine.Settings;
import unfold.layer.Cell;
import unfold.layer.Embedding;
import unfold.layer.Gru;
import unfold.layer.Loss;
import unfold.layer.Lstm;
import unfold.layer.Recurrent;
import unfold.layer.Rnn;
import unfold.optimizer.Sgd;
import unfold.optimizer.Updating;
import unfold.run.Program;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// What a language model's programs promise about the states of streams.
final class LanguageModelTest {
  private static final int V = 5;
  private static final int ROWS = 2;
  private static final Loss LOSS = new Loss.SoftmaxCrossEntropy();

  private final Engine engine =
      Engine.open(
          Settings.defaults()
              .backends("reference")
              .precision(Precision.F32)
              .threads(1)
              .tuning(Knobs.Tuning.OFF));
  private final States states = new States();

  private static LanguageModel model(String cell) {
    Cell kind =
        switch (cell) {
          case "lstm" -> new Lstm();
          case "gru" -> new Gru();
          default -> new Rnn();
        };
    return new LanguageModel(
        "toy", Map.of(), new Embedding(V, 4), cell, new Recurrent(kind, 4, 4).layers(2), 0, V);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm", "gru", "rnn"})
  void twoWindowsWithACarriedStateReadWhatOneLongWindowReads(String cell) {
    LanguageModel model = model(cell);
    Learner step =
        engine.learner(model.training(ROWS, 3, LOSS), new Sgd(0), Updating.PLAIN, 1, states);
    Program whole = engine.answering(model.reading(ROWS, 6), states);
    whole.feed("tokens", tokens(0, 6));
    model.memories().forEach(m -> whole.feed(m.name(), Tensor.zeros(whole.type(m.name()))));
    whole.run();
    double[] wanted = whole.result("logits").toDoubles();

    run(step, 0, 1, 1);
    assertThat(step.view("logits").toDoubles())
        .containsExactly(java.util.Arrays.copyOf(wanted, 3 * ROWS * V), within(1e-6));
    run(step, 3, 1, 1);
    assertThat(step.view("logits").toDoubles())
        .containsExactly(
            java.util.Arrays.copyOfRange(wanted, 3 * ROWS * V, 6 * ROWS * V), within(1e-6));
    assertThat(states.get("carried.h").toDoubles())
        .containsExactly(whole.result("next.h").toDoubles(), within(1e-6));

    // Row 0 starts anew, row 1 goes on.
    double[] kept = states.get("carried.h").toDoubles();
    run(step, 0, 0, 1);
    double[] fresh = step.view("logits").toDoubles();
    for (int v = 0; v < V; v++) {
      assertThat(fresh[v]).isCloseTo(wanted[v], within(1e-6));
      assertThat(fresh[V + v]).isNotCloseTo(wanted[V + v], within(1e-6));
    }
    assertThat(states.get("carried.h").toDoubles()).isNotEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm", "gru"})
  void aStepWhoseLossIsNoNumberLeavesTheCarriedStatesAsTheyWere(String cell) {
    Learner step =
        engine.learner(
            model(cell).training(ROWS, 3, LOSS), new Sgd(0.1), Updating.PLAIN, 1, states);
    run(step, 0, 0, 0);
    Map<String, Tensor> before = new java.util.TreeMap<>();
    states.names().forEach(n -> before.put(n, states.get(n)));
    step.feed("labels").write(labels(-7));
    step.feed("tokens").write(tokens(0, 3));
    step.feed("keep").write(keep(1, 1));
    step.run(0.1, 2);
    assertThat(step.loss()).isNaN();
    before.forEach(
        (name, t) -> assertThat(states.get(name).toDoubles()).as(name).isEqualTo(t.toDoubles()));
    assertThat(step.firstNotFinite())
        .hasValueSatisfying(where -> assertThat(where).contains("softmax_cross_entropy"));
  }

  private static void run(Learner step, int from, double first, double second) {
    step.feed("tokens").write(tokens(from, 3));
    step.feed("labels").write(labels(1));
    step.feed("keep").write(keep(first, second));
    step.run(0, 1);
  }

  /// Row n of step t has token (3t + 2n + 1) mod V.
  private static Tensor tokens(int from, int steps) {
    Tensor t = Tensor.zeros(DType.I32, steps, ROWS);
    for (int i = 0; i < steps * ROWS; i++) {
      t.set(i, (3 * (from + i / ROWS) + 2 * (i % ROWS) + 1) % V);
    }
    return t;
  }

  private static Tensor labels(int label) {
    Tensor t = Tensor.zeros(DType.I32, 3 * ROWS);
    for (int i = 0; i < t.size(); i++) {
      t.set(i, label);
    }
    return t;
  }

  private static Tensor keep(double first, double second) {
    Tensor t = Tensor.zeros(DType.F32, ROWS);
    t.set(0, first);
    t.set(1, second);
    return t;
  }
}
