package unfold.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unfold.engine.Feed;
import unfold.error.InputException;
import unfold.layer.Cell;
import unfold.layer.Embedding;
import unfold.layer.Gru;
import unfold.layer.Lstm;
import unfold.layer.Recurrent;
import unfold.layer.Rnn;
import unfold.model.LanguageModel;
import unfold.random.Stream;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// What is shown of recurrent cells is what they compute.
final class CellsTest {
  private static final int VOCABULARY = 7;
  private static final int WIDTH = 5;
  private static final int LAYERS = 2;

  private static LanguageModel model(String cell) {
    Cell kind =
        switch (cell) {
          case "lstm" -> new Lstm().forgetBias(1);
          case "gru" -> new Gru();
          case "gru, reset first" -> Gru.original();
          default -> new Rnn();
        };
    var rnn = new Recurrent(kind, WIDTH, WIDTH).layers(LAYERS);
    return new LanguageModel(
        "tiny", Map.of(), new Embedding(VOCABULARY, WIDTH), "rnn", rnn, 0, VOCABULARY);
  }

  private static States states(LanguageModel model) {
    var states = new States();
    model.reading(1, 1).states().forEach(d -> states.set(d.name(), d.initial(3)));
    return states;
  }

  private static int[] tokens(int count) {
    var random = Stream.of(5, "tokens", 0);
    return IntStream.generate(() -> random.nextInt(VOCABULARY)).limit(count).toArray();
  }

