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

  /// Whether the next number begins a block of four words, of which a normal number takes half and
  /// a uniform one, too.
  public boolean betweenBlocks() {
    return used == 4 && Double.isNaN(spare);
  }

  /// This stream as it will be so many blocks later, to be drawn from on another thread.
  public Stream later(long blocks) {
    if (!betweenBlocks()) {
      throw new IllegalStateException("within a block of random words");
    }
    Stream later = new Stream(key, purpose, index);
    later.counter = (int) (counter + blocks);
    return later;
  }

  /// Passes over so many blocks.
  public Stream skip(long blocks) {
    if (blocks > 0) {
      counter = later(blocks).counter;
    }
    return this;
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

  /// Beta(α, α), by two gamma variates.
  public double nextBeta(double alpha) {
    double a = nextGamma(alpha);
    double b = nextGamma(alpha);
    // For a tiny α both may be 0 in doubles; the limit is then a fair coin.
    return a + b > 0 ? a / (a + b) : nextInt() < 0 ? 0 : 1;
  }

  /// Gamma with this shape and scale 1.
  ///
  /// @source Marsaglia, Tsang: A simple method for generating gamma variables (2000), sections 2
  ///   and 6
  public double nextGamma(double shape) {
    if (!(shape > 0)) {
      throw new IllegalArgumentException("shape " + shape + " must be positive");
    }
    if (shape < 1) {
      return nextGamma(shape + 1) * StrictMath.pow(1 - nextDouble(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = nextGaussian();
      double v = 1 + c * x;
      v = v * v * v;
      if (v > 0 && StrictMath.log(1 - nextDouble()) < x * x / 2 + d * (1 - v + StrictMath.log(v))) {
        return d * v;
      }
    }
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
