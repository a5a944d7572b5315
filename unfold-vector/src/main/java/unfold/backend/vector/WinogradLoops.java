package unfold.backend.vector;

import static unfold.backend.vector.Raw.ALL;
import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.ORDER;
import static unfold.backend.vector.Raw.address;
import static unfold.backend.vector.Raw.at;
import static unfold.backend.vector.Raw.f32;
import static unfold.backend.vector.Raw.offset;
import static unfold.backend.vector.Raw.put;
import static unfold.backend.vector.Raw.shift;

import jdk.incubator.vector.FloatVector;
import unfold.tensor.Bf16;

/// The transforms of [Winograd] and [WinogradGrad], in f32; pixels are read in their own type.
/// Lengths are whole vectors, distances are in bytes. The loops look alike, but must not call each
/// other: a vector that is handed over is put on the heap.
final class WinogradLoops {
  private WinogradLoops() {}

  /// y = Bᵀ·x, from six rows of pixels to six rows of `n` numbers in f32.
  static void inputRows(
      boolean bf16,
      long r0,
      long r1,
      long r2,
      long r3,
      long r4,
      long r5,
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
      long to = address(y + 4L * i);
      FloatVector four = FloatVector.broadcast(F, 4);
      FloatVector evens = x4.sub(x2.mul(four));
      FloatVector odds = x3.sub(x1.mul(four));
      FloatVector even = x4.sub(x2);
      FloatVector odd = x3.sub(x1).mul(2f);
      x0.mul(four).sub(x2.mul(5f)).add(x4).intoMemorySegment(ALL, to, ORDER);
      evens.add(odds).intoMemorySegment(ALL, to + next, ORDER);
      evens.sub(odds).intoMemorySegment(ALL, to + 2 * next, ORDER);
      even.add(odd).intoMemorySegment(ALL, to + 3 * next, ORDER);
      even.sub(odd).intoMemorySegment(ALL, to + 4 * next, ORDER);
      x1.mul(four).sub(x3.mul(5f)).add(x5).intoMemorySegment(ALL, to + 5 * next, ORDER);
    }
  }

  /// The same from six pixels in a row to six places, for `tiles` tiles.
  ///
  /// @param n channels
  /// @param xTile from tile to tile of x
  /// @param y where the first tile's channels go
  /// @param place from place to place of y
  /// @param yTile from tile to tile of y
  /// @param blockShift log2 of the bytes of a block of channels
  /// @param yBlock from block to block of y
  static void inputTiles(
      long x,
      int n,
      int tiles,
      long xTile,
      long y,
      long place,
      long yTile,
      int blockShift,
      long yBlock) {
    long next = offset(place);
    long step = offset(4L * n);
    for (int t = 0; t < tiles; t++) {
      for (long i = 0; i < 4L * n; i += 4L * L) {
        long from = address(x + t * xTile + i);
        long to =
            address(y + t * yTile + (i >> blockShift) * yBlock + (i & (1L << blockShift) - 1));
        FloatVector x0 = at(from);
        FloatVector x1 = at(from + step);
        FloatVector x2 = at(from + 2 * step);
        FloatVector x3 = at(from + 3 * step);
        FloatVector x4 = at(from + 4 * step);
        FloatVector x5 = at(from + 5 * step);
        FloatVector four = FloatVector.broadcast(F, 4);
        FloatVector evens = x4.sub(x2.mul(four));
        FloatVector odds = x3.sub(x1.mul(four));
        FloatVector even = x4.sub(x2);
        FloatVector odd = x3.sub(x1).mul(2f);
        x0.mul(four).sub(x2.mul(5f)).add(x4).intoMemorySegment(ALL, to, ORDER);
        evens.add(odds).intoMemorySegment(ALL, to + next, ORDER);
        evens.sub(odds).intoMemorySegment(ALL, to + 2 * next, ORDER);
        even.add(odd).intoMemorySegment(ALL, to + 3 * next, ORDER);
        even.sub(odd).intoMemorySegment(ALL, to + 4 * next, ORDER);
        x1.mul(four).sub(x3.mul(5f)).add(x5).intoMemorySegment(ALL, to + 5 * next, ORDER);
      }
    }
  }

  /// y = Aᵀ·x for kernels of three rows, from six rows of `n` numbers to four, `count` times.
  ///
  /// @param xNext from one time to the next
  /// @param yNext so for y
  static void output3(
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
        FloatVector sum = x1.add(x2);
        FloatVector more = x3.add(x4);
        FloatVector difference = x1.sub(x2);
        FloatVector further = x3.sub(x4);
        put(to, at(from).add(sum).add(more));
        put(to + next, difference.add(further.mul(2f)));
        put(to + 2 * next, sum.add(more.mul(4f)));
        put(to + 3 * next, difference.add(further.mul(8f)).add(at(from + 5 * step)));
      }
    }
  }

  /// The same for five, to two.
  static void output5(
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
        FloatVector further = x3.sub(x4).mul(2f);
        put(to, at(from).add(x1.add(x2)).add(x3.add(x4)));
        put(to + next, x1.sub(x2).add(further).add(at(from + 5 * step)));
      }
    }
  }

  /// y = A·x for kernels of three rows, from four rows of pixels to six rows of `n` numbers in f32.
  static void slopeRows3(
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
      FloatVector even = x0.add(x2);
      FloatVector odd = x1.add(x3);
      FloatVector evens = x0.add(x2.mul(4f));
      FloatVector odds = x1.add(x3.mul(4f)).mul(2f);
      x0.intoMemorySegment(ALL, to, ORDER);
      even.add(odd).intoMemorySegment(ALL, to + next, ORDER);
      even.sub(odd).intoMemorySegment(ALL, to + 2 * next, ORDER);
      evens.add(odds).intoMemorySegment(ALL, to + 3 * next, ORDER);
      evens.sub(odds).intoMemorySegment(ALL, to + 4 * next, ORDER);
      x3.intoMemorySegment(ALL, to + 5 * next, ORDER);
    }
  }

  /// The same from pixels in a row to places, as [#inputTiles].
  static void slopeTiles3(
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
        FloatVector even = x0.add(x2);
        FloatVector odd = x1.add(x3);
        FloatVector evens = x0.add(x2.mul(4f));
        FloatVector odds = x1.add(x3.mul(4f)).mul(2f);
        x0.intoMemorySegment(ALL, to, ORDER);
        even.add(odd).intoMemorySegment(ALL, to + next, ORDER);
        even.sub(odd).intoMemorySegment(ALL, to + 2 * next, ORDER);
        evens.add(odds).intoMemorySegment(ALL, to + 3 * next, ORDER);
        evens.sub(odds).intoMemorySegment(ALL, to + 4 * next, ORDER);
        x3.intoMemorySegment(ALL, to + 5 * next, ORDER);
      }
    }
  }

  /// For kernels of five rows, from two.
  static void slopeRows5(boolean bf16, long r0, long r1, long y, long yStep, int n) {
    long next = offset(yStep);
    int shift = shift(bf16);
    for (int i = 0; i < n; i += L) {
      long by = (long) i << shift;
      FloatVector x0 = Raw.at(bf16, address(r0 + by));
      FloatVector x1 = Raw.at(bf16, address(r1 + by));
      FloatVector twice = x1.add(x1);
      long to = address(y + 4L * i);
      x0.intoMemorySegment(ALL, to, ORDER);
      x0.add(x1).intoMemorySegment(ALL, to + next, ORDER);
      x0.sub(x1).intoMemorySegment(ALL, to + 2 * next, ORDER);
      x0.add(twice).intoMemorySegment(ALL, to + 3 * next, ORDER);
      x0.sub(twice).intoMemorySegment(ALL, to + 4 * next, ORDER);
      x1.intoMemorySegment(ALL, to + 5 * next, ORDER);
    }
  }

  static void slopeTiles5(
      long x, int n, int tiles, long y, long place, long yTile, int blockShift, long yBlock) {
    long next = offset(place);
    long step = offset(4L * n);
    for (int t = 0; t < tiles; t++) {
      for (long i = 0; i < 4L * n; i += 4L * L) {
        long from = address(x + 2L * t * step + i);
        long to =
            address(y + t * yTile + (i >> blockShift) * yBlock + (i & (1L << blockShift) - 1));
        FloatVector x0 = at(from);
        FloatVector x1 = at(from + step);
        FloatVector twice = x1.add(x1);
        x0.intoMemorySegment(ALL, to, ORDER);
        x0.add(x1).intoMemorySegment(ALL, to + next, ORDER);
        x0.sub(x1).intoMemorySegment(ALL, to + 2 * next, ORDER);
        x0.add(twice).intoMemorySegment(ALL, to + 3 * next, ORDER);
        x0.sub(twice).intoMemorySegment(ALL, to + 4 * next, ORDER);
        x1.intoMemorySegment(ALL, to + 5 * next, ORDER);
      }
    }
  }

  /// y = Gᵀ·x, from six rows of `n` numbers to three.
  static void weights3(long x, long xStep, long y, long yStep, int n) {
    for (long i = 0; i < 4L * n; i += 4L * L) {
      FloatVector x1 = f32(x + i + xStep);
      FloatVector x2 = f32(x + i + 2 * xStep);
      FloatVector x3 = f32(x + i + 3 * xStep);
      FloatVector x4 = f32(x + i + 4 * xStep);
      FloatVector more = x3.add(x4).mul(1 / 24f);
      FloatVector further = x3.sub(x4).mul(1 / 12f);
      FloatVector sum = x1.add(x2).mul(-1 / 6f);
      f32(y + i, f32(x + i).mul(1 / 4f).add(sum).add(more));
      f32(y + i + yStep, x2.sub(x1).mul(1 / 6f).add(further));
      f32(y + i + 2 * yStep, sum.add(more.mul(4f)).add(f32(x + i + 5 * xStep)));
    }
  }

  /// The same to five.
  static void weights5(long x, long xStep, long y, long yStep, int n) {
    for (long i = 0; i < 4L * n; i += 4L * L) {
      FloatVector x1 = f32(x + i + xStep);
      FloatVector x2 = f32(x + i + 2 * xStep);
      FloatVector x3 = f32(x + i + 3 * xStep);
      FloatVector x4 = f32(x + i + 4 * xStep);
      FloatVector more = x3.add(x4).mul(1 / 24f);
      FloatVector further = x3.sub(x4).mul(1 / 12f);
      FloatVector sum = x1.add(x2).mul(-1 / 6f);
      FloatVector difference = x2.sub(x1).mul(1 / 6f);
      f32(y + i, f32(x + i).mul(1 / 4f).add(sum).add(more));
      f32(y + i + yStep, difference.add(further));
      f32(y + i + 2 * yStep, sum.add(more.mul(4f)));
      f32(y + i + 3 * yStep, difference.add(further.mul(4f)));
      f32(y + i + 4 * yStep, sum.add(more.mul(16f)).add(f32(x + i + 5 * xStep)));
    }
  }

  /// y = G·x, from three rows of `n` numbers to six.
  static void expand3(long x, long xStep, long y, long yStep, int n) {
    for (long i = 0; i < 4L * n; i += 4L * L) {
      FloatVector x0 = f32(x + i);
      FloatVector x1 = f32(x + i + xStep);
      FloatVector x2 = f32(x + i + 2 * xStep);
      FloatVector ends = x0.add(x2).mul(-1 / 6f);
      FloatVector middle = x1.mul(1 / 6f);
      FloatVector further = x0.mul(1 / 24f).add(x2.mul(1 / 6f));
      FloatVector half = x1.mul(1 / 12f);
      f32(y + i, x0.mul(1 / 4f));
      f32(y + i + yStep, ends.sub(middle));
      f32(y + i + 2 * yStep, ends.add(middle));
      f32(y + i + 3 * yStep, further.add(half));
      f32(y + i + 4 * yStep, further.sub(half));
      f32(y + i + 5 * yStep, x2);
    }
  }

  /// The same from five.
  static void expand5(long x, long xStep, long y, long yStep, int n) {
    for (long i = 0; i < 4L * n; i += 4L * L) {
      FloatVector x0 = f32(x + i);
      FloatVector x1 = f32(x + i + xStep);
      FloatVector x2 = f32(x + i + 2 * xStep);
      FloatVector x3 = f32(x + i + 3 * xStep);
      FloatVector x4 = f32(x + i + 4 * xStep);
      FloatVector even = x0.add(x2).add(x4).mul(-1 / 6f);
      FloatVector odd = x1.add(x3).mul(1 / 6f);
      FloatVector evens = x0.add(x2.mul(4f)).add(x4.mul(16f)).mul(1 / 24f);
      FloatVector odds = x1.add(x3.mul(4f)).mul(1 / 12f);
      f32(y + i, x0.mul(1 / 4f));
      f32(y + i + yStep, even.sub(odd));
      f32(y + i + 2 * yStep, even.add(odd));
      f32(y + i + 3 * yStep, evens.add(odds));
      f32(y + i + 4 * yStep, evens.sub(odds));
      f32(y + i + 5 * yStep, x4);
    }
  }

  /// Copies `rows` rows of `n` numbers in f32, one after the other.
  ///
  /// @param rounds whether to round them to bf16
  /// @param rowBytes from row to row of x
  /// @param stepBytes from number to number of a row of x
  static void block(
      boolean bf16,
      boolean rounds,
      long x,
      long rowBytes,
      long stepBytes,
      long y,
      int rows,
      int n) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        float v = Raw.get(bf16, x + r * rowBytes + i * stepBytes, 0);
        Raw.putF32(y + 4L * r * n, i, rounds ? Bf16.toFloat(Bf16.fromFloat(v)) : v);
      }
    }
  }

  /// Adds one row to each of `rows` rows of `n` numbers in f32. Not by [#add], since HotSpot
  /// compiles a loop for the types that it has seen: biases are f32 where addends are bf16.
  static void addRow(boolean bf16, long x, long y, int n, int rows) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i += L) {
        f32(y + 4L * i, f32(y + 4L * i).add(Raw.load(bf16, x, i)));
      }
      y += 4L * n;
    }
  }

  /// y += x
  static void add(boolean bf16, long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      f32(y + 4L * i, f32(y + 4L * i).add(Raw.load(bf16, x, i)));
    }
  }
}
