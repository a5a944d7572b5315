package unfold.backend.vector;

/// Loops over elements that lie one after the other; n is a multiple of the vector length. The
/// result may lie on an operand.
final class Flat {
  private Flat() {}

  /// y = f(x)
  @FunctionalInterface
  interface One {
    void run(boolean bf16, long x, long y, int n);
  }

  /// y = f(a, b)
  @FunctionalInterface
  interface Two {
    void run(boolean bf16, long a, long b, long y, int n);
  }

  /// Makes a loop that may use a buffer of [#BUFFER] bytes: one for each thread.
  @FunctionalInterface
  interface Maker {
    Two make(long buffer);
  }

  private static final int BLOCK = 2048;

  static final long BUFFER = 2L * 4 * BLOCK;

  /// y = then(f(a, b)), bf16 rounded only once.
  static Two then(Two loop, One then, long buffer) {
    long other = buffer + 4 * BLOCK;
    return (bf16, a, b, y, n) -> {
      if (!bf16) {
        loop.run(false, a, b, y, n);
        then.run(false, y, y, n);
        return;
      }
      for (int i = 0; i < n; i += BLOCK) {
        int count = Math.min(BLOCK, n - i);
        CastLoops.widen(a + 2L * i, buffer, count);
        CastLoops.widen(b + 2L * i, other, count);
        loop.run(false, buffer, other, buffer, count);
        then.run(false, buffer, buffer, count);
        CastLoops.narrow(buffer, y + 2L * i, count);
      }
    };
  }

  /// Elements a loop is given at once, a multiple of every vector length.
  static final int CHUNK = 1 << 20;

  /// Work on n elements from element `at` on.
  @FunctionalInterface
  interface Span {
    void run(long at, int n);
  }

  /// Elements from … to − 1 in chunks of whole vectors, and the last ones, if they fill none.
  static void chunks(long from, long to, Span whole, Span tail) {
    long at = from;
    while (to - at >= Raw.L) {
      int n = (int) Math.min(CHUNK, (to - at) / Raw.L * Raw.L);
      whole.run(at, n);
      at += n;
    }
    if (at < to) {
      tail.run(at, (int) (to - at));
    }
  }

  /// Runs a loop over elements from … to − 1; the last of them are no whole vector only if `to` is
  /// the end.
  static void run(One loop, boolean bf16, long x, long y, long from, long to, long room) {
    int bytes = bf16 ? 2 : 4;
    long at = from;
    while (to - at >= Raw.L) {
      int n = (int) Math.min(CHUNK, (to - at) / Raw.L * Raw.L);
      loop.run(bf16, x + at * bytes, y + at * bytes, n);
      at += n;
    }
    if (at < to) {
      int n = (int) (to - at);
      long tail = Tail.in(room, 0, x + at * bytes, n, bytes);
      loop.run(bf16, tail, tail, Raw.L);
      Raw.copy(tail, y + at * bytes, (long) n * bytes);
    }
  }

  static void run(Two loop, boolean bf16, long a, long b, long y, long from, long to, long room) {
    int bytes = bf16 ? 2 : 4;
    long at = from;
    while (to - at >= Raw.L) {
      int n = (int) Math.min(CHUNK, (to - at) / Raw.L * Raw.L);
      loop.run(bf16, a + at * bytes, b + at * bytes, y + at * bytes, n);
      at += n;
    }
    run(loop, bf16, a + at * bytes, b + at * bytes, y + at * bytes, bytes, (int) (to - at), room);
  }

  /// n elements, whose result has elements of `yBytes`.
  static void run(Two loop, boolean bf16, long a, long b, long y, int yBytes, int n, long room) {
    int bytes = bf16 ? 2 : 4;
    int whole = n / Raw.L * Raw.L;
    if (whole > 0) {
      loop.run(bf16, a, b, y, whole);
    }
    if (whole < n) {
      int rest = n - whole;
      long tailA = Tail.in(room, 0, a + (long) whole * bytes, rest, bytes);
      long tailB = Tail.in(room, 1, b + (long) whole * bytes, rest, bytes);
      long tailY = Tail.slot(room, 2);
      loop.run(bf16, tailA, tailB, tailY, Raw.L);
      Raw.copy(tailY, y + (long) whole * yBytes, (long) rest * yBytes);
    }
  }
}
