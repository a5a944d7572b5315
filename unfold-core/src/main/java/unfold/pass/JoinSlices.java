package unfold.pass;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import unfold.graph.Value;
import unfold.op.Movement.Concat;
import unfold.op.Movement.Unslice;
import unfold.tensor.Shape;

/// Gradients of slices that lie side by side are put side by side, instead of being added as large
/// tensors that are mostly zeros: `unslice(a) start=0,0 + unslice(b) start=0,1` →
/// `unslice(concat(a, b)) start=0,0`. Steps of time that read their part of a sequence give such
/// sums.
final class JoinSlices extends JoinSums<JoinSlices.Block> {

  /// Pieces along an axis of a larger shape, from `start` on.
  record Block(Shape shape, int axis, int start, int size, List<Value> pieces) {
    Block {
      pieces = List.copyOf(pieces);
    }

    int end() {
      return start + size;
    }

    Block before(Block next) {
      var all = new ArrayList<>(pieces);
      all.addAll(next.pieces);
      return new Block(shape, axis, start, size + next.size, all);
    }
  }

  private JoinSlices() {}

  static Pass pass() {
    return new Pass("join-slices", graph -> Rewriter.rewrite(graph, new JoinSlices()::rule));
  }

  @Override
  Optional<Block> summand(Value value, Rewriter graph) {
    return graph
        .producer(value)
        .flatMap(
            node -> node.op() instanceof Unslice op ? block(op, node.input(0)) : Optional.empty());
  }

  /// A piece that fills the shape along all axes but one.
  private static Optional<Block> block(Unslice op, Value piece) {
    Shape small = piece.type().shape();
    int axis = -1;
    for (int i = 0; i < small.rank(); i++) {
      if (op.steps().get(i) != 1) {
        return Optional.empty();
      }
      if (small.dim(i) != op.shape().dim(i)) {
        if (axis >= 0) {
          return Optional.empty();
        }
        axis = i;
      }
    }
    return axis < 0
        ? Optional.empty()
        : Optional.of(
            new Block(op.shape(), axis, op.starts().get(axis), small.dim(axis), List.of(piece)));
  }

  @Override
  Optional<Block> join(Block a, Block b) {
    if (a.axis() != b.axis()) {
      return Optional.empty();
    }
    if (a.end() == b.start()) {
      return Optional.of(a.before(b));
    }
    return b.end() == a.start() ? Optional.of(b.before(a)) : Optional.empty();
  }

  @Override
  Value write(Block block, String scope, Rewriter graph) {
    Value side = graph.all(new Concat(block.axis()), scope, block.pieces()).getFirst();
    if (side.type().shape().equals(block.shape())) {
      return side;
    }
    int rank = block.shape().rank();
    var starts = new ArrayList<>(Collections.nCopies(rank, 0));
    starts.set(block.axis(), block.start());
    var op = new Unslice(starts, Collections.nCopies(rank, 1), block.shape());
    return graph.one(op, scope, side);
  }
}
