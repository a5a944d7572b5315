package unfold.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import unfold.graph.Graph;
import unfold.graph.GraphBuilder;
import unfold.graph.Value;
import unfold.op.Linear;
import unfold.op.Lookup;
import unfold.op.Movement;
import unfold.op.Pointwise;
import unfold.op.Updates;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Graphs that use everything a planner must get right: views, casts of states, values read late,
/// states updated from each other, several readers, unread outputs.
public final class RandomGraph {
  private static final List<Shape> SHAPES =
      List.of(
          Shape.of(2, 3, 2, 2),
          Shape.of(4, 6),
          Shape.of(6, 4),
          Shape.of(24),
          Shape.of(2, 12, 1, 1));

  private final Random random;
  private final GraphBuilder graph = new GraphBuilder("random");
  private final List<Value> values = new ArrayList<>();
  private final List<Value> states = new ArrayList<>();

  private RandomGraph(Random random) {
    this.random = random;
  }

  public static Graph make(Random random) {
    return new RandomGraph(random).make();
  }

  private Graph make() {
    Value one =
        graph.one(
            new Lookup.Fill(new TensorType(DType.F32, Shape.SCALAR), random.nextInt(2)), "one");
    for (int i = 0; i < 2; i++) {
      values.add(graph.feed("x" + i, new TensorType(DType.F32, shape())));
    }
    for (int i = 0; i < 4; i++) {
      Value s = graph.state("s" + i, new TensorType(DType.F32, shape()));
      states.add(s);
      values.add(s);
    }
    values.add(graph.one(new Lookup.Fill(new TensorType(DType.F32, shape()), 0.5), "half"));
    int nodes = 3 + random.nextInt(20);
    for (int i = 0; i < nodes; i++) {
      node(i);
    }
    if (random.nextBoolean()) {
      Value p = states.getFirst();
      values.add(graph.one(new Updates.Sgd(0, 0, false, 0), "update", one, one, p, like(p.type())));
      graph.update("s0", values.getLast());
    }
    for (int i = 1; i < 4; i++) {
      if (random.nextInt(3) > 0) {
        graph.update("s" + i, like(states.get(i).type()));
      }
    }
    int results = 1 + random.nextInt(3);
    for (int i = 0; i < results; i++) {
      graph.result("r" + i, values.get(random.nextInt(values.size())));
    }
    return graph.build();
  }

  private void node(int i) {
    Value x = values.get(random.nextInt(values.size()));
    String scope = "n" + i;
    switch (random.nextInt(7)) {
      case 0 -> values.add(graph.one(new Pointwise.Affine(0.5, 1), scope, x));
      case 1 ->
          values.add(
              graph.one(
                  new Pointwise.Binary(Pointwise.BinaryFunction.ADD), scope, x, like(x.type())));
      case 2 -> values.add(graph.one(new Movement.Reshape(shape()), scope, x));
      case 3 -> {
        DType to = x.type().dtype() == DType.F32 ? DType.BF16 : DType.F32;
        values.add(graph.one(new Pointwise.Cast(to), scope, x));
      }
      case 4 -> slice(scope, x);
      case 5 -> values.add(graph.one(new Pointwise.Cast(x.type().dtype()), scope, x));
      default -> {
        Value a = like(x.type().with(Shape.of(4, 6)));
        Value product = graph.one(new Linear.MatMul(false, true, a.type().dtype()), scope, a, a);
        Value b = graph.one(new Linear.MatMul(false, false, a.type().dtype()), scope, product, a);
        values.add(graph.one(new Pointwise.Affine(0.01, 0), scope, b));
      }
    }
  }

  /// Cuts one axis, and puts two halves together again so that the shape stays in the game.
  private void slice(String scope, Value x) {
    int axis = random.nextInt(x.type().shape().rank());
    int extent = x.type().shape().dim(axis);
    if (extent % 2 != 0) {
      return;
    }
    var halves = new ArrayList<Value>();
    for (int half = 0; half < 2; half++) {
      var starts = new ArrayList<>(Collections.nCopies(x.type().shape().rank(), 0));
      starts.set(axis, half * extent / 2);
      halves.add(
          graph.one(
              new Movement.Slice(
                  starts,
                  x.type().shape().with(axis, extent / 2).toList(),
                  Collections.nCopies(starts.size(), 1)),
              scope,
              x));
    }
    values.add(graph.one(new Movement.Concat(axis), scope, halves.toArray(Value[]::new)));
  }

  /// A value of this type: one that is there, or a changed copy of another.
  private Value like(TensorType type) {
    var same = values.stream().filter(v -> v.type().equals(type)).toList();
    if (!same.isEmpty() && random.nextInt(4) > 0) {
      return same.get(random.nextInt(same.size()));
    }
    Value x = values.get(random.nextInt(values.size()));
    if (!x.type().shape().equals(type.shape())) {
      x = graph.one(new Movement.Reshape(type.shape()), "fit", x);
    }
    if (x.type().dtype() != type.dtype()) {
      x = graph.one(new Pointwise.Cast(type.dtype()), "fit", x);
    }
    values.add(x);
    return x;
  }

  private Shape shape() {
    return SHAPES.get(random.nextInt(SHAPES.size()));
  }
}
