package unfold.backend.vector;

/// The pass of batch normalisation that writes y, by rows `from` … `to` − 1.
final class BatchNormApply {
  /// Rows at a time where they are widened on the way.
  private static final int WIDENED = 16;

  private BatchNormApply() {}

  /// Bytes of the room that [#backwards] needs.
  static long roomBytes(boolean bf16, Grid grid, Activated act) {
    return Tail.BYTES + (act.widens(bf16) ? WIDENED * grid.rowBytes() : 0);
  }

  /// From the last row to the first: after a pass of sums, the caches hold what was read last.
  ///
  /// @param rest whether the elements behind the last row belong to this part
  /// @param addend 0 for none
  /// @param room of size [#roomBytes]
  static void backwards(
      boolean bf16,
      Grid grid,
      long from,
      long to,
      boolean rest,
      long x,
      long addend,
      long y,
      long tile,
      Activated act,
      long room) {
    int period = grid.period();
    if (rest) {
      long at = grid.rows() * period << Raw.shift(bf16);
      int n = grid.restInVectors();
      block(bf16, grid, x, addend, y, at, n, 1, tile, act, room);
      int last = grid.rest() - n;
      if (last > 0) {
        int bytes = bf16 ? 2 : 4;
        long end = at + (long) n * bytes;
        long tailX = Tail.in(room, 0, x + end, last, bytes);
        long tailAddend = addend == 0 ? 0 : Tail.in(room, 1, addend + end, last, bytes);
        long tailY = Tail.slot(room, 2);
        block(bf16, grid, tailX, tailAddend, tailY, 0, Raw.L, 1, tile + 4L * n, act, room);
        Raw.copy(tailY, y + end, (long) last * bytes);
      }
    }
    long rows = act.widens(bf16) ? WIDENED : grid.stretch(bf16);
    for (long end = to; end > from; end -= rows) {
      long row = Math.max(from, end - rows);
      long at = row * period << Raw.shift(bf16);
      block(bf16, grid, x, addend, y, at, period, end - row, tile, act, room);
    }
  }

  /// Rows whose width n is the period, or a single row.
  private static void block(
      boolean bf16,
      Grid grid,
      long x,
      long addend,
      long y,
      long at,
      int n,
      long rows,
      long tile,
      Activated act,
      long room) {
    int period = grid.period();
    boolean widens = act.widens(bf16);
    long to = widens ? room + Tail.BYTES : y + at;
    int count = (int) rows * n;
    float low = act.bounds().low();
    float high = act.bounds().high();
    if (grid.paired()) {
      if (addend == 0) {
        BatchNormPairLoops.apply(x + at, to, period, n, rows, tile, low, high);
      } else {
        BatchNormPairLoops.applyAdd(x + at, addend + at, to, period, n, rows, tile, low, high);
      }
    } else if (addend == 0) {
      BatchNormLoops.apply(bf16, bf16 && !widens, x + at, to, period, n, rows, tile, low, high);
    } else {
      BatchNormLoops.applyAdd(
          bf16, bf16 && !widens, x + at, addend + at, to, period, n, rows, tile, low, high);
    }
    act.forward().run(bf16 && !widens, to, to, count);
    if (widens) {
      CastLoops.narrow(to, y + at, count);
    }
  }
}
