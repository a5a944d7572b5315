package unfold.backend.vector;

import unfold.backend.Kernel;
import unfold.backend.Workers;

/// An optimiser's update of many tensors in one parallel region. The work is a list of chunks, made
/// once and shared out by bytes; each names its tensor and its range.
///
/// A gradient scale that is not finite leaves everything as it is.
final class UpdateKernel implements Kernel {
  /// Elements of a chunk at most; a multiple of every vector length.
  private static final int CHUNK = 1 << 14;

  /// Updates n elements from the given addresses: parameter, gradient, two states, and where the
  /// new parameter and states go.
  @FunctionalInterface
  interface Rule {
    void run(Scalars s, long p, long g, long a, long b, long toP, long toA, long toB, int n);
  }

  /// The numbers of this step; written before the region begins.
  static final class Scalars {
    float rate;
    float scale;
    float step;
  }

  private final Workers workers;
  private final Rule rule;
  private final int parts;
  private final long rate;
  private final long scale;
  private final long step;
  private final long[][] operands;
  private final int[] tensor;
  private final long[] from;
  private final int[] count;
  private final int[] firstChunk;
  private final long rooms;
  private final Scalars scalars = new Scalars();
  private final Workers.Body body = this::part;

  /// @param step address of the step's number, or 0
  /// @param operands seven addresses for each tensor, as [Rule] names them
  /// @param sizes elements of each tensor
  UpdateKernel(
      Workers workers,
      Rule rule,
      long rate,
      long scale,
      long step,
      long[][] operands,
      long[] sizes,
      int bytesPerElement,
      long rooms) {
    this.workers = workers;
    this.rule = rule;
    this.rate = rate;
    this.scale = scale;
    this.step = step;
    this.operands = operands;
    this.rooms = rooms;
    int chunks = 0;
    long elements = 0;
    for (long size : sizes) {
      chunks += Math.toIntExact((size + CHUNK - 1) / CHUNK);
      elements += size;
    }
    tensor = new int[chunks];
    from = new long[chunks];
    count = new int[chunks];
    int c = 0;
    for (int t = 0; t < sizes.length; t++) {
      for (long at = 0; at < sizes[t]; at += CHUNK) {
        tensor[c] = t;
        from[c] = at;
        count[c++] = (int) Math.min(CHUNK, sizes[t] - at);
      }
    }
    parts = parts(workers, sizes, bytesPerElement);
    firstChunk = new int[parts + 1];
    firstChunk[parts] = chunks;
    long done = 0;
    int part = 1;
    for (int i = 0; i < chunks && part < parts; i++) {
      done += count[i];
      while (part < parts && done >= elements * part / parts) {
        firstChunk[part++] = i + 1;
      }
    }
  }

  static int parts(Workers workers, long[] sizes, int bytesPerElement) {
    long elements = 0;
    for (long size : sizes) {
      elements += size;
    }
    return Split.parts(workers, Math.max(1, elements / CHUNK), elements * bytesPerElement);
  }

  static long scratchBytes(int parts) {
    return parts * 2L * Tail.BYTES;
  }

  @Override
  public void run() {
    scalars.rate = Raw.getF32(rate, 0);
    scalars.scale = Raw.getF32(scale, 0);
    scalars.step = step == 0 ? 0 : Raw.getF32(step, 0);
    workers.run(parts, body);
  }

  private void part(int part) {
    boolean finite = Float.isFinite(scalars.scale);
    for (int c = firstChunk[part]; c < firstChunk[part + 1]; c++) {
      if (finite) {
        chunk(operands[tensor[c]], from[c], count[c], rooms + part * 2L * Tail.BYTES);
      } else {
        keep(operands[tensor[c]], from[c], count[c]);
      }
    }
  }

  private void chunk(long[] o, long at, int n, long room) {
    long skip = 4 * at;
    int whole = n / Raw.L * Raw.L;
    if (whole > 0) {
      rule.run(
          scalars,
          o[0] + skip,
          o[1] + skip,
          o[2] + skip,
          o[3] + skip,
          o[4] + skip,
          o[5] + skip,
          o[6] + skip,
          whole);
    }
    if (whole < n) {
      int rest = n - whole;
      long end = skip + 4L * whole;
      for (int i = 0; i < 4; i++) {
        if (o[i] != 0) {
          Tail.in(room, i, o[i] + end, rest, 4);
        }
      }
      long p = Tail.slot(room, 0);
      long a = Tail.slot(room, 2);
      long b = Tail.slot(room, 3);
      rule.run(scalars, p, Tail.slot(room, 1), a, b, p, a, b, Raw.L);
      out(p, o[4], end, rest);
      out(a, o[5], end, rest);
      out(b, o[6], end, rest);
    }
  }

  private static void out(long from, long to, long end, int n) {
    if (to != 0) {
      Raw.copy(from, to + end, 4L * n);
    }
  }

  /// The new values are the old ones.
  private static void keep(long[] o, long at, int n) {
    for (int i = 0; i < 3; i++) {
      long source = o[i == 0 ? 0 : i + 1];
      if (o[4 + i] != 0 && o[4 + i] != source) {
        Raw.copy(source + 4 * at, o[4 + i] + 4 * at, 4L * n);
      }
    }
  }
}
