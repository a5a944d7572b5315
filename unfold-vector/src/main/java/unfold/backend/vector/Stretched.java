package unfold.backend.vector;

/// An operand of a [Broadcasting], read by pieces: an address where the elements of a piece lie as
/// the result's do. That is the operand itself where it is not stretched, else a buffer. One for
/// each thread.
final class Stretched {
  /// Elements of a piece at most.
  static final int PIECE = 4096;

  private final Broadcasting b;
  private final long[] begins;
  private final long rowStep;
  private final long columnStep;
  private final int bytes;
  private final long base;
  private final long buffer;
  private long filledFrom = -1;

  /// @param buffer of PIECE elements
  Stretched(Broadcasting b, int operand, int bytes, long base, long buffer) {
    this.b = b;
    this.begins = b.begins(operand);
    this.rowStep = b.rowStep(operand);
    this.columnStep = b.columnStep(operand);
    this.bytes = bytes;
    this.base = base;
    this.buffer = buffer;
  }

  /// To be called first in each run: the operand may hold other numbers now.
  void restart() {
    filledFrom = -1;
  }

  /// `rows` whole rows, or a part of one.
  long piece(int block, int row, int rows, int column, int columns) {
    long from = base + begins[block] * bytes;
    if (columnStep == 1 && (rows == 1 || rowStep == b.columns())) {
      return from + (row * rowStep + column) * bytes;
    }
    if (columnStep == 1 && rowStep == 0) {
      if (filledFrom != from) {
        repeat(from, b.columns());
      }
      return buffer;
    }
    if (columnStep == 0 && rowStep == 0) {
      if (filledFrom != from) {
        repeat(from, 1);
      }
      return buffer;
    }
    gather(from, row, rows, column, columns);
    return buffer;
  }

  private void repeat(long from, int elements) {
    long all = (long) PIECE * bytes;
    long filled = (long) elements * bytes;
    Raw.copy(from, buffer, filled);
    while (filled < all) {
      long more = Math.min(filled, all - filled);
      Raw.copy(buffer, buffer + filled, more);
      filled += more;
    }
    filledFrom = from;
  }

  private void gather(long from, int row, int rows, int column, int columns) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        long source = (row + r) * rowStep + (column + c) * columnStep;
        long to = (long) r * columns + c;
        switch (bytes) {
          case 1 -> Raw.putU8(buffer, to, Raw.getU8(from, source));
          case 2 -> Raw.putI16(buffer, to, Raw.getI16(from, source));
          default -> Raw.putI32(buffer, to, Raw.getI32(from, source));
        }
      }
    }
  }
}
