package unfold.op;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Matrix products.
public sealed interface Linear extends Op {

  /// y = act( A·B + bias ), A = a or aᵀ, B = b or bᵀ (last two axes), in type `out`.
  ///
  /// Operands: a [batch…×M×K], b [batch…×K×N] or, shared by all of the batch, [K×N]; optionally
  /// bias [N]. Result: [batch…×M×N].
  record MatMul(boolean transposeA, boolean transposeB, DType out, Activation activation)
      implements Linear {
    public MatMul(boolean transposeA, boolean transposeB, DType out) {
      this(transposeA, transposeB, out, Activation.IDENTITY);
    }

    @Override
    public String name() {
      return "matmul";
    }

    @Override
    public Attributes attributes() {
      return activation.write(
          Attributes.of().with("ta", transposeA).with("tb", transposeB).with("out", out));
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "a", "b", "bias?").real(0).sameDtype(0, 1);
      Shape a = in.shape(0);
      Shape b = in.shape(1);
      if (a.rank() < 2 || b.rank() < 2) {
        throw in.error(in.show(0) + " and " + in.show(1) + " must have at least two axes");
      }
      int m = a.dim(transposeA ? -1 : -2);
      int k = a.dim(transposeA ? -2 : -1);
      int kb = b.dim(transposeB ? -1 : -2);
      int n = b.dim(transposeB ? -2 : -1);
      if (k != kb) {
        throw in.error(
            in.show(0)
                + (transposeA ? "ᵀ" : "")
                + " has "
                + k
                + " columns, but "
                + in.show(1)
                + (transposeB ? "ᵀ" : "")
                + " has "
                + kb
                + " rows");
      }
      var batch = a.toList().subList(0, a.rank() - 2);
      if (b.rank() > 2 && !b.toList().subList(0, b.rank() - 2).equals(batch)) {
        throw in.error(in.show(0) + " and " + in.show(1) + " have different batch axes");
      }
      if (in.count() > 2) {
        in.shape(2, Shape.of(n), "one number per column").sameOrWider(0, 2);
      }
      if (out != in.dtype(0) && !(out == DType.F32 && in.dtype(0) == DType.BF16)) {
        throw in.error("a product of " + in.dtype(0) + " cannot be written as " + out);
      }
      var dims = new ArrayList<>(batch);
      dims.add(m);
      dims.add(n);
      return List.of(new TensorType(out, Shape.of(dims)));
    }
  }

  static @Nullable Op read(String name, Attributes a) {
    return switch (name) {
      case "matmul" -> new MatMul(a.flag("ta"), a.flag("tb"), a.dtype("out"), Activation.read(a));
      default -> null;
    };
  }
}
