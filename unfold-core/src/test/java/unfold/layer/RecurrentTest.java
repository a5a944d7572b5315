package unfold.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.autodiff.Autodiff;
import unfold.backend.reference.Reference;
import unfold.error.ShapeException;
import unfold.graph.Graph;
import unfold.op.Randomness;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Scope;
import unfold.trace.Traced;
import unfold.trace.Tracer;
import unfold.trace.Var;

class RecurrentTest {
  private static final int ROWS = 3;
  private static final int STEPS = 5;
  private static final int IN = 4;
  private static final int HIDDEN = 6;

  /// A cell as one op and written out in small ops.
  record Pair(String name, Cell fused, Unrolled.Step written, Unrolled.Widths widths) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Pair> pairs() {
    return Stream.of(
        new Pair(
            "rnn",
            new Rnn(),
            (s, d, x, h) -> List.of(sums(s, d, x, h, 1).tanh()),
            h -> new Rnn().memories(h)),
        new Pair(
            "lstm",
            new Lstm(),
            (s, d, x, h) -> lstm(new Lstm(), s, d, x, h),
            h -> new Lstm().memories(h)),
        lstmPair("lstm with peepholes", new Lstm().peepholes(true)),
        lstmPair("lstm with a projection", new Lstm().projection(4)),
        lstmPair("lstm with both", new Lstm().projection(4).peepholes(true)),
        new Pair("gru", new Gru(), RecurrentTest::gruAfter, h -> new Gru().memories(h)),
        new Pair(
            "original gru", Gru.original(), RecurrentTest::gruBefore, h -> new Gru().memories(h)));
  }

  private static Pair lstmPair(String name, Lstm cell) {
    return new Pair(name, cell, (s, d, x, h) -> lstm(cell, s, d, x, h), cell::memories);
  }

  private static Var parameter(Scope s, Cell.Direction d, String name, int... shape) {
    return s.parameter(d.name(name), Shape.of(shape), new Zeros());
  }

  private static Var ofInput(Scope s, Cell.Direction d, Var x, int gates) {
    return x.matmul(parameter(s, d, "weight_ih", gates * d.hidden(), x.dim(1)), false, true)
        .add(parameter(s, d, "bias_ih", gates * d.hidden()));
  }

  private static Var ofState(Scope s, Cell.Direction d, Var h, int gates) {
    return h.matmul(parameter(s, d, "weight_hh", gates * d.hidden(), h.dim(1)), false, true)
        .add(parameter(s, d, "bias_hh", gates * d.hidden()));
  }

  private static Var sums(Scope s, Cell.Direction d, Var x, List<Var> states, int gates) {
    return ofInput(s, d, x, gates).add(ofState(s, d, states.getFirst(), gates));
  }

  private static Var gate(Var all, int number, int hidden) {
    return all.slice(1, number * hidden, hidden);
  }

  private static List<Var> lstm(Lstm cell, Scope s, Cell.Direction d, Var x, List<Var> states) {
    int h = d.hidden();
    Var all = sums(s, d, x, states, 4);
    Var c = states.get(1);
    Var i = gate(all, 0, h);
    Var f = gate(all, 1, h);
    Var o = gate(all, 3, h);
    if (cell.peepholes()) {
      Var v = parameter(s, d, "weight_peephole", 3, h);
      i = i.add(c.multiply(v.slice(0, 0, 1)));
      f = f.add(c.multiply(v.slice(0, 1, 1)));
      c = f.sigmoid().multiply(c).add(i.sigmoid().multiply(gate(all, 2, h).tanh()));
      o = o.add(c.multiply(v.slice(0, 2, 1)));
    } else {
      c = f.sigmoid().multiply(c).add(i.sigmoid().multiply(gate(all, 2, h).tanh()));
    }
    Var out = o.sigmoid().multiply(c.tanh());
    if (cell.projection() > 0) {
      out = out.matmul(parameter(s, d, "weight_hr", cell.projection(), h), false, true);
    }
    return List.of(out, c);
  }

