package unfold.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.op.Lookup.Gather;
import unfold.op.Lookup.GatherGrad;
import unfold.op.Op;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// Lookups: for gather the shapes of the table and of the indices, for its gradient that of dy and
/// `rows=`; with `outside` some indices are no row. Constants are their text form.
final class LookupSamples {
  private LookupSamples() {}

  static List<String> names() {
    return """
    fill type=f32[()] value=1.5
    fill type=bf16[2x6x5x7] value=-0.25
    fill type=i32[37] value=3
    constant type=f32[2x3] values=1.0,2.0,-3.5,0.0,1.0E-3,6.0
    constant type=i32[4] values=1.0,2.0,3.0,-4.0
    constant type=f32[1x3x1x2] values=1.0,2.0,3.0,4.0,5.0,6.0
    gather 10x1 3
    gather 37x24 4x5
    gather 100x64 8x16
    gather 10x6 ()
    gather 1000x65 100x7
    gather 10x6 37 outside
    gather_grad 3x1 rows=10
    gather_grad 4x5x24 rows=37
    gather_grad 64x37 rows=5
    gather_grad 100x7x65 rows=1000
    gather_grad 37x6 rows=10 outside
    gather_grad 37x6 rows=10 out=same
    """
        .lines()
        .toList();
  }

  static @Nullable Sample read(Words w) {
    return switch (w.op()) {
      case "fill", "constant" -> Sample.fixed(w, Op.read(w.op(), w.settings("")));
      case "gather" -> {
        Sample gather =
            Sample.of(
                w,
                _ -> new Gather(),
                Operand.real("table", w.shape(0)),
                indices(w, w.shape(1), w.shape(0).dim(0)));
        yield w.has("outside") ? gather.in(DType.F32, DType.BF16) : gather;
      }
      case "gather_grad" -> {
        int rows = w.integer("rows", 1);
        var dims = w.shape(0).toList();
        Shape indices = Shape.of(dims.subList(0, dims.size() - 1));
        Sample grad =
            Sample.of(
                w,
                real -> new GatherGrad(rows, w.out(real, "wide")),
                Operand.real("dy", w.shape(0)),
                indices(w, indices, rows));
        yield w.has("outside") ? grad.in(DType.F32, DType.BF16) : grad;
      }
      default -> null;
    };
  }

  private static Operand indices(Words w, Shape shape, int rows) {
    int beyond = w.has("outside") ? 2 : 0;
    return Operand.fixed("indices", shape, DType.I32, Draw.integers(-beyond, rows + beyond));
  }
}
