package unfold.autodiff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import unfold.graph.Value;
import unfold.op.Linear.MatMul;
import unfold.op.Movement.Concat;
import unfold.op.Movement.Slice;
import unfold.op.Recurrence;
import unfold.op.RecurrentSequence;
import unfold.op.RecurrentSequence.GruSequence;
import unfold.op.RecurrentSequence.GruSequenceGrad;
import unfold.op.RecurrentSequence.LstmSequence;
import unfold.op.RecurrentSequence.LstmSequenceGrad;
import unfold.op.RecurrentSequence.RnnSequence;
import unfold.op.RecurrentSequence.RnnSequenceGrad;
import unfold.op.RecurrentStep;
import unfold.op.SequenceProduct;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// Derivatives of recurrent layers: one op goes back through time; the gradients of weights are
/// products over all steps at once.
final class RecurrenceDerivatives {
  private RecurrenceDerivatives() {}

  static void derive(Recurrence op, Vjp vjp) {
    switch (op) {
      case RnnSequence rnn -> rnn(rnn, vjp);
      case LstmSequence lstm -> lstm(lstm, vjp);
      case GruSequence gru -> gru(gru, vjp);
      case RnnSequenceGrad _, LstmSequenceGrad _, GruSequenceGrad _ ->
          vjp.refuse("has no second derivative here");
      case RecurrentStep _ ->
          vjp.refuse("is a part of a recurrent layer, which is differentiated as a whole");
      case SequenceProduct _ -> vjp.refuse("takes a product's place after differentiation");
    }
  }

  private static void rnn(RnnSequence op, Vjp vjp) {
    var operands = new ArrayList<>(List.of(vjp.dy(), vjp.result(0), vjp.operand(2)));
    lengths(vjp, 3, operands);
    var back = vjp.terms().all(new RnnSequenceGrad(op.activation(), op.reverse()), operands);
    vjp.give(0, () -> back.get(0));
    vjp.give(1, () -> back.get(1));
    vjp.give(2, () -> product(vjp, back.get(0), startedFrom(op, vjp)));
  }

  private static void lstm(LstmSequence op, Vjp vjp) {
    Terms terms = vjp.terms();
    Value cells = vjp.result(2);
    var operands =
        new ArrayList<>(
            List.of(
                vjp.dyOf(0, 2),
                vjp.dyOf(1, 2),
                vjp.operand(2),
                cells,
                vjp.result(3),
                vjp.operand(3)));
    if (op.peepholes()) {
      operands.add(vjp.operand(LstmSequence.PEEPHOLES));
    }
    if (op.projection()) {
      operands.add(vjp.operand(op.projectionOperand()));
    }
    lengths(vjp, op.lengthsOperand(), operands);
    var back = terms.all(LstmSequenceGrad.of(op), operands);
    Value dp = back.get(0);
    vjp.give(0, () -> dp);
    vjp.give(1, () -> back.get(1));
    vjp.give(2, () -> back.get(2));
    vjp.give(3, () -> product(vjp, dp, startedFrom(op, vjp)));
    if (op.peepholes()) {
      vjp.give(LstmSequence.PEEPHOLES, () -> peepholes(op, vjp, dp, cells));
    }
    if (op.projection()) {
      vjp.give(op.projectionOperand(), () -> product(vjp, back.get(3), vjp.result(4)));
    }
  }

  /// Sums over steps and rows of dp∘c: with the c before the step for i and f, after it for o.
  private static Value peepholes(LstmSequence op, Vjp vjp, Value dp, Value cells) {
    Terms terms = vjp.terms();
    int steps = cells.type().shape().dim(0);
    int hidden = cells.type().shape().dim(2);
    DType wide = cells.type().dtype();
    Value first = terms.reshape(vjp.operand(2), Shape.of(1, cells.type().shape().dim(1), hidden));
    Value others = slice(terms, cells, 0, op.reverse() ? 1 : 0, steps - 1);
    Value before =
        terms
            .all(new Concat(0), op.reverse() ? List.of(others, first) : List.of(first, others))
            .getFirst();
    var rows = new ArrayList<Value>();
    for (int gate : new int[] {0, 1, 3}) {
      Value d = terms.cast(slice(terms, dp, 2, gate * hidden, hidden), wide);
      Value sum = terms.sum(terms.multiply(d, gate == 3 ? cells : before), List.of(0, 1), wide);
      rows.add(terms.reshape(sum, Shape.of(1, hidden)));
    }
    return terms.all(new Concat(0), rows).getFirst();
  }

  private static void gru(GruSequence op, Vjp vjp) {
    Terms terms = vjp.terms();
    var operands =
        new ArrayList<>(
            List.of(vjp.dy(), vjp.result(0), vjp.result(1), vjp.result(2), vjp.operand(2)));
    lengths(vjp, op.lengthsOperand(), operands);
    var back = terms.all(new GruSequenceGrad(op.reverse(), op.resetAfter()), operands);
    vjp.give(0, () -> back.get(0));
    vjp.give(1, () -> back.get(1));
    if (op.resetAfter()) {
      vjp.give(2, () -> product(vjp, back.get(2), startedFrom(op, vjp)));
      vjp.give(3, () -> terms.sum(back.get(2), List.of(0, 1), vjp.dtype(3)));
      return;
    }
    vjp.give(
        2,
        () -> {
          Value dp = back.get(0);
          int hidden = vjp.operand(1).type().shape().dim(1);
          Value gates = product(vjp, slice(terms, dp, 2, 0, 2 * hidden), startedFrom(op, vjp));
          Value candidate = product(vjp, slice(terms, dp, 2, 2 * hidden, hidden), vjp.result(2));
          return terms.all(new Concat(0), List.of(gates, candidate)).getFirst();
        });
  }

  private static void lengths(Vjp vjp, int at, List<Value> operands) {
    if (vjp.node().inputs().size() > at) {
      operands.add(vjp.operand(at));
    }
  }

  /// The states that the steps started from [T×N×R].
  private static Value startedFrom(RecurrentSequence op, Vjp vjp) {
    Value states = vjp.result(0);
    int steps = states.type().shape().dim(0) - 1;
    return slice(vjp.terms(), states, 0, op.reverse() ? 1 : 0, steps);
  }

  /// Σ over steps and rows of dyᵀ·x.
  private static Value product(Vjp vjp, Value dy, Value x) {
    Terms terms = vjp.terms();
    return terms.one(new MatMul(true, false, x.type().dtype()), flat(terms, dy), flat(terms, x));
  }

  private static Value flat(Terms terms, Value x) {
    Shape s = x.type().shape();
    return terms.reshape(x, Shape.of(Math.multiplyExact(s.dim(0), s.dim(1)), s.dim(2)));
  }

  private static Value slice(Terms terms, Value x, int axis, int start, int size) {
    Shape shape = x.type().shape();
    var starts = new ArrayList<>(Collections.nCopies(shape.rank(), 0));
    var sizes = new ArrayList<>(shape.toList());
    starts.set(axis, start);
    sizes.set(axis, size);
    return terms.one(new Slice(starts, sizes, Collections.nCopies(shape.rank(), 1)), x);
  }
}