  /// Longer than two windows, so that states are carried on.
  @ParameterizedTest
  @ValueSource(strings = {"lstm", "gru", "gru, reset first", "rnn"})
  void statesAndGatesAreThoseOfTheCellsWrittenOut(String cell) {
    LanguageModel model = model(cell);
    States states = states(model);
    var wanted = new ArrayList<Cells.Wanted>();
    for (int layer = 0; layer < LAYERS; layer++) {
      for (Within what : Cells.within(model)) {
        wanted.add(new Cells.Wanted(layer, what));
      }
    }
    int[] tokens = tokens(230);
    var seen = Cells.of(Small.engine(), model, states, wanted).read(tokens);

    var written = new Written(cell, states);
    for (int t = 0; t < tokens.length; t++) {
      written.step(tokens[t]);
      for (int k = 0; k < wanted.size(); k++) {
        Cells.Wanted w = wanted.get(k);
        for (int u = 0; u < WIDTH; u++) {
          assertThat(seen.get(k).get((long) t * WIDTH + u))
              .as("%s of unit %d after character %d", w, u, t)
              .isCloseTo(written.of(w.layer(), w.what())[u], within(1e-5));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm", "gru", "rnn"})
  void theLastStateIsWhatTheModelItselfCarriesOn(String cell) {
    LanguageModel model = model(cell);
    States states = states(model);
    int[] tokens = tokens(20);
    var top = new Cells.Wanted(1, Within.H);
    Tensor h = Cells.of(Small.engine(), model, states, List.of(top)).read(tokens).getFirst();

    var program = Small.engine().answering(model.reading(1, tokens.length), states);
    Tensor fed = Tensor.zeros(DType.I32, tokens.length, 1);
    for (int t = 0; t < tokens.length; t++) {
      fed.set(t, tokens[t]);
    }
    program.feed("tokens", fed);
    model
        .memories()
        .forEach(m -> program.feed(m.name(), Tensor.zeros(Feed.of(program, m.name()).type())));
    program.run();
    Tensor last = program.result("next.h");
    for (int u = 0; u < WIDTH; u++) {
      assertThat(h.get((tokens.length - 1L) * WIDTH + u)).isEqualTo(last.get(WIDTH + u));
    }
  }

  @Test
  void saysWhichLayersAndQuantitiesThereAre() {
    LanguageModel model = model("gru");
    States states = states(model);
    var engine = Small.engine();
    assertThatThrownBy(
            () -> Cells.of(engine, model, states, List.of(new Cells.Wanted(2, Within.H))))
        .isInstanceOf(InputException.class)
        .hasMessage("tiny: there is no layer 2; its recurrent layers are 0 … 1");
    assertThatThrownBy(
            () -> Cells.of(engine, model, states, List.of(new Cells.Wanted(0, Within.F))))
        .isInstanceOf(InputException.class)
        .hasMessage("rnn: has no f; within its cells there are [h, r, z, n]");
    assertThatThrownBy(() -> Within.parse("x")).hasMessageContaining("there are h, c, i, f");
  }

  /// The cells' formulas, in double.
  private static final class Written {
    private final String cell;
    private final States states;
    private final double[][][] now = new double[LAYERS][Within.values().length][WIDTH];

    Written(String cell, States states) {
      this.cell = cell;
      this.states = states;
    }

    double[] of(int layer, Within what) {
      return now[layer][what.ordinal()];
    }

    void step(int token) {
      Tensor embedding = states.get("embedding.weight");
      double[] x = new double[WIDTH];
      for (int d = 0; d < WIDTH; d++) {
        x[d] = embedding.get((long) token * WIDTH + d);
      }
      for (int layer = 0; layer < LAYERS; layer++) {
        next(x, layer);
        x = of(layer, Within.H);
      }
    }

    private void set(int layer, Within what, double[] values) {
      now[layer][what.ordinal()] = values;
    }

    private void next(double[] x, int layer) {
      String suffix = "_l" + layer;
      double[] h = of(layer, Within.H);
      double[] p = product("ih" + suffix, x);
      double[] u = product("hh" + suffix, h);
      double[] next = new double[WIDTH];
      switch (cell) {
        case "lstm" -> {
          double[] i = gate(p, u, 0);
          double[] f = gate(p, u, 1);
          double[] g = candidate(p, u, 2);
          double[] o = gate(p, u, 3);
          double[] c = new double[WIDTH];
          for (int k = 0; k < WIDTH; k++) {
            c[k] = f[k] * of(layer, Within.C)[k] + i[k] * g[k];
            next[k] = o[k] * Math.tanh(c[k]);
          }
          set(layer, Within.I, i);
          set(layer, Within.F, f);
          set(layer, Within.G, g);
          set(layer, Within.O, o);
          set(layer, Within.C, c);
        }
        case "rnn" -> next = candidate(p, u, 0);
        default -> {
          double[] r = gate(p, u, 0);
          double[] z = gate(p, u, 1);
          double[] scaled = new double[3 * WIDTH];
          if (cell.equals("gru")) {
            for (int k = 0; k < WIDTH; k++) {
              scaled[2 * WIDTH + k] = r[k] * u[2 * WIDTH + k];
            }
          } else {
            double[] reset = new double[WIDTH];
            for (int k = 0; k < WIDTH; k++) {
              reset[k] = r[k] * h[k];
            }
            scaled = product("hh" + suffix, reset);
          }
          double[] n = candidate(p, scaled, 2);
          for (int k = 0; k < WIDTH; k++) {
            next[k] = z[k] * h[k] + (1 - z[k]) * n[k];
          }
          set(layer, Within.R, r);
          set(layer, Within.Z, z);
          set(layer, Within.N, n);
        }
      }
      set(layer, Within.H, next);
    }

    /// W·v + b.
    private double[] product(String name, double[] v) {
      Tensor w = states.get("rnn.weight_" + name);
      Tensor b = states.get("rnn.bias_" + name);
      double[] out = new double[w.shape().dim(0)];
      for (int row = 0; row < out.length; row++) {
        out[row] = b.get(row);
        for (int d = 0; d < v.length; d++) {
          out[row] += w.get((long) row * v.length + d) * v[d];
        }
      }
      return out;
    }

    private static double[] gate(double[] p, double[] u, int block) {
      double[] out = new double[WIDTH];
      for (int k = 0; k < WIDTH; k++) {
        out[k] = 1 / (1 + Math.exp(-p[block * WIDTH + k] - u[block * WIDTH + k]));
      }
      return out;
    }

    private static double[] candidate(double[] p, double[] u, int block) {
      double[] out = new double[WIDTH];
      for (int k = 0; k < WIDTH; k++) {
        out[k] = Math.tanh(p[block * WIDTH + k] + u[block * WIDTH + k]);
      }
      return out;
    }
  }
}
