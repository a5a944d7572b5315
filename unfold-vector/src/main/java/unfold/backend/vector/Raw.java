package unfold.backend.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import unfold.tensor.Bf16;

/// Memory by address: vectors and single numbers of f32, bf16, i32 and u8.
///
/// Sizes are checked once, when a kernel is bound; kernels then compute on plain addresses. Every
/// vector holds the same number of elements, [#L], whatever the type in memory, in memory order:
/// bf16 is widened as it is loaded and rounded to nearest even as it is stored. `bf16` arguments
/// never change during a loop, so that the compiler takes their branch out of it.
final class Raw {
  static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;

  /// Elements in a vector.
  static final int L = F.length();

  /// Bytes of half a vector.
  static final int HALF_BYTES = 2 * L;

  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  @SuppressWarnings("restricted") // every address that kernels use was checked when bound
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  /// How the names of loaders begin whose copies of these classes see one type only.
  static final String PURE = "unfold-vector-";

  /// Whether loads and stores go under masks: shorts can be loaded so in one instruction (AVX-512),
  /// and loops here see both types.
  private static final boolean MASKS =
      L == 16
          && !Objects.requireNonNullElse(Raw.class.getClassLoader().getName(), "").startsWith(PURE);

  private static final VectorSpecies<Short> S =
      VectorSpecies.of(short.class, VectorShape.forBitSize(F.vectorBitSize() / 2));
  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 4)));
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(F, 8 % L, 1, true);
  private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(F, 4 % L, 1, true);
  private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(F, 2 % L, 1, true);
  private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(F, 1 % L, 1, true);

  /// Leaves every address as it is, and tells the compiler that it is neither negative nor close to
  /// the end of [#ALL]: so it drops the two comparisons that each access would make, a third of a
  /// loop's work.
  static final long ADDRESSES = (1L << 62) - 1;

  private Raw() {}

  /// log2 of the bytes of an element.
  static int shift(boolean bf16) {
    return bf16 ? 1 : 2;
  }

  /// L numbers from element i on.
  ///
  /// A branch joins two vectors in one variable, which the compiler keeps as objects on the heap as
  /// soon as it has seen both types: ten times slower. Where loops see both, both are loaded, under
  /// masks of which one is empty.
  static FloatVector load(boolean bf16, long base, long i) {
    if (!MASKS) {
      return bf16 ? bf16(base + 2 * i) : f32(base + 4 * i);
    }
    long address = (base + (i << shift(bf16))) & ADDRESSES;
    var wide =
        FloatVector.fromMemorySegment(F, ALL, address, ORDER, F.maskAll(!bf16)).reinterpretAsInts();
    var half = ShortVector.fromMemorySegment(S, ALL, address, ORDER, S.maskAll(bf16));
    return ((IntVector) half.convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0))
        .lanewise(VectorOperators.LSHL, 16)
        .or(wide)
        .reinterpretAsFloats();
  }

  /// Writes L numbers from element i on; see [#load].
  static void store(boolean bf16, long base, long i, FloatVector v) {
    if (!MASKS) {
      if (bf16) {
        bf16(base + 2 * i, v);
      } else {
        f32(base + 4 * i, v);
      }
      return;
    }
    long address = (base + (i << shift(bf16))) & ADDRESSES;
    v.intoMemorySegment(ALL, address, ORDER, F.maskAll(!bf16));
    ((ShortVector) rounded(v).convertShape(VectorOperators.I2S, S, 0))
        .intoMemorySegment(ALL, address, ORDER, S.maskAll(bf16));
  }

  static FloatVector f32(long address) {
    return FloatVector.fromMemorySegment(F, ALL, address & ADDRESSES, ORDER);
  }

  static void f32(long address, FloatVector v) {
    v.intoMemorySegment(ALL, address & ADDRESSES, ORDER);
  }

  /// `address`, known to the compiler to be one. Sums of it and of [#offset]s are known as well, so
  /// that [#at] needs no `and` for each access: loops of many streams have no registers left for
  /// that.
  static long address(long address) {
    return address & ADDRESSES;
  }

  /// A distance between addresses, from 0 to 2³¹ − 1.
  static long offset(long bytes) {
    return bytes & Integer.MAX_VALUE;
  }

  /// As [#f32], at a sum of one [#address] and a few [#offset]s.
  static FloatVector at(long address) {
    return FloatVector.fromMemorySegment(F, ALL, address, ORDER);
  }

  /// The same of either type: see [#load].
  static FloatVector at(boolean bf16, long address) {
    if (MASKS) {
      return load(bf16, address, 0);
    }
    return bf16 ? widened(ShortVector.fromMemorySegment(S, ALL, address, ORDER)) : at(address);
  }

  /// Writes a vector where [#at] would read it.
  static void put(long address, FloatVector v) {
    v.intoMemorySegment(ALL, address, ORDER);
  }

  /// One number in all lanes, from an address as [#at] takes it.
  static FloatVector spread(long address) {
    return FloatVector.broadcast(F, ALL.get(FLOAT, address));
  }

  static FloatVector bf16(long address) {
    return widened(ShortVector.fromMemorySegment(S, ALL, address & ADDRESSES, ORDER));
  }

  private static FloatVector widened(ShortVector bits) {
    return ((IntVector) bits.convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0))
        .lanewise(VectorOperators.LSHL, 16)
        .reinterpretAsFloats();
  }

  /// Rounds to nearest even. A NaN that arithmetic makes stays one (its upper half is never all
  /// ones, so that the carry cannot reach the sign).
  static void bf16(long address, FloatVector v) {
    ((ShortVector) rounded(v).convertShape(VectorOperators.I2S, S, 0))
        .intoMemorySegment(ALL, address & ADDRESSES, ORDER);
  }

  private static IntVector rounded(FloatVector v) {
    IntVector i = v.reinterpretAsInts();
    return i.add(i.lanewise(VectorOperators.LSHR, 16).and(1))
        .add(0x7FFF)
        .lanewise(VectorOperators.LSHR, 16);
  }

  static IntVector i32(long address) {
    return IntVector.fromMemorySegment(I, ALL, address & ADDRESSES, ORDER);
  }

  static void i32(long address, IntVector v) {
    v.intoMemorySegment(ALL, address & ADDRESSES, ORDER);
  }

  /// L bytes as numbers 0 … 255.
  static IntVector u8(long address) {
    var bytes =
        L == 4
            ? IntVector.broadcast(IntVector.SPECIES_64, ALL.get(INT, address & ADDRESSES))
                .reinterpretAsBytes()
            : ByteVector.fromMemorySegment(B, ALL, address & ADDRESSES, ORDER);
    return (IntVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0);
  }

  /// The low bytes of L ints.
  static void u8(long address, IntVector v) {
    var bytes = (ByteVector) v.convertShape(VectorOperators.I2B, B, 0);
    if (L == 4) {
      ALL.set(INT, address & ADDRESSES, bytes.reinterpretAsInts().lane(0));
    } else {
      bytes.intoMemorySegment(ALL, address & ADDRESSES, ORDER);
    }
  }

  /// Sum of the lanes, always in the same order, by halves: `reduceLanes` leaves its order open,
  /// and compiled code takes another one than the interpreter, so that a sum would change its last
  /// bits while the program runs.
  static float sum(FloatVector v) {
    FloatVector s = v;
    if (L > 8) {
      s = s.add(s.rearrange(BY_8));
    }
    if (L > 4) {
      s = s.add(s.rearrange(BY_4));
    }
    s = s.add(s.rearrange(BY_2));
    return s.add(s.rearrange(BY_1)).lane(0);
  }

  /// v, kept between two bounds; NaN stays NaN.
  static FloatVector clamp(FloatVector v, FloatVector low, FloatVector high) {
    FloatVector w = v.blend(low, v.lt(low));
    return w.blend(high, high.lt(w));
  }

  static float get(boolean bf16, long base, long i) {
    return bf16
        ? Bf16.toFloat(ALL.get(SHORT, (base + 2 * i) & ADDRESSES))
        : ALL.get(FLOAT, (base + 4 * i) & ADDRESSES);
  }

  static void put(boolean bf16, long base, long i, float value) {
    if (bf16) {
      ALL.set(SHORT, (base + 2 * i) & ADDRESSES, Bf16.fromFloat(value));
    } else {
      ALL.set(FLOAT, (base + 4 * i) & ADDRESSES, value);
    }
  }

  static float getF32(long base, long i) {
    return ALL.get(FLOAT, (base + 4 * i) & ADDRESSES);
  }

  static void putF32(long base, long i, float value) {
    ALL.set(FLOAT, (base + 4 * i) & ADDRESSES, value);
  }

  static double getF64(long base, long i) {
    return ALL.get(DOUBLE, (base + 8 * i) & ADDRESSES);
  }

  static void putF64(long base, long i, double value) {
    ALL.set(DOUBLE, (base + 8 * i) & ADDRESSES, value);
  }

  static int getI32(long base, long i) {
    return ALL.get(INT, (base + 4 * i) & ADDRESSES);
  }

  static void putI32(long base, long i, int value) {
    ALL.set(INT, (base + 4 * i) & ADDRESSES, value);
  }

  static short getI16(long base, long i) {
    return ALL.get(SHORT, (base + 2 * i) & ADDRESSES);
  }

  static void putI16(long base, long i, short value) {
    ALL.set(SHORT, (base + 2 * i) & ADDRESSES, value);
  }

  static int getU8(long base, long i) {
    return ALL.get(BYTE, (base + i) & ADDRESSES) & 0xFF;
  }

  static void putU8(long base, long i, int value) {
    ALL.set(BYTE, (base + i) & ADDRESSES, (byte) value);
  }

  /// Copies [#HALF_BYTES] bytes.
  static void copyHalf(long from, long to) {
    ShortVector.fromMemorySegment(S, ALL, from & ADDRESSES, ORDER)
        .intoMemorySegment(ALL, to & ADDRESSES, ORDER);
  }

  static void copy(long from, long to, long bytes) {
    MemorySegment.copy(ALL, from, ALL, to, bytes);
  }
}
