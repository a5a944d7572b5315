package unfold.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import unfold.op.Activation;
import unfold.op.Op;
import unfold.op.RecurrentSequence.GruSequence;
import unfold.op.RecurrentSequence.GruSequenceGrad;
import unfold.op.RecurrentSequence.LstmSequence;
import unfold.op.RecurrentSequence.LstmSequenceGrad;
import unfold.op.RecurrentSequence.RnnSequence;
import unfold.op.RecurrentSequence.RnnSequenceGrad;
import unfold.op.SequenceProduct.OfSteps;
import unfold.op.SequenceProduct.OverSteps;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;

/// Recurrent layers: steps, rows and hidden units (`t5n3h4`), `r` numbers after a projection;
/// `reverse`, `lengths` (or `lengths=` [Lengths]), `peepholes`, `after` (the reset of a GRU),
/// `act=` of an RNN.
final class RecurrenceSamples {
  /// One rounding of h or of a gate's gradient, which then goes through the products.
  private static final double DRIFT = 0x1p-8;

  /// Lengths of rows where bounds lie.
  enum Lengths {
    /// all steps of every row
    WHOLE,
    /// no step of any row
    NONE,
    /// the same for every row
    EQUAL,
    /// all steps of the last row, none of the others
    ONE;

    private Draw draw(int steps) {
      int half = (steps + 1) / 2;
      return switch (this) {
        case WHOLE -> Draw.value(steps);
        case NONE -> Draw.value(0);
        case EQUAL -> Draw.value(half);
        case ONE ->
            (_, type, _) -> {
              Tensor lengths = Tensor.zeros(type);
              lengths.set(type.shape().size() - 1, steps);
              return lengths;
            };
      };
    }
  }

  private RecurrenceSamples() {}

  static List<String> names() {
    var names = new ArrayList<String>();
    for (String grad : List.of("", "_grad")) {
      for (String call :
          List.of(
              "t1n1h1",
              "t4n3h5",
              "t4n3h5 reverse",
              "t5n3h6 lengths",
              "t5n3h6 lengths reverse",
              "t3n16h24",
              "t3n5h37 lengths",
              "t6n21h8 lengths",
              "t6n21h8 lengths reverse",
              "t4n9h5 lengths=whole",
              "t4n9h5 lengths=none",
              "t4n9h5 lengths=equal",
              "t4n9h5 lengths=one",
              "t4n9h5 lengths=one reverse")) {
        names.add("rnn_sequence" + grad + " act=tanh " + call);
        names.add("lstm_sequence" + grad + " " + call);
        names.add("gru_sequence" + grad + " " + call);
        names.add("gru_sequence" + grad + " after " + call);
      }
      names.add("rnn_sequence" + grad + " act=relu t4n3h16 lengths");
      for (String call :
          List.of("t4n3h5r3", "t4n3h5 peepholes", "t4n3h5r2 peepholes", "t3n6h16r24")) {
        for (String how : List.of("", " reverse", " lengths", " lengths reverse")) {
          names.add("lstm_sequence" + grad + " " + call + how);
        }
      }
    }
    for (String lengths : List.of("", "=whole", "=none", "=equal", "=one")) {
      names.add("sequence_product t5n3h6o4 lengths" + lengths);
      names.add("sequence_product t5n3h6o4 tb bias lengths" + lengths);
      names.add("sequence_product_sum t5n3h6o4 lengths" + lengths);
    }
    names.add("sequence_product t40n30h8o24 tb bias lengths");
    names.add("sequence_product_sum t80n30h8o16 lengths");
    return names;
  }

  static @Nullable Sample read(Words w) {
    return switch (w.op()) {
      case "rnn_sequence" -> {
        var op = new RnnSequence(w.activation(), w.has("reverse"));
        yield layer(w, op, 1, op.activation().equals(Activation.RELU) ? 0.3 : 1);
      }
      case "gru_sequence" -> layer(w, new GruSequence(w.has("reverse"), w.has("after")), 3, 1);
      case "lstm_sequence" -> layer(w, lstm(w), 4, 1);
      case "sequence_product" -> product(w);
      case "sequence_product_sum" -> productSum(w);
      case "rnn_sequence_grad" -> rnnGrad(w);
      case "gru_sequence_grad" -> gruGrad(w);
      case "lstm_sequence_grad" -> lstmGrad(w);
      default -> null;
    };
  }

  private static LstmSequence lstm(Words w) {
    return new LstmSequence(w.has("reverse"), w.has("peepholes"), projected(w) > 0);
  }

  /// Numbers after the projection; 0 without one.
  private static int projected(Words w) {
    return w.numbers('r', 1, 0)[0];
  }

  private static int output(Words w) {
    return projected(w) > 0 ? projected(w) : w.number('h');
  }