  private static List<Var> gruAfter(Scope s, Cell.Direction d, Var x, List<Var> states) {
    int h = d.hidden();
    Var a = ofInput(s, d, x, 3);
    Var b = ofState(s, d, states.getFirst(), 3);
    Var r = gate(a, 0, h).add(gate(b, 0, h)).sigmoid();
    Var z = gate(a, 1, h).add(gate(b, 1, h)).sigmoid();
    Var n = gate(a, 2, h).add(r.multiply(gate(b, 2, h))).tanh();
    return List.of(mixed(z, states.getFirst(), n));
  }

  private static List<Var> gruBefore(Scope s, Cell.Direction d, Var x, List<Var> states) {
    int h = d.hidden();
    Var before = states.getFirst();
    Var a = ofInput(s, d, x, 3).add(parameter(s, d, "bias_hh", 3 * h));
    Var w = parameter(s, d, "weight_hh", 3 * h, h);
    Var r = gate(a, 0, h).add(before.matmul(w.slice(0, 0, h), false, true)).sigmoid();
    Var z = gate(a, 1, h).add(before.matmul(w.slice(0, h, h), false, true)).sigmoid();
    Var inner = r.multiply(before).matmul(w.slice(0, 2 * h, h), false, true);
    return List.of(mixed(z, before, gate(a, 2, h).add(inner).tanh()));
  }

