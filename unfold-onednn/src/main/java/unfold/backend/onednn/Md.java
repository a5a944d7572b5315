package unfold.backend.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import unfold.tensor.DType;

/// A memory descriptor of oneDNN as a value: extents, element type and the order of elements. Equal
/// if oneDNN's serialised forms (blobs) are; copied into native memory only while a call needs it.
final class Md {
  private final byte[] blob;
  private final long[] dims;
  private final long[] paddedDims;
  private final long[] strides;
  private final long[] innerBlocks;
  private final long[] innerAxes;
  private final boolean blocked;
  private final long size;

  /// @param md a native descriptor, which stays the caller's
  private Md(Dnnl dnnl, long md) {
    try (var arena = Arena.ofConfined()) {
      var number = arena.allocate(JAVA_LONG);
      dnnl.check("the size of a descriptor", "dnnl_memory_desc_get_blob", 0, number.address(), md);
      var bytes = arena.allocate(number.get(JAVA_LONG, 0));
      dnnl.check(
          "a descriptor's blob",
          "dnnl_memory_desc_get_blob",
          bytes.address(),
          number.address(),
          md);
      blob = bytes.toArray(JAVA_BYTE);
      int rank = integer(dnnl, md, Constants.QUERY_NDIMS_S32, number);
      dims = array(dnnl, md, Constants.QUERY_DIMS, rank, number);
      paddedDims = array(dnnl, md, Constants.QUERY_PADDED_DIMS, rank, number);
      blocked = integer(dnnl, md, Constants.QUERY_FORMAT_KIND, number) == Constants.BLOCKED;
      if (blocked) {
        int blocks = integer(dnnl, md, Constants.QUERY_INNER_NBLKS_S32, number);
        strides = array(dnnl, md, Constants.QUERY_STRIDES, rank, number);
        innerBlocks = array(dnnl, md, Constants.QUERY_INNER_BLKS, blocks, number);
        innerAxes = array(dnnl, md, Constants.QUERY_INNER_IDXS, blocks, number);
      } else {
        strides = new long[0];
        innerBlocks = new long[0];
        innerAxes = new long[0];
      }
      size = dnnl.call("dnnl_memory_desc_get_size", md);
    }
  }

  private static int integer(Dnnl dnnl, long md, int what, MemorySegment out) {
    dnnl.check("a descriptor's property", "dnnl_memory_desc_query", md, what, out.address());
    return out.get(JAVA_INT, 0);
  }

  private static long[] array(Dnnl dnnl, long md, int what, int count, MemorySegment out) {
    dnnl.check("a descriptor's property", "dnnl_memory_desc_query", md, what, out.address());
    return count == 0
        ? new long[0]
        : out.get(ADDRESS, 0).reinterpret(8L * count).toArray(JAVA_LONG);
  }

  /// The value of a native descriptor.
  static Md of(Dnnl dnnl, long md) {
    return new Md(dnnl, md);
  }

  /// Element (i, j, …) lies at i·strides[0] + j·strides[1] + ….
  static Md strided(Dnnl dnnl, DType dtype, long[] dims, long[] strides) {
    try (var scope = new Scope(dnnl)) {
      long md =
          dnnl.create(
              "a descriptor of "
                  + dtype
                  + Arrays.toString(dims)
                  + " with strides "
                  + Arrays.toString(strides),
              "dnnl_memory_desc_create_with_strides",
              dims.length,
              scope.array(dims),
              code(dtype),
              scope.array(strides));
      return new Md(dnnl, scope.own(md, "dnnl_memory_desc_destroy"));
    }
  }

  /// Elements in whatever order a primitive likes best.
  static Md any(Dnnl dnnl, DType dtype, long[] dims) {
    try (var scope = new Scope(dnnl)) {
      long md =
          dnnl.create(
              "a descriptor of " + dtype + Arrays.toString(dims) + " in any order",
              "dnnl_memory_desc_create_with_tag",
              dims.length,
              scope.array(dims),
              code(dtype),
              Constants.FORMAT_TAG_ANY);
      return new Md(dnnl, scope.own(md, "dnnl_memory_desc_destroy"));
    }
  }

  /// Whether oneDNN knows the element type.
  static boolean knows(DType dtype) {
    return dtype != DType.F64;
  }

  private static int code(DType dtype) {
    return switch (dtype) {
      case F32 -> Constants.F32;
      case BF16 -> Constants.BF16;
      case I32 -> Constants.S32;
      case U8 -> Constants.U8;
      case F64 -> throw new IllegalArgumentException("oneDNN computes nothing in f64 on CPUs");
    };
  }

  /// A native descriptor with these contents, to be freed by the caller.
  long create(Dnnl dnnl) {
    try (var arena = Arena.ofConfined()) {
      return dnnl.create(
          "a descriptor from its blob",
          "dnnl_memory_desc_create_with_blob",
          arena.allocateFrom(JAVA_BYTE, blob).address());
    }
  }

  long[] dims() {
    return dims.clone();
  }

  /// Bytes of memory, padding included.
  long size() {
    return size;
  }

  /// Whether strides alone say where each element lies.
  boolean plain() {
    return blocked && innerBlocks.length == 0 && Arrays.equals(dims, paddedDims);
  }

  /// Strides in elements; of a blocked order, those of whole blocks.
  long[] strides() {
    return strides.clone();
  }

  /// The order as oneDNN's own tags write it, with the given letter for each axis: outer axes from
  /// far to near (capital if blocked), then the blocks inside: `OIhw16i16o`.
  String label(String letters) {
    if (!blocked) {
      return "opaque";
    }
    var text = new StringBuilder();
    IntStream.range(0, dims.length)
        .boxed()
        .sorted(Comparator.comparingLong((Integer i) -> -strides[i]).thenComparing(i -> i))
        .forEach(i -> {
          boolean inside = Arrays.stream(innerAxes).anyMatch(a -> a == i);
          char c = letters.charAt(i);
          text.append(inside ? Character.toUpperCase(c) : c);
        });
    for (int b = 0; b < innerBlocks.length; b++) {
      text.append(innerBlocks[b]).append(letters.charAt((int) innerAxes[b]));
    }
    return text.toString();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Md other && Arrays.equals(blob, other.blob);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(blob);
  }

  @Override
  public String toString() {
    return Arrays.toString(dims) + label("abcdefghijkl");
  }
}