  private static Sample layer(Words w, Op op, int gates, double scale) {
    int h = w.number('h');
    var operands = new ArrayList<Operand>();
    operands.add(Operand.real("p", steps(w, gates * h)));
    operands.add(Operand.real("h", Shape.of(w.number('n'), output(w)), Draw.uniform(-1, 1)));
    boolean lstm = op instanceof LstmSequence;
    if (lstm) {
      operands.add(Operand.wide("c", Shape.of(w.number('n'), h), Draw.normal()));
    }
    operands.add(weight("w", Shape.of(gates * h, output(w)), scale));
    if (op instanceof GruSequence gru && gru.resetAfter()) {
      operands.add(Operand.wide("b", Shape.of(3 * h), Draw.normal()));
    }
    options(w, operands);
    return sample(w, _ -> op, operands);
  }

  private static Sample rnnGrad(Words w) {
    int h = w.number('h');
    return grad(
        w,
        new RnnSequenceGrad(w.activation(), w.has("reverse")),
        Operand.real("states", moments(w), Draw.uniform(-1, 1)),
        weight("w", Shape.of(h, h), 1));
  }

  private static Sample gruGrad(Words w) {
    int h = w.number('h');
    return grad(
        w,
        new GruSequenceGrad(w.has("reverse"), w.has("after")),
        Operand.real("states", moments(w), Draw.uniform(-1, 1)),
        Operand.real("gates", steps(w, 3 * h), Draw.uniform(0.05, 0.95)),
        Operand.real("inner", steps(w, h)),
        weight("w", Shape.of(3 * h, h), 1));
  }

  private static Sample lstmGrad(Words w) {
    int h = w.number('h');
    Shape cell = Shape.of(w.number('n'), h);
    return grad(
        w,
        LstmSequenceGrad.of(lstm(w)),
        Operand.wide("dc", cell, Draw.normal()),
        Operand.wide("c", cell, Draw.normal()),
        Operand.wide("cells", steps(w, h), Draw.normal()),
        Operand.real("gates", steps(w, 4 * h), Draw.uniform(0.05, 0.95)),
        weight("w", Shape.of(4 * h, output(w)), 1));
  }

  /// A gradient has no derivative of its own.
  private static Sample grad(Words w, Op op, Operand... behindStates) {
    var operands = new ArrayList<Operand>();
    operands.add(Operand.real("dstates", moments(w)));
    operands.addAll(List.of(behindStates));
    options(w, operands);
    return sample(w, _ -> op, operands.stream().map(Operand::constant).toList());
  }

  private static Sample product(Words w) {
    int h = w.number('h');
    int o = w.number('o');
    boolean transposed = w.has("tb");
    var operands = new ArrayList<Operand>();
    operands.add(Operand.real("x", steps(w, h)).constant());
    operands.add(Operand.real("b", transposed ? Shape.of(o, h) : Shape.of(h, o)).constant());
    if (w.has("bias")) {
      operands.add(Operand.wide("bias", Shape.of(o), Draw.normal()).constant());
    }
    options(w, operands);
    return sample(w, dtype -> new OfSteps(transposed, w.has("bias"), dtype), operands);
  }

  private static Sample productSum(Words w) {
    var operands = new ArrayList<Operand>();
    operands.add(Operand.real("dy", steps(w, w.number('o'))).constant());
    operands.add(Operand.real("x", steps(w, w.number('h'))).constant());
    options(w, operands);
    return sample(w, dtype -> new OverSteps(dtype == DType.BF16 ? DType.F32 : dtype), operands);
  }

  private static void options(Words w, List<Operand> operands) {
    int h = w.number('h');
    if (w.has("peepholes")) {
      operands.add(Operand.wide("peepholes", Shape.of(3, h), Draw.normal(0, 0.5)));
    }
    if (projected(w) > 0) {
      operands.add(weight("projection", Shape.of(output(w), h), 1));
    }
    int t = w.number('t');
    String kind = w.setting("lengths", "");
    if (!kind.isEmpty()) {
      operands.add(lengths(w, Lengths.valueOf(kind.toUpperCase(Locale.ROOT)).draw(t)));
    } else if (w.has("lengths")) {
      operands.add(lengths(w, Draw.integers(0, t + 1)));
    }
  }

  private static Operand lengths(Words w, Draw draw) {
    return Operand.fixed("lengths", Shape.of(w.number('n')), DType.I32, draw);
  }

  private static Sample sample(Words w, Function<DType, Op> form, List<Operand> operands) {
    return Sample.of(w, form, operands.toArray(Operand[]::new))
        .slack(2, "sums of sums, step after step")
        .drift(DRIFT);
  }

  private static Operand weight(String name, Shape shape, double scale) {
    return Operand.real(name, shape, Draw.normal(0, scale / Math.sqrt(shape.dim(1))));
  }

  private static Shape steps(Words w, int width) {
    return Shape.of(w.number('t'), w.number('n'), width);
  }

  private static Shape moments(Words w) {
    return Shape.of(w.number('t') + 1, w.number('n'), output(w));
  }
}
