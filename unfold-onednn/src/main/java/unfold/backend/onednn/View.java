package unfold.backend.onednn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.tensor.Shape;

/// How the axes of a value become the axes of a oneDNN descriptor.
sealed interface View {

  /// Axis by axis; a scalar is one element.
  record Plain() implements View {
    @Override
    public long[] dims(Shape shape) {
      return shape.rank() == 0 ? new long[] {1} : toLongs(shape);
    }

    @Override
    public long[] strides(Shape shape, List<Long> strides) {
      return shape.rank() == 0 ? new long[] {1} : toArray(strides);
    }

    @Override
    public Optional<List<Long>> logical(Shape shape, long[] strides) {
      return Optional.of(shape.rank() == 0 ? List.of() : toList(strides));
    }

    @Override
    public String letters(int rank) {
      return rank == 4 ? "oihw" : rank == 2 ? "kn" : "abcdefghijkl";
    }
  }

  /// Weights O×C/groups×kH×kW as groups×O/groups×C/groups×kH×kW.
  record Grouped(int groups) implements View {
    @Override
    public long[] dims(Shape w) {
      return new long[] {groups, w.dim(0) / groups, w.dim(1), w.dim(2), w.dim(3)};
    }

    @Override
    public long[] strides(Shape w, List<Long> s) {
      return new long[] {s.get(0) * (w.dim(0) / groups), s.get(0), s.get(1), s.get(2), s.get(3)};
    }

    @Override
    public Optional<List<Long>> logical(Shape w, long[] s) {
      int each = w.dim(0) / groups;
      if (each == 1) {
        return Optional.of(List.of(s[0], s[2], s[3], s[4]));
      }
      return s[0] == s[1] * each ? Optional.of(List.of(s[1], s[2], s[3], s[4])) : Optional.empty();
    }

    @Override
    public String letters(int rank) {
      return "goihw";
    }
  }

  /// The last two axes change places.
  record Transposed() implements View {
    @Override
    public long[] dims(Shape shape) {
      return swap(toLongs(shape));
    }

    @Override
    public long[] strides(Shape shape, List<Long> strides) {
      return swap(toArray(strides));
    }

    @Override
    public Optional<List<Long>> logical(Shape shape, long[] strides) {
      return Optional.of(toList(swap(strides.clone())));
    }

    @Override
    public String letters(int rank) {
      return new Plain().letters(rank);
    }

    private static long[] swap(long[] a) {
      long last = a[a.length - 1];
      a[a.length - 1] = a[a.length - 2];
      a[a.length - 2] = last;
      return a;
    }
  }

  /// A matrix as the weights O×C×1×1 of a convolution.
  ///
  /// @param transposed whether it is C×O
  record Pointwise(boolean transposed) implements View {
    @Override
    public long[] dims(Shape shape) {
      long[] of = matrix().dims(shape);
      return new long[] {of[0], of[1], 1, 1};
    }

    @Override
    public long[] strides(Shape shape, List<Long> strides) {
      long[] of = matrix().strides(shape, strides);
      return new long[] {of[0], of[1], 1, 1};
    }

    @Override
    public Optional<List<Long>> logical(Shape shape, long[] strides) {
      return matrix().logical(shape, new long[] {strides[0], strides[1]});
    }

    @Override
    public String letters(int rank) {
      return "oihw";
    }

    private View matrix() {
      return transposed ? new Transposed() : new Plain();
    }
  }

  /// Extents of the descriptor for a value of this shape.
  long[] dims(Shape shape);

  /// Strides of the descriptor for a value with these strides.
  long[] strides(Shape shape, List<Long> strides);

  /// Strides of a value that lies as a descriptor with these strides says; empty if strides cannot
  /// say it.
  Optional<List<Long>> logical(Shape shape, long[] strides);

  /// A letter for each axis of the descriptor, for people.
  String letters(int rank);

  private static long[] toLongs(Shape shape) {
    long[] dims = new long[shape.rank()];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = shape.dim(i);
    }
    return dims;
  }

  private static long[] toArray(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  private static List<Long> toList(long[] values) {
    var list = new ArrayList<Long>(values.length);
    for (long v : values) {
      list.add(v);
    }
    return list;
  }
}
