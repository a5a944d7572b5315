package unfold.backend.vector;

import static unfold.backend.vector.NarrowConvLoops.GROUPS;
import static unfold.backend.vector.NarrowConvLoops.ROWS;
import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.VectorShuffle;
import unfold.backend.Kernel;
import unfold.backend.Workers;
import unfold.op.Window;
import unfold.tensor.Shape;

/// A convolution to so few channels that vectors of channels would be half empty. Here the lanes
/// are pixels of a row, of a group of channels: as many as divide a vector, two for six channels
/// and vectors of eight. x is read into planes, one for each channel and each phase of the stride,
/// each number repeated for the channels of a group, so that what one tap reads lies side by side;
/// so is the result computed, group by group, and woven together at the end.
///
/// A thread works on bands of rows that stay in its cache; the last band of a picture may have
/// fewer. Rows and groups are computed in tiles of 3 × 3; what is too much of the last tile or band
/// goes to memory that nobody reads.
///
/// @param bf16 element type of x and y; sums are f32
final class NarrowConv {
  private static final int MOST_ROWS = 30;

  private final Workers workers;
  private final boolean bf16;
  private final Window window;
  private final int items;
  private final int in;
  private final int height;
  private final int width;
  private final int out;
  private final int kH;
  private final int kW;
  private final int outH;
  private final int outW;
  private final int band;
  private final int bands;

  /// Channels of a group.
  private final int group;

  /// Vectors of the result after which a pixel begins at the beginning of a vector again.
  private final int phases;

  /// Blocks of groups that are computed at once.
  private final int blocks;

  private final int parts;

  /// Lane i has number i/group.
  private final VectorShuffle<Float> repeats;

  /// @param x N×C×H×W
  /// @param w O×C×kH×kW
  NarrowConv(Workers workers, boolean bf16, Shape x, Shape w, Window window, int outH, int outW) {
    this.workers = workers;
    this.bf16 = bf16;
    this.window = window;
    this.items = x.dim(0);
    this.in = x.dim(1);
    this.height = x.dim(2);
    this.width = x.dim(3);
    this.out = w.dim(0);
    this.kH = w.dim(2);
    this.kW = w.dim(3);
    this.outH = outH;
    this.outW = outW;
    this.bands = (outH + MOST_ROWS - 1) / MOST_ROWS;
    this.band = (outH + bands - 1) / bands;
    this.group = gcd(out, L);
    this.phases = out / group;
    this.repeats = VectorShuffle.fromOp(F, lane -> lane / group);
    this.blocks = (out / group + GROUPS - 1) / GROUPS;
    long products = (long) items * outH * outW * out * taps();
    this.parts = Split.parts(workers, (long) items * bands, products / 4);
  }

