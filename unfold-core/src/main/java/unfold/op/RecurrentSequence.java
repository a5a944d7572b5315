package unfold.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// The recurrent core of a layer over a whole sequence. All that can be one large matrix product
/// stays outside: p = x·Wᵀ + b comes in for all steps at once, and the gradient of a weight is one
/// product over all steps.
///
/// T steps, N rows, H hidden numbers, R numbers of h (H, unless there is a projection).
///
/// **States.** The first result of each op holds h of every moment, [(T+1)×N×R]: the initial one,
/// and the one after each step. Forwards, moment 0 is the initial state and moment t+1 lies behind
/// step t; in `reverse` steps run from T−1 to 0, moment T is the initial state and moment t lies
/// behind step t. So the outputs, the states that the steps started from, and the last state are
/// slices of it.
///
/// **Lengths.** With lengths [N] (i32), step t of row n happens only if t < lengths[n]; otherwise
/// the state goes on unchanged, and gates and gradients of p are zero. In reverse a row so starts
/// at its last step. Everything in padding is inert.
///
/// **Types.** p, h and the recurrent weight have one type; c, biases and peepholes are f32 beside
/// bf16.
public sealed interface RecurrentSequence extends Recurrence {

  /// Whether steps run from the last to the first.
  boolean reverse();

  /// Place of the lengths among the operands, if there are any.
  int lengthsOperand();

  /// h′ = act( p + h·wᵀ ).
  ///
  /// Operands: p [T×N×H], h [N×H], w [H×H], optionally lengths. Result: states.
  ///
  /// @param activation one whose derivative follows from its output
  /// @source Elman: Finding structure in time (1990)
  record RnnSequence(Activation activation, boolean reverse) implements RecurrentSequence {
    public RnnSequence {
      requireFromOutput(activation);
    }

    @Override
    public int lengthsOperand() {
      return 3;
    }

    @Override
    public String name() {
      return "rnn_sequence";
    }

