package unfold.backend.vector;

import static unfold.backend.vector.Raw.ALL;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.ORDER;
import static unfold.backend.vector.Raw.address;
import static unfold.backend.vector.Raw.at;
import static unfold.backend.vector.Raw.offset;
import static unfold.backend.vector.Raw.put;
import static unfold.backend.vector.Raw.shift;

import jdk.incubator.vector.FloatVector;

/// The transforms of F(4×4, 5×5) ([Minimal]), whose squares have eight numbers in each direction:
/// as those of [WinogradLoops].
final class EightLoops {
  private EightLoops() {}

  static void inputRows(
      boolean bf16,
      long r0,
      long r1,
      long r2,
      long r3,
      long r4,
      long r5,
      long r6,
      long r7,
      long y,
      long yStep,
      int n) {
    long next = offset(yStep);
    int shift = shift(bf16);
    for (int i = 0; i < n; i += L) {
      long by = (long) i << shift;
      FloatVector x0 = Raw.at(bf16, address(r0 + by));
      FloatVector x1 = Raw.at(bf16, address(r1 + by));
      FloatVector x2 = Raw.at(bf16, address(r2 + by));
      FloatVector x3 = Raw.at(bf16, address(r3 + by));
      FloatVector x4 = Raw.at(bf16, address(r4 + by));
      FloatVector x5 = Raw.at(bf16, address(r5 + by));
      FloatVector x6 = Raw.at(bf16, address(r6 + by));
      FloatVector x7 = Raw.at(bf16, address(r7 + by));
      long to = address(y + 4L * i);
      FloatVector a = x2.add(x6).sub(x4.mul(4.25f));
      FloatVector b = x1.add(x5).sub(x3.mul(4.25f));
      FloatVector c = x6.add(x2.mul(0.25f)).sub(x4.mul(1.25f));
      FloatVector d = x1.mul(0.5f).sub(x3.mul(2.5f)).add(x5.add(x5));
      FloatVector e = x6.add(x2.mul(4f)).sub(x4.mul(5f));
      FloatVector f = x1.add(x1).sub(x3.mul(2.5f)).add(x5.mul(0.5f));
      x0.sub(x6).add(x4.sub(x2).mul(5.25f)).intoMemorySegment(ALL, to, ORDER);
      a.add(b).intoMemorySegment(ALL, to + next, ORDER);
      a.sub(b).intoMemorySegment(ALL, to + 2 * next, ORDER);
      c.add(d).intoMemorySegment(ALL, to + 3 * next, ORDER);
      c.sub(d).intoMemorySegment(ALL, to + 4 * next, ORDER);
      e.add(f).intoMemorySegment(ALL, to + 5 * next, ORDER);
      e.sub(f).intoMemorySegment(ALL, to + 6 * next, ORDER);
      x7.sub(x1).add(x3.sub(x5).mul(5.25f)).intoMemorySegment(ALL, to + 7 * next, ORDER);
    }
  }

  static void inputTiles(
      long x, int n, int tiles, long y, long place, long yTile, int blockShift, long yBlock) {
    long next = offset(place);
    long step = offset(4L * n);
    for (int t = 0; t < tiles; t++) {
      for (long i = 0; i < 4L * n; i += 4L * L) {
        long from = address(x + 4L * t * step + i);
        long to =
            address(y + t * yTile + (i >> blockShift) * yBlock + (i & (1L << blockShift) - 1));
        FloatVector x0 = at(from);
        FloatVector x1 = at(from + step);
        FloatVector x2 = at(from + 2 * step);
        FloatVector x3 = at(from + 3 * step);
        FloatVector x4 = at(from + 4 * step);
        FloatVector x5 = at(from + 5 * step);
        FloatVector x6 = at(from + 6 * step);
        FloatVector x7 = at(from + 7 * step);
        FloatVector a = x2.add(x6).sub(x4.mul(4.25f));
        FloatVector b = x1.add(x5).sub(x3.mul(4.25f));
        FloatVector c = x6.add(x2.mul(0.25f)).sub(x4.mul(1.25f));
        FloatVector d = x1.mul(0.5f).sub(x3.mul(2.5f)).add(x5.add(x5));
        FloatVector e = x6.add(x2.mul(4f)).sub(x4.mul(5f));
        FloatVector f = x1.add(x1).sub(x3.mul(2.5f)).add(x5.mul(0.5f));
        x0.sub(x6).add(x4.sub(x2).mul(5.25f)).intoMemorySegment(ALL, to, ORDER);
        a.add(b).intoMemorySegment(ALL, to + next, ORDER);
        a.sub(b).intoMemorySegment(ALL, to + 2 * next, ORDER);
        c.add(d).intoMemorySegment(ALL, to + 3 * next, ORDER);
        c.sub(d).intoMemorySegment(ALL, to + 4 * next, ORDER);
        e.add(f).intoMemorySegment(ALL, to + 5 * next, ORDER);
        e.sub(f).intoMemorySegment(ALL, to + 6 * next, ORDER);
        x7.sub(x1).add(x3.sub(x5).mul(5.25f)).intoMemorySegment(ALL, to + 7 * next, ORDER);
      }
    }
  }

