package unfold.backend.vector;

import unfold.backend.Kernel;
import unfold.backend.Workers;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// y = f(a, b) for operands that are stretched to a common shape, piece by piece.
final class StretchedKernel {
  private static final long PER_PART = 2L * 4 * Stretched.PIECE + Flat.BUFFER + Tail.BYTES;

  private StretchedKernel() {}

  static int parts(Workers workers, Broadcasting b, TensorType y) {
    return Split.parts(workers, b.blocks() * pieces(b), 3 * y.bytes());
  }

  static long scratchBytes(int parts) {
    return parts * PER_PART;
  }

  static Kernel bind(
      Workers workers,
      Broadcasting b,
      DType from,
      DType to,
      Flat.Maker maker,
      int parts,
      long[] in,
      long out,
      long scratch) {
    boolean bf16 = from == DType.BF16;
    var left = new Stretched[parts];
    var right = new Stretched[parts];
    var loops = new Flat.Two[parts];
    for (int p = 0; p < parts; p++) {
      long buffers = scratch + p * PER_PART;
      left[p] = new Stretched(b, 0, from.bytes(), in[0], buffers);
      right[p] = new Stretched(b, 1, from.bytes(), in[1], buffers + 4L * Stretched.PIECE);
      loops[p] = maker.make(buffers + 8L * Stretched.PIECE);
    }
    long perBlock = pieces(b);
    int rowsAtOnce = Math.max(1, Stretched.PIECE / b.columns());
    int columnsAtOnce = Math.min(b.columns(), Stretched.PIECE);
    int columnPieces = (b.columns() + columnsAtOnce - 1) / columnsAtOnce;
    return Split.share(
        workers,
        parts,
        b.blocks() * perBlock,
        (part, first, last) -> {
          long room = scratch + (part + 1) * PER_PART - Tail.BYTES;
          left[part].restart();
          right[part].restart();
          for (long i = first; i < last; i++) {
            int block = (int) (i / perBlock);
            int piece = (int) (i % perBlock);
            int row = piece / columnPieces * rowsAtOnce;
            int column = piece % columnPieces * columnsAtOnce;
            int rows = Math.min(rowsAtOnce, b.rows() - row);
            int columns = Math.min(columnsAtOnce, b.columns() - column);
            long x = left[part].piece(block, row, rows, column, columns);
            long z = right[part].piece(block, row, rows, column, columns);
            long at = ((long) block * b.rows() + row) * b.columns() + column;
            Flat.run(
                loops[part], bf16, x, z, out + at * to.bytes(), to.bytes(), rows * columns, room);
          }
        });
  }

  private static long pieces(Broadcasting b) {
    int rowsAtOnce = Math.max(1, Stretched.PIECE / b.columns());
    int columnsAtOnce = Math.min(b.columns(), Stretched.PIECE);
    return (long) ((b.rows() + rowsAtOnce - 1) / rowsAtOnce)
        * ((b.columns() + columnsAtOnce - 1) / columnsAtOnce);
  }
}