    @Override
    public Attributes attributes() {
      return activation.write(Attributes.of().with("reverse", reverse));
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "p", "h", "w", "lengths?");
      return List.of(SequenceTypes.forward(in, 1, 2, lengthsOperand()).states());
    }
  }

  /// The gradient of [RnnSequence].
  ///
  /// Operands: gradient of the states, states, w, optionally lengths. Results: gradients of p and
  /// of h.
  record RnnSequenceGrad(Activation activation, boolean reverse) implements RecurrentSequence {
    public RnnSequenceGrad {
      requireFromOutput(activation);
    }

    @Override
    public int lengthsOperand() {
      return 3;
    }

    @Override
    public String name() {
      return "rnn_sequence_grad";
    }

    @Override
    public Attributes attributes() {
      return activation.write(Attributes.of().with("reverse", reverse));
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "dstates", "states", "w", "lengths?");
      var back = SequenceTypes.backward(in, 1, 2, lengthsOperand());
      in.shape(1, in.shape(0), "the states go with their gradient").sameDtype(0, 1);
      return List.of(back.steps(back.hidden()), back.initial());
    }
  }

  /// i, f, g, o = p + h·wᵀ; c′ = σ(f)∘c + σ(i)∘tanh(g); h′ = σ(o)∘tanh(c′).
  ///
  /// With `peepholes` v [3×H]: i and f see c through v₀ and v₁, o sees c′ through v₂. With
  /// `projection` r [R×H]: h′ = (σ(o)∘tanh(c′))·rᵀ.
  ///
  /// Operands: p [T×N×4H], h [N×R], c [N×H], w [4H×R], peepholes and projection if there are any,
  /// optionally lengths. Results: states; the last c [N×H]; c after each step [T×N×H], the
  /// activated gates [T×N×4H] and, with a projection, σ(o)∘tanh(c′) [T×N×H], which the gradient
  /// needs. The first two carry gradients.
  ///
  /// @source Hochreiter, Schmidhuber: Long short-term memory (1997); Gers, Schmidhuber: Recurrent
  ///   nets that time and count (2000); Sak, Senior, Beaufays: LSTM recurrent projection (2014)
  record LstmSequence(boolean reverse, boolean peepholes, boolean projection)
      implements RecurrentSequence {
    public LstmSequence(boolean reverse) {
      this(reverse, false, false);
    }

    /// Place of the peepholes among the operands, if there are any.
    public static final int PEEPHOLES = 4;

    /// Place of the projection among the operands, if there is one.
    public int projectionOperand() {
      return peepholes ? 5 : 4;
    }

    @Override
    public int lengthsOperand() {
      return 4 + (peepholes ? 1 : 0) + (projection ? 1 : 0);
    }

    @Override
    public String name() {
      return "lstm_sequence";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of()
          .with("reverse", reverse)
          .with("peepholes", peepholes)
          .with("projection", projection);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, names(this, "p", "h", "c", "w"));
      in.rank(0, 3, "T×N×4H").rank(2, 2, "N×H");
      var seq = SequenceTypes.forward(in, 4, 3, lengthsOperand());
      in.shape(2, Shape.of(seq.rows(), seq.hidden()), "one number per row and hidden unit");
      in.dtype(2, seq.wide());
      options(in, this, 4, seq.hidden(), seq.output());
      var results =
          new ArrayList<>(
              List.of(
                  seq.states(),
                  in.type(2),
                  seq.steps(seq.hidden()).with(seq.wide()),
                  seq.steps(4 * seq.hidden())));
      if (projection) {
        results.add(seq.steps(seq.hidden()));
      }
      return List.copyOf(results);
    }
  }

  /// The gradient of [LstmSequence].
  ///
  /// Operands: gradient of the states, gradient of the last c, the initial c, c after each step,
  /// gates, w, peepholes and projection if there are any, optionally lengths. Results: gradients of
  /// p, h and c, and with a projection the whole gradient of h after each step [T×N×R].
  record LstmSequenceGrad(boolean reverse, boolean peepholes, boolean projection)
      implements RecurrentSequence {
    /// The gradient of a layer.
    public static LstmSequenceGrad of(LstmSequence op) {
      return new LstmSequenceGrad(op.reverse(), op.peepholes(), op.projection());
    }

    /// The layer.
    public LstmSequence forward() {
      return new LstmSequence(reverse, peepholes, projection);
    }

    @Override
    public int lengthsOperand() {
      return 2 + forward().lengthsOperand();
    }

    @Override
    public String name() {
      return "lstm_sequence_grad";
    }

    @Override
    public Attributes attributes() {
      return forward().attributes();
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in =
          Operands.of(
              this, operands, names(forward(), "dstates", "dc", "c", "cells", "gates", "w"));
      var back = SequenceTypes.backward(in, 4, 5, lengthsOperand());
      Shape cell = Shape.of(back.rows(), back.hidden());
      in.shape(1, cell, "one number per row and hidden unit").dtype(1, back.wide());
      in.shape(2, cell, "one number per row and hidden unit").dtype(2, back.wide());
      in.shape(3, back.steps(back.hidden()).shape(), "c after each step").dtype(3, back.wide());
      in.shape(4, back.steps(4 * back.hidden()).shape(), "four gates a step").sameDtype(0, 4);
      options(in, forward(), 6, back.hidden(), back.output());
      var results =
          new ArrayList<>(List.of(back.steps(4 * back.hidden()), back.initial(), in.type(2)));
      if (projection) {
        results.add(back.steps(back.output()));
      }
      return List.copyOf(results);
    }
  }

  /// h′ = z∘h + (1 − z)∘n with r, z = σ(p + h·wᵀ) and a candidate n. Gates lie in the order r, z,
  /// n.
  ///
  /// With `resetAfter` (PyTorch's form) n = tanh( p + r∘(h·wᵀ + b) ), else (the original) n = tanh(
  /// p + (r∘h)·wᵀ ).
  ///
  /// Operands: p [T×N×3H], h [N×H], w [3H×H], with `resetAfter` b [3H], added to h·wᵀ for all
  /// gates, optionally lengths. Results: states; the activated gates [T×N×3H] and what r acts with,
  /// h·wᵀ + b of n or r∘h [T×N×H], which the gradient needs. The first carries a gradient.
  ///
  /// @source Cho and others: Learning phrase representations using RNN encoder–decoder (2014);
  ///   `torch.nn.GRU`
  record GruSequence(boolean reverse, boolean resetAfter) implements RecurrentSequence {
    @Override
    public int lengthsOperand() {
      return resetAfter ? 4 : 3;
    }

    @Override
    public String name() {
      return "gru_sequence";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("reverse", reverse).with("reset_after", resetAfter);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in =
          resetAfter
              ? Operands.of(this, operands, "p", "h", "w", "b", "lengths?")
              : Operands.of(this, operands, "p", "h", "w", "lengths?");
      var seq = SequenceTypes.forward(in, 3, 2, lengthsOperand());
      if (resetAfter) {
        in.shape(3, Shape.of(3 * seq.hidden()), "one number per gate and unit")
            .dtype(3, seq.wide());
      }
      return List.of(seq.states(), seq.steps(3 * seq.hidden()), seq.steps(seq.hidden()));
    }
  }

  /// The gradient of [GruSequence].
  ///
  /// Operands: gradient of the states, states, gates, what r acts with, w, optionally lengths.
  /// Results: gradients of p and of h, and with `resetAfter` that of h·wᵀ + b [T×N×3H].
  record GruSequenceGrad(boolean reverse, boolean resetAfter) implements RecurrentSequence {
    @Override
    public int lengthsOperand() {
      return 5;
    }

    @Override
    public String name() {
      return "gru_sequence_grad";
    }

    @Override
    public Attributes attributes() {
      return new GruSequence(reverse, resetAfter).attributes();
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "dstates", "states", "gates", "inner", "w", "lengths?");
      var back = SequenceTypes.backward(in, 3, 4, lengthsOperand());
      in.shape(1, in.shape(0), "the states go with their gradient").sameDtype(0, 1);
      in.shape(2, back.steps(3 * back.hidden()).shape(), "three gates a step").sameDtype(0, 2);
      in.shape(3, back.steps(back.hidden()).shape(), "what r acts with").sameDtype(0, 3);
      TensorType gates = back.steps(3 * back.hidden());
      return resetAfter ? List.of(gates, back.initial(), gates) : List.of(gates, back.initial());
    }
  }

  private static void requireFromOutput(Activation activation) {
    if (!activation.differentiableFromOutput() || activation.isIdentity()) {
      throw new IllegalArgumentException(
          "a recurrent layer needs an activation whose slope follows from its output, such as tanh"
              + " or relu, not "
              + activation.kind());
    }
  }

  /// Operand names of an LSTM, with those that its options bring.
  private static String[] names(LstmSequence op, String... first) {
    var names = new ArrayList<>(Arrays.asList(first));
    if (op.peepholes()) {
      names.add("peepholes");
    }
    if (op.projection()) {
      names.add("projection");
    }
    names.add("lengths?");
    return names.toArray(String[]::new);
  }

  private static void options(Operands in, LstmSequence op, int from, int hidden, int output) {
    int at = from;
    if (op.peepholes()) {
      in.shape(at, Shape.of(3, hidden), "one row each for i, f and o");
      in.dtype(at++, SequenceTypes.wide(in.dtype(0)));
    }
    if (op.projection()) {
      in.shape(at, Shape.of(output, hidden), "from hidden units to h").sameDtype(0, at);
    } else if (output != hidden) {
      throw in.error(
          "h has "
              + output
              + " numbers a row, but there are "
              + hidden
              + " hidden units; that needs a projection");
    }
  }

  static @Nullable Op read(String name, Attributes a) {
    return switch (name) {
      case "rnn_sequence" -> new RnnSequence(Activation.read(a), a.flag("reverse"));
      case "rnn_sequence_grad" -> new RnnSequenceGrad(Activation.read(a), a.flag("reverse"));
      case "lstm_sequence" ->
          new LstmSequence(a.flag("reverse"), a.flag("peepholes"), a.flag("projection"));
      case "lstm_sequence_grad" ->
          new LstmSequenceGrad(a.flag("reverse"), a.flag("peepholes"), a.flag("projection"));
      case "gru_sequence" -> new GruSequence(a.flag("reverse"), a.flag("reset_after"));
      case "gru_sequence_grad" -> new GruSequenceGrad(a.flag("reverse"), a.flag("reset_after"));
      default -> null;
    };
  }
}