  static void slopeRows(
      boolean bf16, long r0, long r1, long r2, long r3, long y, long yStep, int n) {
    long next = offset(yStep);
    int shift = shift(bf16);
    for (int i = 0; i < n; i += L) {
      long by = (long) i << shift;
      FloatVector x0 = Raw.at(bf16, address(r0 + by));
      FloatVector x1 = Raw.at(bf16, address(r1 + by));
      FloatVector x2 = Raw.at(bf16, address(r2 + by));
      FloatVector x3 = Raw.at(bf16, address(r3 + by));
      long to = address(y + 4L * i);
      FloatVector a = x0.add(x2);
      FloatVector b = x1.add(x3);
      FloatVector c = x0.add(x2.mul(4f));
      FloatVector d = x1.add(x3.mul(4f)).mul(2f);
      FloatVector e = x0.add(x2.mul(0.25f));
      FloatVector f = x1.mul(0.5f).add(x3.mul(0.125f));
      x0.intoMemorySegment(ALL, to, ORDER);
      a.add(b).intoMemorySegment(ALL, to + next, ORDER);
      a.sub(b).intoMemorySegment(ALL, to + 2 * next, ORDER);
      c.add(d).intoMemorySegment(ALL, to + 3 * next, ORDER);
      c.sub(d).intoMemorySegment(ALL, to + 4 * next, ORDER);
      e.add(f).intoMemorySegment(ALL, to + 5 * next, ORDER);
      e.sub(f).intoMemorySegment(ALL, to + 6 * next, ORDER);
      x3.intoMemorySegment(ALL, to + 7 * next, ORDER);
    }
  }

  static void slopeTiles(
      long x, int n, int tiles, long y, long place, long yTile, int blockShift, long yBlock) {
    long next = offset(place);
    long step = offset(4L * n);
    for (int t = 0; t < tiles; t++) {
      for (long i = 0; i < 4L * n; i += 4L * L) {
        long from = address(x + 4L * t * step + i);
        long to =
            address(y + t * yTile + (i >> blockShift) * yBlock + (i & (1L << blockShift) - 1));
        FloatVector x0 = at(from);
        FloatVector x1 = at(from + step);
        FloatVector x2 = at(from + 2 * step);
        FloatVector x3 = at(from + 3 * step);
        FloatVector a = x0.add(x2);
        FloatVector b = x1.add(x3);
        FloatVector c = x0.add(x2.mul(4f));
        FloatVector d = x1.add(x3.mul(4f)).mul(2f);
        FloatVector e = x0.add(x2.mul(0.25f));
        FloatVector f = x1.mul(0.5f).add(x3.mul(0.125f));
        x0.intoMemorySegment(ALL, to, ORDER);
        a.add(b).intoMemorySegment(ALL, to + next, ORDER);
        a.sub(b).intoMemorySegment(ALL, to + 2 * next, ORDER);
        c.add(d).intoMemorySegment(ALL, to + 3 * next, ORDER);
        c.sub(d).intoMemorySegment(ALL, to + 4 * next, ORDER);
        e.add(f).intoMemorySegment(ALL, to + 5 * next, ORDER);
        e.sub(f).intoMemorySegment(ALL, to + 6 * next, ORDER);
        x3.intoMemorySegment(ALL, to + 7 * next, ORDER);
      }
    }
  }

