package unfold.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PhiloxTest {
  /// The known answers of Random123 1.14 (file kat_vectors, philox4x32 with 10 rounds).
  @Test
  void givesTheKnownAnswers() {
    assertThat(block(0, 0, 0, 0, 0)).isEqualTo("6627e8d5 e169c58d bc57ac4c 9b00dbd8");
    assertThat(block(-1L, -1, -1, -1, -1)).isEqualTo("408f276d 41c83b0e a20bc7c6 6d5451fd");
    assertThat(
            block(
                0x299f31d0_a4093822L, // key words a4093822, 299f31d0: digits of pi, as all here
                0x243f6a88,
                0x85a308d3,
                0x13198a2e,
                0x03707344))
        .isEqualTo("d16cfe09 94fdcceb 5001e420 24126ea1");
  }

  @Test
  void aStreamIsNamedBySeedPurposeAndIndexAlone() {
    var first = words(Stream.of(1, "dropout", 0));
    assertThat(words(Stream.of(1, "dropout", 0))).isEqualTo(first);
    assertThat(words(Stream.of(2, "dropout", 0))).isNotEqualTo(first);
    assertThat(words(Stream.of(1, "shuffle", 0))).isNotEqualTo(first);
    assertThat(words(Stream.of(1, "dropout", 1L << 32))).isNotEqualTo(first);
  }

  @Test
  void numbersHaveTheMomentsOfTheirDistribution() {
    var random = Stream.of(5, "moments", 0);
    int n = 100_000;
    double[] uniform = IntStream.range(0, n).mapToDouble(_ -> random.nextDouble()).toArray();
    assertThat(Arrays.stream(uniform)).allMatch(u -> u >= 0 && u < 1);
    // five standard errors of the mean: 5·√(1/12n)
    assertThat(Arrays.stream(uniform).average().orElseThrow()).isBetween(0.4954, 0.5046);
    double[] normal = IntStream.range(0, n).mapToDouble(_ -> random.nextGaussian()).toArray();
    assertThat(Arrays.stream(normal).average().orElseThrow()).isBetween(-0.016, 0.016);
    assertThat(Arrays.stream(normal).map(x -> x * x).average().orElseThrow())
        .isBetween(0.977, 1.023);
  }

  @Test
  void everyWholeNumberBelowABoundComesEquallyOften() {
    var random = Stream.of(6, "bound", 0);
    int[] seen = new int[6];
    for (int i = 0; i < 60_000; i++) {
      seen[random.nextInt(6)]++;
    }
    // χ² with 5 degrees of freedom stays below 25 in all but 1 of 7,000 seeds
    double chi = Arrays.stream(seen).mapToDouble(k -> (k - 10_000) * (k - 10_000) / 1e4).sum();
    assertThat(chi).isLessThan(25);
  }

  @Test
  void aPermutationHoldsEachNumberOnce() {
    int[] order = Stream.of(7, "order", 0).permutation(1000);
    assertThat(order).isNotEqualTo(IntStream.range(0, 1000).toArray());
    assertThat(Arrays.stream(order).sorted().toArray())
        .isEqualTo(IntStream.range(0, 1000).toArray());
  }

  private static String words(Stream random) {
    return IntStream.range(0, 9)
        .mapToObj(_ -> HexFormat.of().toHexDigits(random.nextInt()))
        .collect(Collectors.joining(" "));
  }

  private static String block(long key, int c0, int c1, int c2, int c3) {
    int[] out = new int[4];
    Philox.block(key, c0, c1, c2, c3, out);
    return Arrays.stream(out)
        .mapToObj(HexFormat.of()::toHexDigits)
        .collect(Collectors.joining(" "));
  }
}
