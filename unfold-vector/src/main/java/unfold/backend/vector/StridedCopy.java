package unfold.backend.vector;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import unfold.backend.Kernel;
import unfold.backend.Workers;

/// Moves a box of elements from one place to another, with any strides on both sides. A stride of 0
/// in the source repeats it.
///
/// Axes are sorted by their stride in the destination and joined where both sides allow, so that
/// the innermost axis is the longest run.
///
/// @param bytes of an element: 1, 2 or 4
/// @param extents outermost first; never empty
/// @param from strides in the source, in elements
/// @param to strides in the destination
record StridedCopy(int bytes, List<Integer> extents, List<Long> from, List<Long> to) {
  /// Elements on a side of the square in which a transposition works, so that its lines stay in L1.
  private static final int TILE = 32;

  /// Lines of at most so many bytes go through [CopyLoops], if they fit its steps: a call of the C
  /// library for each would take longer than the copy.
  private static final int SHORT_BYTES = 1024;

  StridedCopy {
    extents = List.copyOf(extents);
    from = List.copyOf(from);
    to = List.copyOf(to);
  }

  private record Axis(int extent, long from, long to) {}

  static StridedCopy of(int bytes, List<Integer> extents, List<Long> from, List<Long> to) {
    var axes = new ArrayList<Axis>();
    for (int i = 0; i < extents.size(); i++) {
      if (extents.get(i) > 1) {
        axes.add(new Axis(extents.get(i), from.get(i), to.get(i)));
      }
    }
    axes.sort(Comparator.comparingLong(Axis::to).reversed());
    var joined = new ArrayList<Axis>();
    for (Axis a : axes) {
      Axis outer = joined.isEmpty() ? null : joined.getLast();
      if (outer != null
          && (long) outer.extent() * a.extent() <= Integer.MAX_VALUE
          && outer.from() == a.from() * a.extent()
          && outer.to() == a.to() * a.extent()) {
        joined.set(joined.size() - 1, new Axis(outer.extent() * a.extent(), a.from(), a.to()));
      } else {
        joined.add(a);
      }
    }
    if (joined.isEmpty()) {
      joined.add(new Axis(1, 1, 1));
    }
    return new StridedCopy(
        bytes,
        joined.stream().map(Axis::extent).toList(),
        joined.stream().map(Axis::from).toList(),
        joined.stream().map(Axis::to).toList());
  }

  private int inner() {
    return extents.size() - 1;
  }

  private long lines() {
    long n = 1;
    for (int i = 0; i < inner(); i++) {
      n *= extents.get(i);
    }
    return n;
  }

  String label() {
    return transposedAxis() >= 0 ? "transpose" : from.get(inner()) == 1 ? "lines" : "elements";
  }

  /// The axis along which the source runs, if the destination runs along another and lines of both
  /// should be walked together; else −1.
  private int transposedAxis() {
    if (from.get(inner()) <= 1) {
      return -1;
    }
    for (int i = 0; i < inner(); i++) {
      if (from.get(i) == 1) {
        return i;
      }
    }
    return -1;
  }

  Kernel bind(Workers workers, long source, long destination) {
    int n = extents.get(inner());
    long touched = 2 * lines() * n * bytes;
    int transposed = transposedAxis();
    if (inner() == 0 && from.getFirst() == 1 && to.getFirst() == 1) {
      return Split.loop(
          workers,
          (n + TILE - 1) / TILE,
          touched,
          (_, first, last) -> {
            long at = first * TILE * bytes;
            Raw.copy(source + at, destination + at, Math.min(last * TILE, n) * bytes - at);
          });
    }
    if (transposed >= 0) {
      return transpose(workers, transposed, touched, source, destination);
    }
    var walks = new Walk[workers.threads()];
    for (int i = 0; i < walks.length; i++) {
      walks[i] = new Walk(inner());
    }
    if (hasShortLines()) {
      return shortLines(workers, walks, touched, source, destination);
    }
    long stepFrom = from.get(inner()) * bytes;
    long stepTo = to.get(inner()) * bytes;
    return Split.loop(
        workers,
        lines(),
        touched,
        (part, first, last) -> {
          Walk w = walks[part];
          w.seek(first);
          for (long i = first; i < last; i++) {
            line(source + w.source, destination + w.destination, n, stepFrom, stepTo);
            w.next();
          }
        });
  }

  private boolean hasShortLines() {
    int lineBytes = extents.get(inner()) * bytes;
    return inner() > 0
        && from.get(inner()) == 1
        && to.get(inner()) == 1
        && lineBytes <= SHORT_BYTES
        && lineBytes % Raw.HALF_BYTES == 0;
  }

