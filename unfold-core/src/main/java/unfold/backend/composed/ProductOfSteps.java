package unfold.backend.composed;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.op.Linear.MatMul;
import unfold.op.SequenceProduct.OfSteps;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// A product of the steps that count: their rows are gathered, some at a time, multiplied, and put
/// back. So many rows stay in cache, and what is computed in vain is less than a rung of the last.
final class ProductOfSteps {
  private static final int ROWS_AT_A_TIME = 256;

  private ProductOfSteps() {}

  static Candidate of(OfSteps op, Call call, Parts parts) {
    TensorType x = call.inputs().get(0);
    TensorType b = call.inputs().get(1);
    TensorType y = call.outputs().get(0);
    Optional<TensorType> bias = op.bias() ? Optional.of(call.inputs().get(2)) : Optional.empty();
    int depth = x.shape().dim(2);
    int width = y.shape().dim(2);
    int most = Math.min(ROWS_AT_A_TIME, x.shape().dim(0) * x.shape().dim(1));
    var product = new MatMul(false, op.transposeB(), op.out());
    Ladder<Candidate> ladder =
        Ladder.of(
            most,
            n -> parts.product(product, x.with(Shape.of(n, depth)), b, bias, Parts.Weight.ANY),
            (rung, all) -> rung.inputs().get(1).equals(all.inputs().get(1)));
    var room = new Room();
    var gathered = room.take(x.with(Shape.of(most, depth)).bytes());
    var made = room.take(y.with(Shape.of(most, width)).bytes());
    ladder.rungs().forEach(room::share);
    Candidate whole = ladder.whole();
    return new Composition(
        call,
        "rows " + whole.label(),
        Composition.inputs(call, 1, whole.inputs().get(1)),
        room.bytes(),
        (in, out, scratch) -> {
          var operands = new ArrayList<>(List.of(gathered.in(scratch), in.get(1)));
          if (op.bias()) {
            operands.add(in.get(2));
          }
          MemorySegment some = made.in(scratch);
          Kernel[] rungs =
              ladder.rungs().stream()
                  .map(r -> r.bind(operands, List.of(some), room.shared(scratch)))
                  .toArray(Kernel[]::new);
          int[] covering = ladder.covering();
          var live = new LiveRows(in.get(op.lengthsOperand()), x.shape().dim(1), x.shape().dim(0));
          int[] places = new int[x.shape().dim(0) * x.shape().dim(1)];
          var from =
              new Rows(parts.workers(), places, Rows.Moved.of(in.get(0), x, gathered.in(scratch)));
          var to = new Rows(parts.workers(), places, Rows.Moved.of(out.get(0), y, some));
          return List.of(() -> {
            live.sort();
            int count = live.places(places);
            for (int first = 0; first < count; first += most) {
              int rows = Math.min(most, count - first);
              from.gather(first, rows);
              rungs[covering[rows]].run();
              to.scatter(first, rows);
            }
            to.zero(count, places.length - count);
          });
        });
  }
}
