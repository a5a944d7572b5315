package unfold.layer;

import java.util.stream.IntStream;
import unfold.op.Lookup.Constant;
import unfold.op.Pointwise.Relation;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;
import unfold.trace.Scope;
import unfold.trace.Var;

/// Looks for what matters now: a mean of the memory's rows, weighted by how well each fits the
/// query.
///
/// > a[t, s] = softmax over s < length of score(q[t], m[s]), context[t] = Σ_s a[t, s]·m[s]
///
/// Shapes: queries [N×T×Q], memory [N×S×M], lengths i32 [N] → context [N×T×M], weights [N×T×S].
/// Rows of the memory beyond a length have weight 0 and get no gradient; where the length is 0, no
/// row counts and what comes out is finite, but means nothing.
///
/// @source dot: Luong, Pham, Manning: Effective approaches to attention-based neural machine
///   translation (2015), equations 7 and 8; additive: Bahdanau, Cho, Bengio: Neural machine
///   translation by jointly learning to align and translate (2015), A.1.2
public sealed interface Attention {
  /// Added to the score of what does not count.
  double NEVER = 1e9;

  /// score(q, m) [N×T×S]
  Var score(Scope s, Var queries, Var memory);

  /// What comes of it.
  ///
  /// @param context [N×T×M]
  /// @param weights [N×T×S], each row with sum 1
  record Found(Var context, Var weights) {}

  /// @param lengths of the memory's rows, i32 [N]
  /// @throws unfold.error.ShapeException if the shapes do not go together
  default Found look(Scope s, Var queries, Var memory, Var lengths) {
    if (queries.rank() != 3 || memory.rank() != 3 || queries.dim(0) != memory.dim(0)) {
      throw s.error(
          "attention: queries ["
              + queries.shape()
              + "] must be N×T×Q and memory ["
              + memory.shape()
              + "] N×S×M");
    }
    int rows = memory.dim(0);
    int steps = memory.dim(1);
    var numbers = IntStream.range(0, steps).mapToObj(t -> (double) t).toList();
    Var step = s.apply(new Constant(TensorType.of(DType.I32, 1, steps), numbers));
    Var counts = step.compare(Relation.LESS, lengths.reshape(rows, 1)).cast(DType.F32);
    Var mask = counts.affine(NEVER, -NEVER).reshape(rows, 1, steps);
    Var weights = score(s, queries, memory).add(mask).softmax(-1);
    return new Found(weights.matmul(memory), weights);
  }

  /// score(q, m) = qᵀm; both have the same width. No parameters.
  record Dot() implements Attention {
    @Override
    public Var score(Scope s, Var queries, Var memory) {
      if (queries.dim(2) != memory.dim(2)) {
        throw s.error(
            "dot attention: queries ["
                + queries.shape()
                + "] and memory ["
                + memory.shape()
                + "] must have the same width; additive attention takes any");
      }
      return queries.matmul(memory, false, true);
    }
  }

  /// score(q, m) = vᵀ·tanh(W·q + U·m). Parameters: `query.weight` [A×Q], `query.bias` [A],
  /// `memory.weight` [A×M], `score.weight` [1×A].
  ///
  /// Takes N·T·S·A numbers in training: keep A small.
  ///
  /// @param width A
  record Additive(int width) implements Attention {
    public Additive {
      if (width < 1) {
        throw new IllegalArgumentException("additive attention of width " + width);
      }
    }

    @Override
    public Var score(Scope s, Var queries, Var memory) {
      int rows = queries.dim(0);
      Var q = s.apply("query", new Linear(queries.dim(2), width), queries);
      Var m = s.apply("memory", new Linear(memory.dim(2), width).bias(false), memory);
      int ask = queries.dim(1);
      int held = memory.dim(1);
      // Three axes only: programs keep values of four as pictures, channels last.
      Var each = q.reshape(rows * ask, 1, width);
      Var all =
          m.reshape(rows, 1, held * width)
              .broadcast(Shape.of(rows, ask, held * width))
              .reshape(rows * ask, held, width);
      Var flat = all.add(each).tanh().reshape(-1, width);
      return s.apply("score", new Linear(width, 1).bias(false), flat).reshape(rows, ask, held);
    }
  }
}
