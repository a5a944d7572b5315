package unfold.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import unfold.op.Lookup.Constant;
import unfold.op.Lookup.Fill;
import unfold.op.Pointwise.Relation;
import unfold.op.Randomness;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;
import unfold.trace.Scope;
import unfold.trace.Var;

/// A recurrent network over sequences: layers of a [Cell] on top of each other, each in one
/// direction or in both.
///
/// Shapes: x [N×T×D] → y [N×T×R] ([N×T×2R] in both directions, the forward half first), R being H
/// or what the cell projects it to; with [#timeMajor] [T×N×D] → [T×N×R], which saves two
/// transpositions. States [layers·directions × N × width], as in PyTorch.
///
/// Parameters: those of the cell, named as in `torch.nn`: `weight_ih_l0`, `weight_hh_l0`,
/// `bias_ih_l0`, `bias_hh_l0`, `weight_ih_l0_reverse`, `weight_ih_l1`, …; all start uniform within
/// ±1/√H ([Cell.Start]).
///
/// ```java
/// var lstm = new Recurrent(new Lstm(), 512, 512).layers(2).dropout(0.5);
/// Var y = scope.apply("rnn", lstm, x);
/// ```
///
/// Dropout acts on what goes from layer to layer, never on what goes from step to step.
///
/// @param variational whether a number is dropped at all steps or none
/// @param bias whether there are biases
/// @source dropout: Zaremba, Sutskever, Vinyals: Recurrent neural network regularization (2014);
///   variational: Gal, Ghahramani (2016); both directions: Schuster, Paliwal (1997)
public record Recurrent(
    Cell cell,
    int in,
    int hidden,
    int layers,
    boolean bidirectional,
    double dropout,
    boolean variational,
    boolean bias,
    boolean timeMajor,
    Cell.Start start)
    implements Layer {
  public Recurrent {
    if (in < 1 || hidden < 1 || layers < 1) {
      throw new IllegalArgumentException(
          "recurrent: in " + in + ", hidden " + hidden + " and layers " + layers + " must be >= 1");
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout rate " + dropout + " must be in [0, 1)");
    }
  }

  /// One layer forwards, started as PyTorch's.
  public Recurrent(Cell cell, int in, int hidden) {
    this(cell, in, hidden, 1, false, 0, false, true, false, Cell.Start.torch(hidden));
  }

  public Recurrent layers(int count) {
    return new Recurrent(
        cell, in, hidden, count, bidirectional, dropout, variational, bias, timeMajor, start);
  }

  /// In both directions or forwards only.
  public Recurrent bidirectional(boolean both) {
    return new Recurrent(
        cell, in, hidden, layers, both, dropout, variational, bias, timeMajor, start);
  }

  /// Between layers, each step by itself.
  public Recurrent dropout(double rate) {
    return new Recurrent(
        cell, in, hidden, layers, bidirectional, rate, false, bias, timeMajor, start);
  }

  /// Between layers, the same numbers at all steps.
  public Recurrent variationalDropout(double rate) {
    return new Recurrent(
        cell, in, hidden, layers, bidirectional, rate, true, bias, timeMajor, start);
  }

  public Recurrent bias(boolean with) {
    return new Recurrent(
        cell, in, hidden, layers, bidirectional, dropout, variational, with, timeMajor, start);
  }

  /// Whether sequences come and go as T×N×D.
  public Recurrent timeMajor(boolean so) {
    return new Recurrent(
        cell, in, hidden, layers, bidirectional, dropout, variational, bias, so, start);
  }

  /// How parameters start.
  public Recurrent start(Cell.Start how) {
    return new Recurrent(
        cell, in, hidden, layers, bidirectional, dropout, variational, bias, timeMajor, how);
  }

  /// What a run is given beside x.
  ///
  /// @param lengths i32 [N]: steps of each row that count. The others are inert: they change no
  ///   state, give zeros and get no gradient
  /// @param states that the sequence starts from, one for each memory of the cell
  ///   [layers·directions × N × width]; zeros if empty
  public record Given(Optional<Var> lengths, List<Var> states) {
    /// Whole rows from zero states.
    public static final Given NOTHING = new Given(Optional.empty(), List.of());

    public Given {
      states = List.copyOf(states);
    }

    public Given lengths(Var of) {
      return new Given(Optional.of(of), states);
    }

    public Given states(List<Var> initial) {
      return new Given(lengths, initial);
    }
  }

  /// What a run gives.
  ///
  /// @param y as the layer's output
  /// @param states at the end of each row, [layers·directions × N × width] each
  public record Outcome(Var y, List<Var> states) {
    public Outcome {
      states = List.copyOf(states);
    }
  }

  @Override
  public Var apply(Scope s, Var x) {
    return run(s, x, Given.NOTHING).y();
  }

  /// With lengths and states in and out; gradients go through both.
  public Outcome run(Scope s, Var x, Given given) {
    requireSequence(s, x);
    Var steps = timeMajor ? x : x.transpose(1, 0, 2);
    int rows = steps.dim(1);
    List<Cell.Memory> memories = cell.memories(hidden);
    List<Var> initial = initial(s, given.states(), memories, rows);
    var last = new ArrayList<List<Var>>();
    memories.forEach(_ -> last.add(new ArrayList<>()));
    Var y = steps;
    for (int layer = 0; layer < layers; layer++) {
      Var below = layer == 0 ? y : dropped(s, y);
      var halves = new ArrayList<Var>();
      for (int side = 0; side < directions(); side++) {
        int place = layer * directions() + side;
        List<Var> from = initial.stream().map(v -> part(v, place)).toList();
        var swept = cell.sweep(s, direction(layer, side == 1), below, from, given.lengths());
        halves.add(swept.outputs());
        for (int m = 0; m < memories.size(); m++) {
          Var end = swept.last().get(m);
          last.get(m).add(end.reshape(1, rows, end.dim(1)));
        }
      }
      y = halves.size() == 1 ? halves.getFirst() : Var.concat(2, halves);
    }
    if (given.lengths().isPresent()) {
      y = y.multiply(counting(s, given.lengths().get(), y));
    }
    return new Outcome(
        timeMajor ? y : y.transpose(1, 0, 2), last.stream().map(l -> joined(l)).toList());
  }

  /// As a part of an endless stream: starts from the states where the run before ended, which the
  /// program keeps as `STREAM.h` (and `STREAM.c`). No gradient goes back into the run before: this
  /// is backpropagation through time, cut at the length of x.
  ///
  /// @param stream a name for those who share the states: training and validation have different
  ///   ones
  /// @param keep f32 [N]: 1 where a row goes on, 0 where it starts anew from zeros; empty if all go
  ///   on
  public Outcome carried(Scope s, Var x, String stream, Optional<Var> keep) {
    if (bidirectional) {
      throw s.error("recurrent: states cannot be carried on in both directions");
    }
    requireSequence(s, x);
    int rows = x.dim(timeMajor ? 1 : 0);
    var names = new ArrayList<String>();
    var states = new ArrayList<Var>();
    for (Cell.Memory m : cell.memories(hidden)) {
      String name = stream + "." + m.name();
      Var v = s.state(name, TensorType.of(DType.F32, layers, rows, m.width()), new Zeros());
      names.add(name);
      states.add(keep.map(k -> v.multiply(k.reshape(1, rows, 1))).orElse(v));
    }
    Outcome outcome = run(s, x, Given.NOTHING.states(states));
    for (int i = 0; i < names.size(); i++) {
      s.update(names.get(i), outcome.states().get(i));
    }
    return outcome;
  }

  private void requireSequence(Scope s, Var x) {
    if (x.rank() != 3 || x.dim(2) != in) {
      throw s.error(
          "recurrent: x ["
              + x.shape()
              + "] must be "
              + (timeMajor ? "T×N×" : "N×T×")
              + in
              + (x.rank() == 2 ? "; look words up in an Embedding first" : ""));
    }
  }

  private int directions() {
    return bidirectional ? 2 : 1;
  }

  private Cell.Direction direction(int layer, boolean reverse) {
    String suffix = "_l" + layer + (reverse ? "_reverse" : "");
    return new Cell.Direction(suffix, reverse, hidden, bias, start);
  }

  private List<Var> initial(Scope s, List<Var> given, List<Cell.Memory> memories, int rows) {
    if (!given.isEmpty() && given.size() != memories.size()) {
      throw s.error(
          "recurrent: got " + given.size() + " states, but the cell has " + memories.size());
    }
    var initial = new ArrayList<Var>();
    for (int m = 0; m < memories.size(); m++) {
      Shape shape = Shape.of(layers * directions(), rows, memories.get(m).width());
      if (given.isEmpty()) {
        initial.add(s.apply(new Fill(new TensorType(DType.F32, shape), 0)));
      } else if (given.get(m).shape().equals(shape)) {
        initial.add(given.get(m));
      } else {
        throw s.error(
            "recurrent: state "
                + memories.get(m).name()
                + " ["
                + given.get(m).shape()
                + "] must be ["
                + shape
                + "]: layers and directions, rows, numbers");
      }
    }
    return initial;
  }

  private static Var part(Var states, int place) {
    return states.slice(0, place, 1).reshape(states.dim(1), states.dim(2));
  }

  private static Var joined(List<Var> parts) {
    return parts.size() == 1 ? parts.getFirst() : Var.concat(0, parts);
  }

  private Var dropped(Scope s, Var x) {
    if (!variational || dropout == 0 || !s.training()) {
      return new Dropout(dropout).apply(s, x);
    }
    var mask = new Randomness.Dropout(dropout, s.stream(), Randomness.Grain.ELEMENT);
    Var ones = s.apply(new Fill(x.type().with(Shape.of(1, x.dim(1), x.dim(2))), 1));
    return x.multiply(s.apply(mask, ones, s.key()));
  }

  /// 1 where a step of a row counts, else 0 [T×N×1].
  private static Var counting(Scope s, Var lengths, Var y) {
    int steps = y.dim(0);
    var numbers = IntStream.range(0, steps).mapToObj(t -> (double) t).toList();
    Var step = s.apply(new Constant(TensorType.of(DType.I32, steps, 1), numbers));
    return step.compare(Relation.LESS, lengths).cast(DType.F32).reshape(steps, y.dim(1), 1);
  }
}