  /// Whether this may be the faster way: a quarter of the lanes or more would be empty otherwise,
  /// twice as many where bf16 is multiplied in pairs of channels; and what a band needs is small.
  static boolean suits(boolean bf16, Shape x, Shape w, Window window) {
    int out = w.dim(0);
    int in = w.dim(1);
    int pairs = bf16 && in > 1 ? 2 : 1;
    return out * 4 * pairs <= Row.padded(out) * 3
        && 2 * window.outW(x.dim(3), w.dim(3)) > L
        && (long) x.dim(3) * in <= 1024
        && (long) in * w.dim(2) * w.dim(3) <= 512;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  private int taps() {
    return in * kH * kW;
  }

  private int inRows(int rows) {
    return (rows - 1) * window.strideH() + (kH - 1) * window.dilationH() + 1;
  }

  /// Rows of a band, up to whole tiles.
  private int tiledRows() {
    return (band + ROWS - 1) / ROWS * ROWS;
  }

  /// Elements of a row of a plane of x, padding and the lanes beyond the end included.
  private int xRow() {
    int reach = Row.padded(outW * group) / group + (kW - 1) * window.dilationW() / window.strideW();
    int filled = (window.padLeft() + width + L) / window.strideW();
    return Row.padded((Math.max(reach, filled) + 1) * group);
  }

  private long xPlane() {
    return 4L * inRows(tiledRows()) * xRow();
  }

  private int yRow() {
    return Row.padded(outW * group) + L;
  }

  private long yPlane() {
    return 4L * tiledRows() * yRow();
  }

  private long planesBytes() {
    return in * (window.strideW() * xPlane());
  }

  private long sumsBytes() {
    return blocks * (GROUPS * yPlane());
  }

  private long weightBytes() {
    return 4L * blocks * GROUPS * L * (taps() + 1);
  }

  private long idBytes() {
    return 4L * phases * L;
  }

  private int inElements() {
    return inRows(band) * width * in;
  }

  private long perPart() {
    return Row.bytes(inElements() + L)
        + planesBytes()
        + sumsBytes()
        + Row.bytes(band * outW * out + L);
  }

  long scratchBytes() {
    return weightBytes() + idBytes() + parts * perPart();
  }

  Kernel forward(long x, Given w, Given bias, Activated activated, long y, long scratch) {
    long[] places = places();
    var shuffles = shuffles();
    long ids = scratch + weightBytes();
    List<Room> rooms =
        IntStream.range(0, parts)
            .mapToObj(part -> new Room(ids + idBytes() + part * perPart()))
            .toList();
    Kernel convolve =
        Split.share(
            workers,
            parts,
            (long) items * bands,
            (part, from, to) -> {
              Room room = rooms.get(part);
              FillLoops.zero(room.planes, planesBytes());
              for (long i = from; i < to; i++) {
                long item = i / bands;
                int row = (int) (i % bands) * band;
                int rows = Math.min(band, outH - row);
                read(x, item, row * window.strideH() - window.padTop(), room);
                multiply(scratch, places, room);
                long n = (long) rows * outW * out;
                long result = y + ((item * outH + row) * outW * out << Raw.shift(bf16));
                long woven = wholeVectors() ? result : room.result;
                weave(shuffles, ids, room.sums, woven, rows);
                if (!activated.nothing()) {
                  activated.full().run(false, woven, woven, Row.padded((int) n));
                }
                if (woven != result) {
                  Row.write(bf16, woven, result, (int) n);
                }
              }
            });
    return () -> {
      arrange(w, bias, scratch);
      identify(ids);
      convolve.run();
    };
  }

  /// Whether rows of the result can be written where they belong.
  private boolean wholeVectors() {
    return !bf16 && outW * out % L == 0;
  }

  /// Where a thread works.
  private final class Room {
    final long widened;
    final long planes;
    final long sums;
    final long result;

    Room(long at) {
      widened = at;
      planes = widened + Row.bytes(inElements() + L);
      sums = planes + planesBytes();
      result = sums + sumsBytes();
    }
  }

  /// Vectors of the weights and then of the bias of each block of groups, those of a block side by
  /// side.
  private void arrange(Given w, Given bias, long to) {
    int taps = taps();
    for (int g = 0; g < blocks * GROUPS; g++) {
      long at = (long) (g / GROUPS * (taps + 1) * GROUPS + g % GROUPS) * L;
      for (int lane = 0; lane < L; lane++) {
        int o = g * group + lane % group;
        for (int t = 0; t < taps; t++) {
          float value = o < out ? Raw.get(w.bf16(), w.at(), (long) o * taps + t) : 0;
          Raw.putF32(to, at + (long) t * GROUPS * L + lane, value);
        }
        float value = o < out && bias.at() != 0 ? Raw.get(bias.bf16(), bias.at(), o) : 0;
        Raw.putF32(to, at + (long) taps * GROUPS * L + lane, value);
      }
    }
  }

  private void identify(long ids) {
    for (int i = 0; i < phases * L; i++) {
      Raw.putI32(ids, i, i % out / group);
    }
  }

  /// Where each tap reads, in the order of weights: kernel row, kernel column, channel.
  private long[] places() {
    long[] places = new long[taps()];
    for (int t = 0; t < places.length; t++) {
      int c = t % in;
      int column = t / in % kW * window.dilationW();
      int row = t / in / kW * window.dilationH();
      long plane = (c * window.strideW() + column % window.strideW()) * xPlane();
      int at = row * xRow() + column / window.strideW() * group;
      places[t] = plane + 4L * at;
    }
    return places;
  }

  /// For each vector of a period, where its lanes find their numbers behind its first pixel.
  private List<VectorShuffle<Float>> shuffles() {
    var shuffles = new ArrayList<VectorShuffle<Float>>();
    for (int p = 0; p < phases; p++) {
      int first = p * L % out;
      shuffles.add(
          VectorShuffle.fromOp(F, lane -> (first + lane) / out * group + (first + lane) % group));
    }
    return shuffles;
  }

  /// Brings the rows of x from `first` on into the planes, with zeros for those outside.
  private void read(long x, long item, int first, Room room) {
    int from = Math.clamp(-first, 0, inRows(band));
    int to = Math.clamp(height - first, from, inRows(band));
    long at = x + ((item * height + first + from) * width * in << Raw.shift(bf16));
    Row.read(bf16, at, room.widened, (to - from) * width * in, 0);
    long row = 4L * xRow();
    for (int p = 0; p < in * window.strideW(); p++) {
      long plane = room.planes + p * xPlane();
      FillLoops.zero(plane, from * row);
      FillLoops.zero(plane + to * row, (inRows(band) - to) * row);
    }
    if (in == 1 && window.strideW() == 1) {
      long inside = room.planes + from * row + 4L * window.padLeft() * group;
      NarrowConvLoops.repeat(room.widened, width, group, repeats, inside, row, to - from);
    } else {
      deal(room, from, to);
    }
  }

  /// Each element to the plane of its channel and phase.
  private void deal(Room room, int from, int to) {
    int stride = window.strideW();
    for (int r = from; r < to; r++) {
      long row = (long) (r - from) * width * in;
      for (int c = 0; c < in; c++) {
        for (int i = 0; i < width; i++) {
          int column = i + window.padLeft();
          long plane = room.planes + (c * stride + column % stride) * xPlane();
          long at = (long) r * xRow() + (long) column / stride * group;
          float value = Raw.getF32(room.widened, row + (long) i * in + c);
          for (int g = 0; g < group; g++) {
            Raw.putF32(plane, at + g, value);
          }
        }
      }
    }
  }

  private void multiply(long weights, long[] places, Room room) {
    long xBytes = 4L * window.strideH() * xRow();
    long yBytes = 4L * yRow();
    for (int b = 0; b < blocks; b++) {
      long w = weights + 4L * b * GROUPS * L * (taps() + 1);
      long sums = room.sums + b * (GROUPS * yPlane());
      for (int p = 0; p < band; p += ROWS) {
        for (int q = 0; q < outW * group; q += L) {
          NarrowConvLoops.tile(
              room.planes + p * xBytes + 4L * q,
              places,
              xBytes,
              w,
              sums + p * yBytes + 4L * q,
              yBytes,
              yPlane());
        }
      }
    }
  }

  /// From planes to channels last. A row's last vector may reach into the next row, so that rows
  /// are complete from the right to the left.
  private void weave(List<VectorShuffle<Float>> shuffles, long ids, long sums, long to, int rows) {
    int row = outW * out;
    for (int j = (row - 1) / L; j >= 0; j--) {
      int phase = j % phases;
      for (int g = 0; g < out / group; g += GROUPS) {
        NarrowConvLoops.weave(
            sums + g * yPlane() + 4L * group * (j * L / out),
            4L * yRow(),
            yPlane(),
            shuffles.get(phase),
            ids + 4L * phase * L,
            g,
            to + 4L * j * L,
            4L * row,
            rows);
      }
    }
  }
}
