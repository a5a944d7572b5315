package unfold.trace;

import java.util.List;
import unfold.error.GraphException;
import unfold.error.ShapeException;
import unfold.op.Op;
import unfold.op.Randomness;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;
import unfold.trace.Declaration.Kind;

/// The place of a layer in a network: a path such as `layer1.0.conv1`, under which its parameters
/// are named.
public final class Scope {
  private final Tracer tracer;
  private final String path;
  private final boolean shared;

  Scope(Tracer tracer, String path, boolean shared) {
    this.tracer = tracer;
    this.path = path;
    this.shared = shared;
  }

  /// Names joined by dots; empty for the whole network.
  public String path() {
    return path;
  }

  public Scope child(String name) {
    if (!name.matches("[A-Za-z0-9_.-]+")) {
      throw new GraphException(
          at() + "'" + name + "' cannot name a layer: use letters, digits, '_', '-' and '.'");
    }
    return new Scope(tracer, under(name), shared);
  }

  /// The same place, where names that exist already are used again instead of refused: layers that
  /// share their parameters. A running statistic continues where the earlier use left it.
  public Scope shared() {
    return new Scope(tracer, path, true);
  }

  /// Records a layer in the child scope `name`.
  public Var apply(String name, Traceable layer, Var x) {
    return child(name).run(layer, x);
  }

  /// Records a layer at this very place, which then names also what the layer computes by
  /// arithmetic on [Var].
  public Var run(Traceable layer, Var x) {
    String outer = tracer.current();
    tracer.enter(path);
    try {
      return layer.apply(this, x);
    } finally {
      tracer.enter(outer);
    }
  }

  /// Adds an op and returns its first result.
  public Var apply(Op op, Var... operands) {
    return applyAll(op, operands).getFirst();
  }

  /// Adds an op and returns all its results.
  public List<Var> applyAll(Op op, Var... operands) {
    return tracer.apply(op, path, operands);
  }

  /// An f32 parameter, trained unless this scope is frozen. Weight decay applies to those with two
  /// or more axes.
  public Var parameter(String name, Shape shape, Initializer initializer) {
    String full = under(name);
    var type = new TensorType(DType.F32, shape);
    Kind kind = shape.rank() > 1 ? Kind.WEIGHT : Kind.VECTOR;
    return tracer.declare(
        new Declaration(full, type, initializer, kind, !tracer.frozen(full)), shared);
  }

  /// Memory that stays between runs and is not trained, such as a running mean.
  public Var state(String name, TensorType type, Initializer initializer) {
    return tracer.declare(
        new Declaration(under(name), type, initializer, Kind.MEMORY, false), shared);
  }

  /// While training: lets a head at this scope answer too. Its loss is added to the network's with
  /// this weight. In evaluation nothing is recorded.
  public void auxiliary(double weight, Traceable head, Var x) {
    if (tracer.mode() == Mode.TRAIN) {
      tracer.auxiliary(new Auxiliary(path, run(head, x), weight));
    }
  }

  /// The value that a state of this scope has after this run.
  public void update(String name, Var value) {
    tracer.update(under(name), value);
  }

  /// Whether layers here learn: the program is for training and this scope is not frozen.
  public boolean training() {
    return tracer.mode() == Mode.TRAIN && !tracer.frozen(path);
  }

  /// The random key of this run: feed `key`, i32 [4] = seed low, seed high, step low, step high.
  public Var key() {
    return tracer.feed("key", TensorType.of(DType.I32, 4));
  }

  /// A number for a random op, unique in the program and the same in every trace of it.
  public int stream() {
    return tracer.stream(path);
  }

  /// Numbers from [0, 1), f32, drawn anew at every step; the same for the same seed, step and path.
  public Var uniform(Shape shape) {
    return apply(new Randomness.Uniform(shape, stream()), key());
  }

  /// A complaint about an operand, with this path in front.
  public ShapeException error(String problem) {
    return new ShapeException(problem).at(path);
  }

  private String under(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private String at() {
    return path.isEmpty() ? "" : path + ": ";
  }

  @Override
  public String toString() {
    return path;
  }
}
