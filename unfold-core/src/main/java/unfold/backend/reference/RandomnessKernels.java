package unfold.backend.reference;

import java.util.List;
import unfold.op.Randomness;
import unfold.op.Randomness.Dropout;
import unfold.op.Randomness.Uniform;
import unfold.random.Philox;
import unfold.tensor.Shape;

/// Dropout, and numbers drawn from [0, 1).
final class RandomnessKernels {
  private RandomnessKernels() {}

  static void run(Randomness op, List<Numbers> in, List<Numbers> out) {
    switch (op) {
      case Dropout dropout -> dropout(dropout, in.get(0), in.get(1), out.getFirst());
      case Uniform uniform -> uniform(uniform, in.getFirst(), out.getFirst());
    }
  }

  private static void dropout(Dropout op, Numbers x, Numbers key, Numbers y) {
    long seed = seed(key);
    int stepLow = (int) key.get(2);
    int stepHigh = (int) key.get(3);
    double threshold = op.rate() * 0x1p32;
    int[] block = new int[4];
    for (long i = 0; i < x.size(); i++) {
      long grain = grain(op, x.shape(), i);
      Philox.block(seed, (int) (grain / 4), op.stream(), stepLow, stepHigh, block);
      boolean keep = Integer.toUnsignedLong(block[(int) (grain % 4)]) >= threshold;
      y.set(i, keep ? x.get(i) / (1 - op.rate()) : 0);
    }
  }

  private static void uniform(Uniform op, Numbers key, Numbers y) {
    int[] block = new int[4];
    for (long i = 0; i < y.size(); i++) {
      Philox.block(
          seed(key), (int) (i / 4), op.stream(), (int) key.get(2), (int) key.get(3), block);
      y.set(i, (block[(int) (i % 4)] >>> 8) * 0x1p-24);
    }
  }

  private static long seed(Numbers key) {
    return (long) key.get(0) & 0xFFFFFFFFL | (long) key.get(1) << 32;
  }

  /// The number of the grain that element i (row-major) belongs to.
  private static long grain(Dropout op, Shape x, long i) {
    long perItem = x.rank() == 0 ? 1 : x.size() / x.dim(0);
    return switch (op.grain()) {
      case ITEM -> i / perItem;
      case CHANNEL -> i / (perItem / x.dim(1));
      case ELEMENT -> {
        if (x.rank() != 4) {
          yield i;
        }
        long positions = (long) x.dim(2) * x.dim(3);
        long channel = i / positions % x.dim(1);
        yield i / perItem * perItem + i % positions * x.dim(1) + channel;
      }
    };
  }
}
