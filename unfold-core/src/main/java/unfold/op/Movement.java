package unfold.op;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Ops that move elements without changing them. They work on any element type.
public sealed interface Movement extends Op {

  /// The same elements in row-major order under another shape.
  record Reshape(Shape shape) implements Movement {
    @Override
    public String name() {
      return "reshape";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("shape", shape);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "x");
      if (in.shape(0).size() != shape.size()) {
        throw in.error(
            in.show(0)
                + " has "
                + in.shape(0).size()
                + " elements, but ["
                + shape
                + "] has "
                + shape.size());
      }
      return List.of(in.type(0).with(shape));
    }
  }

  /// y's axis i is x's axis `order[i]`.
  record Transpose(List<Integer> order) implements Movement {
    public Transpose {
      order = List.copyOf(order);
    }

    @Override
    public String name() {
      return "transpose";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("order", order);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "x");
      int rank = in.shape(0).rank();
      if (order.size() != rank
          || new HashSet<>(order).size() != rank
          || order.stream().anyMatch(i -> i < 0 || i >= rank)) {
        throw in.error("order " + order + " is no order of the " + rank + " axes of " + in.show(0));
      }
      return List.of(in.type(0).with(Shape.of(order.stream().map(in.shape(0)::dim).toList())));
    }
  }

  /// Stretches axes of extent 1 (and missing leading axes) to the given shape.
  record Broadcast(Shape shape) implements Movement {
    @Override
    public String name() {
      return "broadcast";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("shape", shape);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "x");
      if (!fits(in.shape(0))) {
        throw in.error(in.show(0) + " does not stretch to [" + shape + "]");
      }
      return List.of(in.type(0).with(shape));
    }

    private boolean fits(Shape x) {
      if (x.rank() > shape.rank()) {
        return false;
      }
      for (int i = 1; i <= x.rank(); i++) {
        if (x.dim(-i) != shape.dim(-i) && x.dim(-i) != 1) {
          return false;
        }
      }
      return true;
    }
  }

  /// Operands one after the other along an axis.
  record Concat(int axis) implements Movement {
    @Override
    public String name() {
      return "concat";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("axis", axis);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var names = new String[Math.max(1, operands.size())];
      for (int i = 0; i < names.length; i++) {
        names[i] = "x" + i;
      }
      var in = Operands.of(this, operands, names);
      Shape first = in.shape(0);
      if (axis < 0 || axis >= first.rank()) {
        throw in.error(in.show(0) + " has no axis " + axis);
      }
      long extent = 0;
      for (int i = 0; i < in.count(); i++) {
        in.sameDtype(0, i);
        if (in.shape(i).rank() != first.rank()
            || !in.shape(i).with(axis, first.dim(axis)).equals(first)) {
          throw in.error(in.show(i) + " and " + in.show(0) + " differ beside axis " + axis);
        }
        extent += in.shape(i).dim(axis);
      }
      return List.of(
          in.type(0).with(first.with(axis, in.extent(extent, "elements along axis " + axis))));
    }
  }

  /// y[i…] = x[start + i·step …].
  record Slice(List<Integer> starts, List<Integer> sizes, List<Integer> steps) implements Movement {
    public Slice {
      starts = List.copyOf(starts);
      sizes = List.copyOf(sizes);
      steps = List.copyOf(steps);
    }

    @Override
    public String name() {
      return "slice";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("start", starts).with("size", sizes).with("step", steps);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "x");
      requireInside(in, in.shape(0), starts, sizes, steps);
      return List.of(in.type(0).with(Shape.of(sizes)));
    }
  }

  /// The adjoint of [Slice]: zeros of the given shape with the operand at its places.
  record Unslice(List<Integer> starts, List<Integer> steps, Shape shape) implements Movement {
    public Unslice {
      starts = List.copyOf(starts);
      steps = List.copyOf(steps);
    }

    @Override
    public String name() {
      return "unslice";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("start", starts).with("step", steps).with("shape", shape);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "x");
      requireInside(in, shape, starts, in.shape(0).toList(), steps);
      return List.of(in.type(0).with(shape));
    }
  }

  /// Adds elements of one value before and after along each axis.
  record Pad(List<Integer> before, List<Integer> after, double value) implements Movement {
    public Pad {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }

    @Override
    public String name() {
      return "pad";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("before", before).with("after", after).with("value", value);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "x");
      Shape x = in.shape(0);
      if (before.size() != x.rank() || after.size() != x.rank()) {
        throw in.error(
            in.show(0) + " has " + x.rank() + " axes, but before=" + before + " after=" + after);
      }
      var dims = new ArrayList<Integer>();
      for (int i = 0; i < x.rank(); i++) {
        if (before.get(i) < 0 || after.get(i) < 0) {
          throw in.error("padding must not be negative: " + before + ", " + after);
        }
        long extent = (long) before.get(i) + x.dim(i) + after.get(i);
        dims.add(in.extent(extent, "elements along axis " + i));
      }
      return List.of(in.type(0).with(Shape.of(dims)));
    }
  }

  private static void requireInside(
      Operands in, Shape whole, List<Integer> starts, List<Integer> sizes, List<Integer> steps) {
    boolean ok =
        starts.size() == whole.rank()
            && sizes.size() == whole.rank()
            && steps.size() == whole.rank();
    for (int i = 0; ok && i < whole.rank(); i++) {
      long last = starts.get(i) + (sizes.get(i) - 1L) * steps.get(i);
      ok =
          starts.get(i) >= 0
              && sizes.get(i) >= 0
              && steps.get(i) >= 1
              && (sizes.get(i) == 0 || last < whole.dim(i));
    }
    if (!ok) {
      throw in.error(
          "start=" + starts + " size=" + sizes + " step=" + steps + " leaves [" + whole + "]");
    }
  }

  static @Nullable Op read(String name, Attributes a) {
    return switch (name) {
      case "reshape" -> new Reshape(a.shape("shape"));
      case "transpose" -> new Transpose(a.integers("order"));
      case "broadcast" -> new Broadcast(a.shape("shape"));
      case "concat" -> new Concat(a.integer("axis"));
      case "slice" -> new Slice(a.integers("start"), a.integers("size"), a.integers("step"));
      case "unslice" -> new Unslice(a.integers("start"), a.integers("step"), a.shape("shape"));
      case "pad" -> new Pad(a.integers("before"), a.integers("after"), a.real("value"));
      default -> null;
    };
  }
}
