package unfold.op;

import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Products of all steps of sequences at once, without what lies beyond the rows' lengths. Layers
/// trace plain products; a pass puts these in their place where padding is inert.
///
/// T steps, N rows, D and O numbers a row; step t of row n counts if t < lengths[n].
public sealed interface SequenceProduct extends Recurrence {

  /// y = x·B + bias, B = b or bᵀ, in type `out`, for steps that count; zeros for the others.
  ///
  /// Operands: x [T×N×D], b [D×O] or [O×D], with `bias` one [O], lengths [N] (i32). Result:
  /// [T×N×O].
  record OfSteps(boolean transposeB, boolean bias, DType out) implements SequenceProduct {
    @Override
    public String name() {
      return "sequence_product";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("tb", transposeB).with("bias", bias).with("out", out);
    }

    @Override
    public int lengthsOperand() {
      return bias ? 3 : 2;
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in =
          bias
              ? Operands.of(this, operands, "x", "b", "bias", "lengths")
              : Operands.of(this, operands, "x", "b", "lengths");
      in.rank(0, 3, "T×N×D").real(0).rank(1, 2, "D×O").sameDtype(0, 1);
      Shape x = in.shape(0);
      int o = in.shape(1).dim(transposeB ? 0 : 1);
      Shape b = transposeB ? Shape.of(o, x.dim(2)) : Shape.of(x.dim(2), o);
      in.shape(1, b, "it is multiplied with rows of x");
      if (bias) {
        in.shape(2, Shape.of(o), "one number per column").sameOrWider(0, 2);
      }
      requireLengths(in, lengthsOperand(), x.dim(1));
      return List.of(new TensorType(out, Shape.of(x.dim(0), x.dim(1), o)));
    }
  }

  /// Σ dyᵀ·x over all steps that count, in type `out`: the gradient of a weight.
  ///
  /// Operands: dy [T×N×O], x [T×N×D], lengths [N] (i32). Result: [O×D].
  record OverSteps(DType out) implements SequenceProduct {
    @Override
    public String name() {
      return "sequence_product_sum";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("out", out);
    }

    @Override
    public int lengthsOperand() {
      return 2;
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "dy", "x", "lengths");
      in.rank(0, 3, "T×N×O").real(0).rank(1, 3, "T×N×D").sameDtype(0, 1);
      Shape dy = in.shape(0);
      int d = in.shape(1).dim(2);
      in.shape(1, Shape.of(dy.dim(0), dy.dim(1), d), "both have the same steps and rows");
      requireLengths(in, 2, dy.dim(1));
      return List.of(new TensorType(out, Shape.of(dy.dim(2), d)));
    }
  }

  /// Place of the lengths among the operands.
  int lengthsOperand();

  private static void requireLengths(Operands in, int at, int rows) {
    in.dtype(at, DType.I32).shape(at, Shape.of(rows), "one length per row");
  }

  static @Nullable Op read(String name, Attributes a) {
    return switch (name) {
      case "sequence_product" -> new OfSteps(a.flag("tb"), a.flag("bias"), a.dtype("out"));
      case "sequence_product_sum" -> new OverSteps(a.dtype("out"));
      default -> null;
    };
  }
}
