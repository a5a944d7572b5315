package unfold.backend.composed;

import java.lang.foreign.MemorySegment;
import java.util.List;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Workers;
import unfold.op.SequenceProduct.OverSteps;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// A sum of products over the steps that count: their rows are gathered, some at a time, and the
/// products of the parts added.
final class ProductOverSteps implements Kernel {
  private static final int ROWS_AT_A_TIME = 1024;

  private final LiveRows live;
  private final int[] places;
  private final Rows rows;
  private final List<Rows.Moved> moved;
  private final int most;
  private final int[] rungRows;
  private final int[] covering;
  private final MemorySegment sum;
  private final MemorySegment other;
  private final Kernel[] toSum;
  private final Kernel toOther;
  private final Kernel[] toPart;
  private final Kernel addToOther;
  private final Kernel addToSum;

  static Candidate of(OverSteps op, Call call, Parts parts) {
    TensorType dy = call.inputs().get(0);
    TensorType x = call.inputs().get(1);
    TensorType sum = call.outputs().get(0);
    int most = Math.min(ROWS_AT_A_TIME, x.shape().dim(0) * x.shape().dim(1));
    Ladder<Candidate> ladder =
        Ladder.of(
            most,
            n ->
                parts.sumOfProducts(
                    op.out(),
                    dy.with(Shape.of(n, dy.shape().dim(2))),
                    x.with(Shape.of(n, x.shape().dim(2)))),
            (_, _) -> true);
    Candidate adding = parts.sum(sum);
    var room = new Room();
    var someDy = room.take(dy.with(Shape.of(most, dy.shape().dim(2))).bytes());
    var someX = room.take(x.with(Shape.of(most, x.shape().dim(2))).bytes());
    var part = room.take(sum.bytes());
    var other = room.take(sum.bytes());
    ladder.rungs().forEach(room::share);
    room.share(adding);
    return new Composition(
        call,
        "rows " + ladder.whole().label(),
        call.inputs().stream().map(Composition::standard).toList(),
        room.bytes(),
        (in, out, scratch) -> {
          var moved =
              List.of(
                  Rows.Moved.of(in.get(0), dy, someDy.in(scratch)),
                  Rows.Moved.of(in.get(1), x, someX.in(scratch)));
          return List.of(
              new ProductOverSteps(
                  new LiveRows(in.get(op.lengthsOperand()), x.shape().dim(1), x.shape().dim(0)),
                  x.shape().dim(0) * x.shape().dim(1),
                  parts.workers(),
                  moved,
                  ladder,
                  adding,
                  List.of(out.get(0), other.in(scratch), part.in(scratch)),
                  room.shared(scratch)));
        });
  }

  /// @param sums the result, room for it, and for a summand
  private ProductOverSteps(
      LiveRows live,
      int all,
      Workers workers,
      List<Rows.Moved> moved,
      Ladder<Candidate> ladder,
      Candidate adding,
      List<MemorySegment> sums,
      MemorySegment shared) {
    this.live = live;
    this.places = new int[all];
    this.moved = moved;
    this.rows = new Rows(workers, places, moved.toArray(Rows.Moved[]::new));
    this.rungRows = ladder.rows().stream().mapToInt(Integer::intValue).toArray();
    this.most = rungRows[rungRows.length - 1];
    this.covering = ladder.covering();
    this.sum = sums.get(0);
    this.other = sums.get(1);
    MemorySegment part = sums.get(2);
    this.toSum = bind(ladder, sum, shared);
    this.toPart = bind(ladder, part, shared);
    var operands = List.of(moved.get(0).some(), moved.get(1).some());
    this.toOther = ladder.whole().bind(operands, List.of(other), shared);
    this.addToOther = adding.bind(List.of(sum, part), List.of(other), shared);
    this.addToSum = adding.bind(List.of(other, part), List.of(sum), shared);
  }

  private Kernel[] bind(Ladder<Candidate> ladder, MemorySegment to, MemorySegment shared) {
    var operands = List.of(moved.get(0).some(), moved.get(1).some());
    return ladder.rungs().stream()
        .map(r -> r.bind(operands, List.of(to), shared))
        .toArray(Kernel[]::new);
  }

  @Override
  public void run() {
    live.sort();
    int count = live.places(places);
    int parts = (count + most - 1) / most;
    if (parts == 0) {
      sum.fill((byte) 0);
      return;
    }
    // By turns, so that the last sum is the result.
    boolean inSum = parts % 2 == 1;
    for (int i = 0; i < parts; i++) {
      int size = Math.min(most, count - i * most);
      int rung = covering[size];
      rows.gather(i * most, size);
      for (Rows.Moved m : moved) {
        m.zero(size, rungRows[rung]);
      }
      if (i == 0) {
        (inSum ? toSum[rung] : toOther).run();
      } else {
        toPart[rung].run();
        (inSum ? addToOther : addToSum).run();
        inSum = !inSum;
      }
    }
  }
}
