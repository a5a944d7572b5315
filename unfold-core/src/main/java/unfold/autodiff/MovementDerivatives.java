package unfold.autodiff;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import unfold.graph.Value;
import unfold.op.Movement;
import unfold.op.Movement.Broadcast;
import unfold.op.Movement.Concat;
import unfold.op.Movement.Pad;
import unfold.op.Movement.Reshape;
import unfold.op.Movement.Slice;
import unfold.op.Movement.Transpose;
import unfold.op.Movement.Unslice;
import unfold.tensor.Shape;

/// Derivatives of the movements: gradients move back where the elements came from.
final class MovementDerivatives {
  private MovementDerivatives() {}

  static void derive(Movement op, Vjp vjp) {
    Terms terms = vjp.terms();
    switch (op) {
      case Reshape _ -> vjp.give(0, () -> terms.reshape(vjp.dy(), shape(vjp, 0)));
      case Transpose(List<Integer> order) ->
          vjp.give(0, () -> terms.one(new Transpose(inverse(order)), vjp.dy()));
      case Broadcast _ -> vjp.give(0, () -> terms.sumTo(vjp.dy(), vjp.operand(0).type()));
      case Concat(int axis) -> concat(axis, vjp);
      case Slice(List<Integer> starts, _, List<Integer> steps) ->
          vjp.give(0, () -> terms.one(new Unslice(starts, steps, shape(vjp, 0)), vjp.dy()));
      case Unslice(List<Integer> starts, List<Integer> steps, _) ->
          vjp.give(0, () -> terms.one(new Slice(starts, shape(vjp, 0).toList(), steps), vjp.dy()));
      case Pad(List<Integer> before, _, _) -> vjp.give(0, () -> block(vjp, before, shape(vjp, 0)));
    }
  }

  private static void concat(int axis, Vjp vjp) {
    int at = 0;
    for (int i = 0; i < vjp.node().inputs().size(); i++) {
      Shape shape = shape(vjp, i);
      var starts = IntStream.range(0, shape.rank()).map(_ -> 0).boxed().toArray(Integer[]::new);
      starts[axis] = at;
      vjp.give(i, () -> block(vjp, List.of(starts), shape));
      at += shape.dim(axis);
    }
  }

  private static Value block(Vjp vjp, List<Integer> starts, Shape shape) {
    return vjp.terms()
        .one(new Slice(starts, shape.toList(), Collections.nCopies(shape.rank(), 1)), vjp.dy());
  }

  private static List<Integer> inverse(List<Integer> order) {
    return IntStream.range(0, order.size()).map(order::indexOf).boxed().toList();
  }

  private static Shape shape(Vjp vjp, int operand) {
    return vjp.operand(operand).type().shape();
  }
}
