package unfold.random;

import java.nio.charset.StandardCharsets;

/// A sequence of random numbers, named by a seed, a purpose and an index (an epoch, an item, a
/// parameter): the same three give the same numbers anywhere. Not thread-safe; make one where it is
/// used.
public final class Stream {
  private final long key;
  private final int purpose;
  private final long index;
  private final int[] block = new int[4];
  private int counter;
  private int used = 4;
  private double spare = Double.NaN;

  private Stream(long key, int purpose, long index) {
    this.key = key;
    this.purpose = purpose;
    this.index = index;
  }

  public static Stream of(long seed, String purpose, long index) {
    return new Stream(seed, id(purpose), index);
  }

  /// A name as a 32-bit number (FNV-1a of its UTF-8 bytes).
  public static int id(String name) {
    int h = 0x811C9DC5;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      h = (h ^ (b & 0xFF)) * 0x01000193;
    }
    return h;
  }

  public int nextInt() {
    if (used == 4) {
      Philox.block(key, counter++, purpose, (int) index, (int) (index >>> 32), block);
      used = 0;
    }
    return block[used++];
  }

  /// Uniform in 0 … bound−1, without bias.
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound " + bound + " must be positive");
    }
    long limit = (1L << 32) - (1L << 32) % bound;
    long word;
    do {
      word = nextInt() & 0xFFFFFFFFL;
    } while (word >= limit);
    return (int) (word % bound);
  }

  /// Uniform in [0, 1) with 53 bits.
  public double nextDouble() {
    long high = nextInt() >>> 6;
    long low = nextInt() >>> 5;
    return ((high << 27) | low) * 0x1p-53;
  }

  public double uniform(double low, double high) {
    return low + (high - low) * nextDouble();
  }

  /// Standard normal (Box–Muller).
  public double nextGaussian() {
    if (!Double.isNaN(spare)) {
      double value = spare;
      spare = Double.NaN;
      return value;
    }
    double radius = Math.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    double angle = 2 * Math.PI * nextDouble();
    spare = radius * StrictMath.sin(angle);
    return radius * StrictMath.cos(angle);
  }

  /// 0 … n−1 in random order (Fisher–Yates).
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
