package unfold.layer;

import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import unfold.random.Stream;
import unfold.tensor.Tensor;

/// Fills tensors from a stream, large ones on the threads of the JDK's common pool: parts of a
/// stream are made where they are needed, so that the numbers are those that one thread would draw.
final class Filling {
  /// Numbers of a part.
  private static final int PART = 1 << 16;

  private static final int PER_BLOCK = 2;

  private Filling() {}

  /// @param draw one number, of which two take a block of the stream
  static void fill(Tensor t, Stream random, ToDoubleFunction<Stream> draw) {
    long parts = random.betweenBlocks() ? t.size() / PART : 0;
    LongStream.range(0, parts)
        .parallel()
        .forEach(part -> {
          Stream own = random.later(part * (PART / PER_BLOCK));
          fill(t, part * PART, (part + 1) * PART, own, draw);
        });
    Stream rest = random.skip(parts * (PART / PER_BLOCK));
    fill(t, parts * PART, t.size(), rest, draw);
  }

  private static void fill(
      Tensor t, long from, long to, Stream random, ToDoubleFunction<Stream> draw) {
    for (long i = from; i < to; i++) {
      t.set(i, draw.applyAsDouble(random));
    }
  }
}
