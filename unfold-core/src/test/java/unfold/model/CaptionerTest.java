package unfold.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unfold.config.Knobs;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Feed;
import unfold.engine.Learner;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.error.ShapeException;
import unfold.layer.Activate;
import unfold.layer.Flatten;
import unfold.layer.Gru;
import unfold.layer.Linear;
import unfold.layer.Loss;
import unfold.layer.Lstm;
import unfold.layer.Recurrent;
import unfold.layer.Sequential;
import unfold.optimizer.Sgd;
import unfold.optimizer.Updating;
import unfold.run.Program;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;

/// What a captioner's programs promise about each other and about padding.
final class CaptionerTest {
  private static final int ROWS = 2;
  private static final int FEATURES = 3;
  private static final int STEPS = 4;
  private static final int V = 6;
  private static final int NONE = -1;
  private static final Loss LOSS = new Loss.SoftmaxCrossEntropy().ignore(NONE);

  private final Engine engine =
      Engine.open(
          Settings.defaults()
              .backends("reference")
              .precision(Precision.F32)
              .threads(1)
              .tuning(Knobs.Tuning.OFF));

  private static Captioner model(String cell) {
    var rnn = new Recurrent(cell.equals("lstm") ? new Lstm() : new Gru(), 5, 4).layers(2);
    return new Captioner("toy", Map.of(), FEATURES, cell, rnn, 0, V);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm", "gru"})
  void wordByWordItThinksWhatItThinksOfTheWholeSentence(String cell) {
    Captioner model = model(cell);
    var states = new States();
    Learner learner = learner(model, states, 0);
    feed(learner, STEPS, 0);
    learner.run(0, 1);
    double[] whole = learner.view("logits").toDoubles();

    Program begin = engine.answering(model.beginning(ROWS), states);
    Program go = engine.answering(model.continuing(ROWS), states);
    begin.feed("features", features());
    begin.run();
    assertThat(begin.result("logits").toDoubles())
        .containsExactly(Arrays.copyOf(whole, ROWS * V), within(1e-6));
    Program before = begin;
    Tensor tokens = tokens(0);
    for (int t = 1; t < STEPS; t++) {
      Tensor word = Tensor.zeros(DType.I32, 1, ROWS);
      for (int n = 0; n < ROWS; n++) {
        word.set(n, tokens.get((long) (t - 1) * ROWS + n));
      }
      for (var m : model.memories()) {
        go.feed(m.name(), before.result("next." + m.name()));
      }
      go.feed("tokens", word);
      go.run();
      assertThat(go.result("logits").toDoubles())
          .containsExactly(
              Arrays.copyOfRange(whole, t * ROWS * V, (t + 1) * ROWS * V), within(1e-6));
      before = go;
    }
  }

  @Test
  void whatFollowsASentencesEndTeachesNothing() {
    Captioner model = model("lstm");
    var one = new States();
    var other = new States();
    Learner first = learner(model, one, 0.5);
    Learner second = learner(model, other, 0.5);
    feed(first, 2, 0);
    feed(second, 2, 5);
    first.run(0.5, 1);
    second.run(0.5, 1);
    assertThat(second.loss()).isEqualTo(first.loss());
    for (String name : one.names()) {
      assertThat(other.get(name).toDoubles()).as(name).isEqualTo(one.get(name).toDoubles());
    }
  }

  @Test
  void theVectorTeachesAndIsTaught() {
    Captioner model = model("lstm");
    var states = new States();
    Learner learner = learner(model, states, 0.5);
    double[] before = states.get("image.weight").toDoubles();
    feed(learner, 2, 0);
    learner.run(0.5, 1);
    assertThat(states.get("image.weight").toDoubles()).isNotEqualTo(before);
    assertThat(states.names())
        .contains("image.bias", "embedding.weight", "lstm.weight_hh_l1", "fc.weight");
  }

  @Test
  void aPicturesEncoderLearnsWithTheRest() {
    var encoder =
        new Sequential().then("flatten", new Flatten()).then("fc", new Linear(4, FEATURES));
    var topic =
        new Captioner.Topic.Picture(Shape.of(1, 2, 2), Preprocessing.UNIT.forChannels(1), encoder);
    var rnn = new Recurrent(new Lstm(), 5, 4);
    var model = new Captioner("toy", Map.of(), topic, "lstm", rnn, 0, V);
    var states = new States();
    Learner learner = learner(model, states, 0.5);
    double[] before = states.get("encoder.fc.weight").toDoubles();
    learner.feed("tokens").write(tokens(0));
    learner.feed("labels").write(Tensor.zeros(DType.I32, STEPS * ROWS));
    Tensor pictures = Tensor.zeros(DType.U8, ROWS, 2, 2, 1);
    for (int i = 0; i < pictures.size(); i++) {
      pictures.set(i, 20 * i);
    }
    Feed.pictures(learner.program()).write(pictures);
    learner.run(0.5, 1);
    assertThat(states.get("encoder.fc.weight").toDoubles()).isNotEqualTo(before);

    // Of the first word it thinks the same, whether it is to write or to be scored.
    Program score = engine.answering(model.scoring(ROWS, STEPS), states);
    Feed.pictures(score).write(pictures);
    score.feed("tokens", tokens(0));
    score.run();
    Program begin = engine.answering(model.beginning(ROWS), states);
    Feed.pictures(begin).write(pictures);
    begin.run();
    assertThat(begin.result("logits").toDoubles())
        .containsExactly(Arrays.copyOf(score.result("logits").toDoubles(), ROWS * V), within(1e-6));
  }

  @Test
  void whatCannotBeWrittenIsRefused() {
    var rnn = new Recurrent(new Lstm(), 2, 2);
    assertThatThrownBy(() -> new Captioner("toy", Map.of(), 0, "lstm", rnn, 0, 3))
        .isInstanceOf(InputException.class)
        .hasMessage("toy needs at least one feature and one word, not 0 and 3");
    assertThatThrownBy(
            () -> new Captioner("toy", Map.of(), 1, "lstm", rnn.bidirectional(true), 0, 3))
        .isInstanceOf(InputException.class)
        .hasMessage("toy writes word by word, so its recurrent layers cannot read backwards");
    var flat =
        new Captioner.Topic.Picture(
            Shape.of(2, 2), Preprocessing.UNIT.forChannels(1), new Flatten());
    assertThatThrownBy(() -> new Captioner("toy", Map.of(), flat, "lstm", rnn, 0, 3))
        .isInstanceOf(InputException.class)
        .hasMessage("toy needs pictures C×H×W, not [2x2]");
    var map =
        new Captioner.Topic.Picture(
            Shape.of(1, 2, 2), Preprocessing.UNIT.forChannels(1), Activate.RELU);
    assertThatThrownBy(() -> new Captioner("toy", Map.of(), map, "lstm", rnn, 0, 3).beginning(1))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("a picture must become a vector, but the encoder gives [1x1x2x2]");
    assertThatThrownBy(() -> model("lstm").training(1, 1, LOSS))
        .isInstanceOf(ShapeException.class)
        .hasMessage("toy: 1 steps have no room for a word and an end");
  }

  private Learner learner(Captioner model, States states, double rate) {
    return engine.learner(
        model.training(ROWS, STEPS, LOSS), new Sgd(rate), Updating.PLAIN, 1, states);
  }

  /// @param ends first step of row 1 that does not count
  /// @param padding token from there on
  private static void feed(Learner learner, int ends, int padding) {
    Tensor tokens = tokens(0);
    Tensor labels = Tensor.zeros(DType.I32, STEPS * ROWS);
    for (int t = 0; t < STEPS; t++) {
      labels.set((long) t * ROWS, (t + 1) % V);
      labels.set((long) t * ROWS + 1, t < ends ? (2 * t) % V : NONE);
      if (t >= ends) {
        tokens.set((long) (t - 1) * ROWS + 1, padding);
      }
    }
    learner.feed("features").write(features());
    learner.feed("tokens").write(tokens);
    learner.feed("labels").write(labels);
  }

  private static Tensor tokens(int shift) {
    Tensor t = Tensor.zeros(DType.I32, STEPS - 1, ROWS);
    for (int i = 0; i < t.size(); i++) {
      t.set(i, (3 * i + shift) % V);
    }
    return t;
  }

  private static Tensor features() {
    Tensor t = Tensor.zeros(DType.F32, ROWS, FEATURES);
    for (int i = 0; i < t.size(); i++) {
      t.set(i, Math.sin(i + 1));
    }
    return t;
  }
}
