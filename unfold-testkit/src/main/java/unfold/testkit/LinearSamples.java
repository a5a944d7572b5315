package unfold.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.op.Linear.MatMul;

/// Matrix products: the shapes of a and b as they lie; `ta` `tb` transpose, `bias`, `act=`, `out=`.
final class LinearSamples {
  private LinearSamples() {}

  static List<String> names() {
    return """
    matmul 1x1 1x1
    matmul 3x4 4x5
    matmul 4x3 4x5 ta
    matmul 3x4 5x4 tb
    matmul 4x3 5x4 ta tb
    matmul 1x64 64x10
    matmul 64x1 1x37
    matmul 37x24 24x6
    matmul 128x120 84x120 tb bias
    matmul 128x120 84x120 tb bias act=relu
    matmul 32x84 10x84 tb bias act=tanh
    matmul 6x37 24x37 tb bias act=sigmoid
    matmul 5x16 16x48 bias act=gelu
    matmul 64x128 64x84 ta
    matmul 64x128 64x84 ta out=wide
    matmul 515x40 40x24
    matmul 515x33 17x33 tb bias act=relu
    matmul 37x64 64x48 out=wide bias
    matmul 2x3x4 4x5
    matmul 2x3x4 2x4x5
    matmul 3x7x6 3x5x6 tb
    matmul 2x3x8x16 2x3x16x8
    matmul 2x8x37 2x8x24 ta
    matmul 4x5x37 37x24 bias act=relu
    matmul 150x200 100x200 tb bias act=relu
    """
        .lines()
        .toList();
  }

  static @Nullable Sample read(Words w) {
    if (!w.op().equals("matmul")) {
      return null;
    }
    var a = w.shape(0);
    var b = w.shape(1);
    var operands = new ArrayList<Operand>();
    operands.add(Operand.real("a", a));
    operands.add(Operand.real("b", b, Draw.normal(0, 1 / Math.sqrt(a.dim(w.has("ta") ? -2 : -1)))));
    if (w.has("bias")) {
      var n = unfold.tensor.Shape.of(b.dim(w.has("tb") ? -2 : -1));
      operands.add(Operand.wide("bias", n, Draw.normal()));
    }
    return Sample.of(
        w,
        real -> new MatMul(w.has("ta"), w.has("tb"), w.out(real, "same"), w.activation()),
        operands.toArray(Operand[]::new));
  }
}
