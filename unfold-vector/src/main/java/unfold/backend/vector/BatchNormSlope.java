package unfold.backend.vector;

/// The gradient behind the activation of a batch normalisation, g = dy·act′, written to memory:
/// from y where there is one, else from z = (x − μ)·a + β.
///
/// bf16 with an activation that does more than cut off: computed and kept in f32.
final class BatchNormSlope {
  private final boolean bf16;
  private final Grid grid;
  private final Activated act;
  private final boolean fromOutput;

  BatchNormSlope(boolean bf16, Grid grid, Activated act, boolean fromOutput) {
    this.bf16 = bf16;
    this.grid = grid;
    this.act = act;
    this.fromOutput = fromOutput;
  }

  static long roomBytes(boolean bf16, Grid grid, Activated act, int rows) {
    return act.widens(bf16) ? 2L * rows * grid.rowBytes() : 0;
  }

  /// For `n` elements of each of some rows from `element` on.
  void write(BatchNormBackward.Memory m, long element, int n, long rows, long tile, long room) {
    int count = (int) rows * n;
    long skip = element << Raw.shift(bf16);
    long dy = m.dy() + skip;
    long x = m.x() + skip;
    if (!act.widens(bf16)) {
      long g = m.g() + skip;
      long known = m.y() == 0 ? z(x, g, bf16, n, rows, tile) : m.y() + skip;
      act.grad().run(bf16, dy, known, g, count);
      return;
    }
    long wideDy = room;
    long wideKnown = room + 4L * count;
    CastLoops.widen(dy, wideDy, count);
    if (m.y() == 0) {
      z(x, wideKnown, false, n, rows, tile);
    } else {
      CastLoops.widen(m.y() + skip, wideKnown, count);
    }
    long g = m.g() + 4 * element;
    act.grad().run(false, wideDy, wideKnown, g, count);
    if (m.addendGrad() != 0) {
      CastLoops.narrow(g, m.addendGrad() + skip, count);
    }
  }

  /// Writes what the derivative needs: z, or y = act(z).
  private long z(long x, long to, boolean toBf16, int n, long rows, long tile) {
    float none = Float.NaN;
    BatchNormLoops.apply(bf16, toBf16, x, to, grid.period(), n, rows, tile, none, none);
    if (fromOutput) {
      act.full().run(toBf16, to, to, (int) rows * n);
    }
    return to;
  }
}
