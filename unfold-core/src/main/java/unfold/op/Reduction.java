package unfold.op;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Ops that fold axes into fewer numbers.
public sealed interface Reduction extends Op {

  enum Fold {
    SUM,
    MEAN,
    MAX,
    MIN
  }

  /// Folds the given axes (ascending) and drops them, or keeps them with extent 1; sums are taken
  /// in at least f32 and written as `out`.
  record Reduce(Fold fold, List<Integer> axes, boolean keep, DType out) implements Reduction {
    public Reduce {
      axes = List.copyOf(axes);
    }

    @Override
    public String name() {
      return "reduce";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of()
          .with("fold", fold)
          .with("axes", axes)
          .with("keep", keep)
          .with("out", out);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "x").real(0);
      Shape x = in.shape(0);
      int previous = -1;
      for (int axis : axes) {
        if (axis <= previous || axis >= x.rank()) {
          throw in.error(
              in.show(0)
                  + " cannot be folded along axes "
                  + axes
                  + ": they must ascend and be below "
                  + x.rank());
        }
        if (x.dim(axis) == 0) {
          throw in.error(in.show(0) + " has no elements along axis " + axis);
        }
        previous = axis;
      }
      var dims = new ArrayList<Integer>();
      for (int i = 0; i < x.rank(); i++) {
        if (!axes.contains(i)) {
          dims.add(x.dim(i));
        } else if (keep) {
          dims.add(1);
        }
      }
      return List.of(new TensorType(out, Shape.of(dims)));
    }
  }

  /// Index (i32) of the first largest element along an axis, which is dropped. No gradient.
  record ArgMax(int axis) implements Reduction {
    @Override
    public String name() {
      return "argmax";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("axis", axis);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "x").real(0);
      Shape x = in.shape(0);
      if (axis < 0 || axis >= x.rank() || x.dim(axis) == 0) {
        throw in.error(in.show(0) + " has nothing to choose along axis " + axis);
      }
      var dims = new ArrayList<>(x.toList());
      dims.remove(axis);
      return List.of(new TensorType(DType.I32, Shape.of(dims)));
    }
  }

  static @Nullable Op read(String name, Attributes a) {
    return switch (name) {
      case "reduce" ->
          new Reduce(
              a.constant("fold", Fold.class), a.integers("axes"), a.flag("keep"), a.dtype("out"));
      case "argmax" -> new ArgMax(a.integer("axis"));
      default -> null;
    };
  }
}