  private static Var mixed(Var z, Var h, Var n) {
    return z.multiply(h).add(z.affine(-1, 1).multiply(n));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void isItsStepsInSmallOps(Pair pair) {
    for (boolean both : new boolean[] {false, true}) {
      var fused = new Recurrent(pair.fused(), IN, HIDDEN).layers(2).bidirectional(both);
      var written =
          new Recurrent(new Unrolled(pair.widths(), pair.written()), IN, HIDDEN)
              .layers(2)
              .bidirectional(both);
      for (int[] lengths : new int[][] {{5, 5, 5}, {5, 2, 0}}) {
        var one = computed(fused, lengths, 0);
        var other = computed(written, lengths, 0);
        assertThat(one.keySet()).isEqualTo(other.keySet());
        one.forEach((name, t) -> assertClose(name, t, at(other, name)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void paddingIsInert(Pair pair) {
    var layer = new Recurrent(pair.fused(), IN, HIDDEN).layers(2).bidirectional(true);
    int[] lengths = {4, 1, 0};
    var one = computed(layer, lengths, 0);
    var other = computed(layer, lengths, 9);
    one.forEach(
        (name, t) -> assertThat(t.toDoubles()).as(name).isEqualTo(at(other, name).toDoubles()));
    Tensor y = at(one, "y");
    Tensor dx = at(one, "d:x");
    for (int n = 0; n < ROWS; n++) {
      for (int t = lengths[n]; t < STEPS; t++) {
        for (int j = 0; j < y.shape().dim(2); j++) {
          assertThat(y.get(((long) n * STEPS + t) * y.shape().dim(2) + j)).isZero();
        }
        for (int j = 0; j < IN; j++) {
          assertThat(dx.get(((long) n * STEPS + t) * IN + j)).isZero();
        }
      }
    }
  }

  private static Tensor at(Map<String, Tensor> all, String name) {
    return Objects.requireNonNull(all.get(name), name);
  }

  private static void assertClose(String name, Tensor a, Tensor b) {
    for (int i = 0; i < a.size(); i++) {
      assertThat(a.get(i)).as(name + " " + i).isCloseTo(b.get(i), within(2e-5));
    }
  }

  /// Results and gradients from waves.
  ///
  /// @param padding number that x has beyond a row's length
  private static Map<String, Tensor> computed(Recurrent layer, int[] lengths, double padding) {
    var tracer = new Tracer("t", Mode.TRAIN);
    var x = tracer.feed("x", TensorType.of(DType.F32, ROWS, STEPS, IN));
    var states = new ArrayList<Var>();
    var inputs = new HashMap<String, Tensor>();
    for (Cell.Memory m : layer.cell().memories(HIDDEN)) {
      Shape shape = Shape.of(layer.layers() * (layer.bidirectional() ? 2 : 1), ROWS, m.width());
      states.add(tracer.feed(m.name(), new TensorType(DType.F32, shape)));
    }
    Var lens = tracer.feed("lengths", TensorType.of(DType.I32, ROWS));
    var outcome = layer.run(tracer.root(), x, Recurrent.Given.NOTHING.lengths(lens).states(states));
    tracer.result("y", outcome.y());
    Var loss = outcome.y().square().sum();
    for (int i = 0; i < states.size(); i++) {
      tracer.result("last" + i, outcome.states().get(i));
      loss = loss.add(outcome.states().get(i).square().sum().multiply(0.7 + i));
    }
    tracer.result("loss", loss);
    Graph graph = tracer.build().graph();
    var names = new ArrayList<String>();
    graph
        .inputs()
        .forEach(i -> {
          if (i.value().type().dtype() == DType.F32) {
            names.add(i.name());
            inputs.put(
                i.name(), Golden.wave(i.value().type().shape(), 0.5, i.name().hashCode() % 100));
          }
        });
    Tensor given = at(inputs, "x");
    Tensor counts = Tensor.zeros(TensorType.of(DType.I32, ROWS));
    for (int n = 0; n < ROWS; n++) {
      counts.set(n, lengths[n]);
      for (int i = lengths[n] * IN; i < STEPS * IN; i++) {
        given.set((long) n * STEPS * IN + i, padding);
      }
    }
    inputs.put("lengths", counts);
    return Reference.evaluate(Autodiff.differentiate(graph, "loss", names), inputs).results();
  }

  @Test
  void carriesItsStatesFromRunToRunAndForgetsThemWhereToldTo() {
    var layer = new Recurrent(new Lstm(), IN, HIDDEN).layers(2).timeMajor(true);
    Tensor x = Golden.wave(Shape.of(6, ROWS, IN), 1, 1);
    Tensor whole =
        run(Tracer.trace("whole", layer, x.type(), Mode.EVAL), new HashMap<>(Map.of("x", x)))
            .result("y");

    var tracer = new Tracer("part", Mode.TRAIN);
    Var half = tracer.feed("x", TensorType.of(DType.F32, 3, ROWS, IN));
    Var keep = tracer.feed("keep", TensorType.of(DType.F32, ROWS));
    tracer.result("y", layer.carried(tracer.root(), half, "train", Optional.of(keep)).y());
    Traced part = tracer.build();
    var inputs = new HashMap<String, Tensor>();
    inputs.put("x", rows(x, 0));
    inputs.put("keep", ones(ROWS));
    var first = run(part, inputs);
    inputs.put("train.h", first.update("train.h"));
    inputs.put("train.c", first.update("train.c"));
    inputs.put("x", rows(x, 3));
    at(inputs, "keep").set(1, 0);
    Tensor second = run(part, inputs).result("y");

    int step = ROWS * HIDDEN;
    for (int t = 0; t < 3; t++) {
      for (int i = 0; i < step; i++) {
        boolean forgot = i / HIDDEN == 1;
        if (!forgot) {
          assertThat(second.get((long) t * step + i))
              .isCloseTo(whole.get((long) (t + 3) * step + i), within(1e-6));
        }
      }
    }
    // The row that started anew gives what a fresh network gives.
    Tensor fresh =
        run(
                Tracer.trace("fresh", layer, TensorType.of(DType.F32, 3, ROWS, IN), Mode.EVAL),
                new HashMap<>(Map.of("x", rows(x, 3))))
            .result("y");
    for (int j = 0; j < HIDDEN; j++) {
      assertThat(second.get(HIDDEN + j)).isCloseTo(fresh.get(HIDDEN + j), within(1e-6));
    }
  }

  private static Tensor ones(int n) {
    Tensor t = Tensor.zeros(TensorType.of(DType.F32, n));
    for (int i = 0; i < n; i++) {
      t.set(i, 1);
    }
    return t;
  }

  private static Tensor rows(Tensor x, int from) {
    Tensor part = Tensor.zeros(TensorType.of(DType.F32, 3, ROWS, IN));
    for (int i = 0; i < part.size(); i++) {
      part.set(i, x.get((long) from * ROWS * IN + i));
    }
    return part;
  }

  private static Reference.Outcome run(Traced traced, Map<String, Tensor> inputs) {
    for (var d : traced.states()) {
      inputs.putIfAbsent(
          d.name(),
          d.name().startsWith("train.")
              ? Tensor.zeros(d.type())
              : Golden.wave(d.type().shape(), 0.5, d.name().hashCode() % 100));
    }
    return Reference.evaluate(traced.graph(), inputs);
  }

  @Test
  void dropsBetweenLayersOnlyAndVariationallyOneMaskForAllSteps() {
    var type = TensorType.of(DType.F32, 2, STEPS, IN);
    var layer = new Recurrent(new Gru(), IN, HIDDEN).layers(3);
    assertThat(dropouts(layer.dropout(0.5), type, Mode.TRAIN))
        .containsExactly(Shape.of(STEPS, 2, HIDDEN), Shape.of(STEPS, 2, HIDDEN));
    assertThat(dropouts(layer.variationalDropout(0.5), type, Mode.TRAIN))
        .containsExactly(Shape.of(1, 2, HIDDEN), Shape.of(1, 2, HIDDEN));
    assertThat(dropouts(layer.dropout(0.5), type, Mode.EVAL)).isEmpty();
    assertThat(dropouts(layer.layers(1).dropout(0.5), type, Mode.TRAIN)).isEmpty();
  }

  private static List<Shape> dropouts(Layer layer, TensorType type, Mode mode) {
    return Tracer.trace("d", layer, type, mode).graph().nodes().stream()
        .filter(n -> n.op() instanceof Randomness)
        .map(n -> n.output().type().shape())
        .toList();
  }

  @Test
  void startsAsItIsToldTo() {
    var start = Cell.Start.orthogonal();
    var layer = new Recurrent(new Lstm().forgetBias(1), IN, HIDDEN).start(start);
    var traced = Tracer.trace("t", layer, TensorType.of(DType.F32, 2, 3, IN), Mode.TRAIN);
    var initial = new HashMap<String, Tensor>();
    traced.states().forEach(d -> initial.put(d.name(), d.initial(1)));
    for (int i = 0; i < 4 * HIDDEN; i++) {
      assertThat(at(initial, "bias_ih_l0").get(i)).isEqualTo(i / HIDDEN == 1 ? 1 : 0);
      assertThat(at(initial, "bias_hh_l0").get(i)).isZero();
    }
    // Each gate's weight from h is orthogonal by itself.
    Tensor w = at(initial, "weight_hh_l0");
    for (int gate = 0; gate < 4; gate++) {
      for (int a = 0; a < HIDDEN; a++) {
        for (int b = 0; b < HIDDEN; b++) {
          double dot = 0;
          for (int k = 0; k < HIDDEN; k++) {
            dot +=
                w.get((long) (gate * HIDDEN + a) * HIDDEN + k)
                    * w.get((long) (gate * HIDDEN + b) * HIDDEN + k);
          }
          assertThat(dot).isCloseTo(a == b ? 1 : 0, within(1e-6));
        }
      }
    }
  }

  @Test
  void saysWhatIsWrong() {
    var layer = new Recurrent(new Lstm(), IN, HIDDEN);
    assertThatThrownBy(() -> Tracer.trace("t", layer, TensorType.of(DType.F32, 2, 3, 7), Mode.EVAL))
        .isInstanceOf(ShapeException.class)
        .hasMessage("recurrent: x [2x3x7] must be N×T×4");
    assertThatThrownBy(() -> Tracer.trace("t", layer, TensorType.of(DType.F32, 2, 3), Mode.EVAL))
        .hasMessage("recurrent: x [2x3] must be N×T×4; look words up in an Embedding first");
    var tracer = new Tracer("t", Mode.EVAL);
    Var x = tracer.feed("x", TensorType.of(DType.F32, 2, 3, IN));
    Var h = tracer.feed("h", TensorType.of(DType.F32, 1, 5, HIDDEN));
    assertThatThrownBy(
            () -> layer.run(tracer.root(), x, Recurrent.Given.NOTHING.states(List.of(h))))
        .hasMessage("recurrent: got 1 states, but the cell has 2");
    assertThatThrownBy(
            () -> layer.run(tracer.root(), x, Recurrent.Given.NOTHING.states(List.of(h, h))))
        .hasMessage(
            "recurrent: state h [1x5x6] must be [1x2x6]: layers and directions, rows, numbers");
    assertThatThrownBy(
            () -> layer.bidirectional(true).carried(tracer.root(), x, "train", Optional.empty()))
        .hasMessage("recurrent: states cannot be carried on in both directions");
    assertThatThrownBy(() -> new Recurrent(new Rnn(), IN, 0))
        .hasMessage("recurrent: in 4, hidden 0 and layers 1 must be >= 1");
  }
}