  /// All lines along the axis around the innermost one at once.
  private Kernel shortLines(
      Workers workers, Walk[] walks, long touched, long source, long destination) {
    long lineBytes = (long) extents.get(inner()) * bytes;
    long together = extents.get(inner() - 1);
    long stepFrom = from.get(inner() - 1) * bytes;
    long stepTo = to.get(inner() - 1) * bytes;
    return Split.loop(
        workers,
        lines(),
        touched,
        (part, first, last) -> {
          Walk w = walks[part];
          for (long i = first; i < last; ) {
            long count = Math.min(together - i % together, last - i);
            w.seek(i);
            CopyLoops.lines(
                source + w.source, destination + w.destination, count, stepFrom, stepTo, lineBytes);
            i += count;
          }
        });
  }

  /// A position among the lines, moved on line by line.
  private final class Walk {
    private final int axes;
    private final int[] index;
    private long source;
    private long destination;

    Walk(int axes) {
      this.axes = axes;
      this.index = new int[axes];
    }

    void seek(long line) {
      source = 0;
      destination = 0;
      for (int i = axes - 1; i >= 0; i--) {
        index[i] = (int) (line % extents.get(i));
        line /= extents.get(i);
        source += index[i] * from.get(i) * bytes;
        destination += index[i] * to.get(i) * bytes;
      }
    }

    void next() {
      for (int i = axes - 1; i >= 0; i--) {
        source += from.get(i) * bytes;
        destination += to.get(i) * bytes;
        if (++index[i] < extents.get(i)) {
          return;
        }
        source -= index[i] * from.get(i) * bytes;
        destination -= index[i] * to.get(i) * bytes;
        index[i] = 0;
      }
    }
  }

  private void line(long source, long destination, int n, long stepFrom, long stepTo) {
    if (stepFrom == bytes && stepTo == bytes) {
      Raw.copy(source, destination, (long) n * bytes);
    } else {
      elements(bytes, source, destination, n, stepFrom, stepTo);
    }
  }

  static void elements(int bytes, long source, long to, int n, long stepFrom, long stepTo) {
    switch (bytes) {
      case 1 -> {
        for (int i = 0; i < n; i++) {
          Raw.putU8(to + i * stepTo, 0, Raw.getU8(source + i * stepFrom, 0));
        }
      }
      case 2 -> {
        for (int i = 0; i < n; i++) {
          Raw.putI16(to + i * stepTo, 0, Raw.getI16(source + i * stepFrom, 0));
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          Raw.putI32(to + i * stepTo, 0, Raw.getI32(source + i * stepFrom, 0));
        }
      }
    }
  }

  /// The axis `axis` runs in the source, the innermost in the destination: both are cut into
  /// squares.
  private Kernel transpose(Workers workers, int axis, long touched, long source, long destination) {
    int rows = extents.get(axis);
    int columns = extents.get(inner());
    long rowTo = to.get(axis) * bytes;
    long columnFrom = from.get(inner()) * bytes;
    long columnTo = to.get(inner()) * bytes;
    var outer = new ArrayList<Axis>();
    for (int i = 0; i < inner(); i++) {
      if (i != axis) {
        outer.add(new Axis(extents.get(i), from.get(i), to.get(i)));
      }
    }
    int rowTiles = (rows + TILE - 1) / TILE;
    int columnTiles = (columns + TILE - 1) / TILE;
    long perBlock = (long) rowTiles * columnTiles;
    long blocks = 1;
    for (Axis a : outer) {
      blocks *= a.extent();
    }
    Axis[] around = outer.toArray(Axis[]::new);
    return Split.loop(
        workers,
        blocks * perBlock,
        touched,
        (_, first, last) -> {
          for (long i = first; i < last; i++) {
            long block = i / perBlock;
            int tile = (int) (i % perBlock);
            long s = source;
            long d = destination;
            for (int a = around.length - 1; a >= 0; a--) {
              long at = block % around[a].extent();
              s += at * around[a].from() * bytes;
              d += at * around[a].to() * bytes;
              block /= around[a].extent();
            }
            int row = tile / columnTiles * TILE;
            int column = tile % columnTiles * TILE;
            int endRow = Math.min(rows, row + TILE);
            int count = Math.min(columns - column, TILE);
            for (int r = row; r < endRow; r++) {
              elements(
                  bytes,
                  s + (long) r * bytes + column * columnFrom,
                  d + r * rowTo + column * columnTo,
                  count,
                  columnFrom,
                  columnTo);
            }
          }
        });
  }
}