  static void output(
      long x, long xStep, long xNext, long y, long yStep, long yNext, int n, int count) {
    long step = offset(xStep);
    long next = offset(yStep);
    for (int c = 0; c < count; c++) {
      for (long i = 0; i < 4L * n; i += 4L * L) {
        long from = address(x + c * xNext + i);
        long to = address(y + c * yNext + i);
        FloatVector x1 = at(from + step);
        FloatVector x2 = at(from + 2 * step);
        FloatVector x3 = at(from + 3 * step);
        FloatVector x4 = at(from + 4 * step);
        FloatVector x5 = at(from + 5 * step);
        FloatVector x6 = at(from + 6 * step);
        FloatVector ones = x1.add(x2);
        FloatVector twos = x3.add(x4);
        FloatVector halves = x5.add(x6);
        FloatVector one = x1.sub(x2);
        FloatVector two = x3.sub(x4).mul(2f);
        FloatVector half = x5.sub(x6).mul(0.5f);
        put(to, at(from).add(ones).add(twos).add(halves));
        put(to + next, one.add(two).add(half));
        put(to + 2 * next, ones.add(twos.mul(4f)).add(halves.mul(0.25f)));
        put(to + 3 * next, one.add(two.mul(4f)).add(half.mul(0.25f)).add(at(from + 7 * step)));
      }
    }
  }

  static void weights(long x, long xStep, long y, long yStep, int n) {
    for (long i = 0; i < 4L * n; i += 4L * L) {
      long from = address(x + i);
      long step = offset(xStep);
      long to = address(y + i);
      long next = offset(yStep);
      FloatVector x1 = at(from + step);
      FloatVector x2 = at(from + 2 * step);
      FloatVector x3 = at(from + 3 * step);
      FloatVector x4 = at(from + 4 * step);
      FloatVector x5 = at(from + 5 * step);
      FloatVector x6 = at(from + 6 * step);
      FloatVector ones = x1.add(x2).mul(-2 / 9f);
      FloatVector twos = x3.add(x4).mul(1 / 90f);
      FloatVector halves = x5.add(x6).mul(32 / 45f);
      FloatVector one = x1.sub(x2).mul(-2 / 9f);
      FloatVector two = x3.sub(x4).mul(1 / 45f);
      FloatVector half = x5.sub(x6).mul(16 / 45f);
      put(to, at(from).add(ones).add(twos).add(halves));
      put(to + next, one.add(two).add(half));
      put(to + 2 * next, ones.add(twos.mul(4f)).add(halves.mul(0.25f)));
      put(to + 3 * next, one.add(two.mul(4f)).add(half.mul(0.25f)));
      put(to + 4 * next, ones.add(twos.mul(16f)).add(halves.mul(0.0625f)).add(at(from + 7 * step)));
    }
  }

  static void expand(long x, long xStep, long y, long yStep, int n) {
    for (long i = 0; i < 4L * n; i += 4L * L) {
      long from = address(x + i);
      long step = offset(xStep);
      long to = address(y + i);
      long next = offset(yStep);
      FloatVector x0 = at(from);
      FloatVector x1 = at(from + step);
      FloatVector x2 = at(from + 2 * step);
      FloatVector x3 = at(from + 3 * step);
      FloatVector x4 = at(from + 4 * step);
      FloatVector ones = x0.add(x2).add(x4).mul(-2 / 9f);
      FloatVector one = x1.add(x3).mul(-2 / 9f);
      FloatVector twos = x0.add(x2.mul(4f)).add(x4.mul(16f)).mul(1 / 90f);
      FloatVector two = x1.add(x3.mul(4f)).mul(1 / 45f);
      FloatVector halves = x0.add(x2.mul(0.25f)).add(x4.mul(0.0625f)).mul(32 / 45f);
      FloatVector half = x1.add(x3.mul(0.25f)).mul(16 / 45f);
      put(to, x0);
      put(to + next, ones.add(one));
      put(to + 2 * next, ones.sub(one));
      put(to + 3 * next, twos.add(two));
      put(to + 4 * next, twos.sub(two));
      put(to + 5 * next, halves.add(half));
      put(to + 6 * next, halves.sub(half));
      put(to + 7 * next, x4);
    }
  }
}
