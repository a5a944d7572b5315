package unfold.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import unfold.data.text.LengthBuckets.Group;
import unfold.error.InputException;
import unfold.random.Stream;

final class LengthBucketsTest {
  private static final int[] LENGTHS = lengths(1003, 40);

  @Test
  void eachSentenceComesOnceAnEpochInABatchThatHoldsIt() {
    var buckets = LengthBuckets.of(LENGTHS, 5, 16);
    for (List<Group> groups :
        List.of(buckets.epoch(7, 0), buckets.epoch(7, 1), buckets.inOrder())) {
      assertThat(groups).hasSize(buckets.batches()).hasSize(63);
      var seen = new ArrayList<Integer>();
      for (Group g : groups) {
        assertThat(g.length()).isEqualTo(buckets.bounds().get(g.bucket()));
        assertThat(g.items()).allMatch(i -> LENGTHS[i] <= g.length());
        seen.addAll(g.items());
      }
      assertThat(seen).hasSize(1003).doesNotHaveDuplicates();
      assertThat(groups.stream().filter(g -> g.items().size() < 16)).hasSize(1);
    }
  }

  @Test
  void theOrderIsAFunctionOfSeedAndEpochAlone() {
    var buckets = LengthBuckets.of(LENGTHS, 4, 8);
    assertThat(LengthBuckets.of(LENGTHS, 4, 8).epoch(3, 5)).isEqualTo(buckets.epoch(3, 5));
    assertThat(buckets.epoch(3, 6)).isNotEqualTo(buckets.epoch(3, 5));
    assertThat(buckets.epoch(4, 5)).isNotEqualTo(buckets.epoch(3, 5));
  }

  @Test
  void noOtherBoundsHaveLessPadding() {
    int[] few = lengths(60, 12);
    var bounds = LengthBuckets.of(few, 3, 8).bounds();
    assertThat(bounds).hasSize(3);
    long least = Long.MAX_VALUE;
    int longest = Arrays.stream(few).max().orElseThrow();
    for (int a = 1; a < longest; a++) {
      for (int b = a + 1; b < longest; b++) {
        least = Math.min(least, steps(few, List.of(a, b, longest)));
      }
    }
    assertThat(steps(few, bounds)).isEqualTo(least);
  }

  @Test
  void oddLengthsAreServedToo() {
    assertThat(LengthBuckets.of(new int[] {0, 0}, 3, 4).bounds()).containsExactly(1);
    var long1 = LengthBuckets.of(new int[] {3, 99_999, 50_000, 2}, 2, 1);
    assertThat(long1.bounds()).hasSize(2).endsWith(99_999);
    assertThat(long1.inOrder()).hasSize(4);
    assertThatThrownBy(() -> LengthBuckets.of(new int[0], 3, 4))
        .isInstanceOf(InputException.class)
        .hasMessage("there are no sentences to make batches of");
  }

  private static long steps(int[] lengths, List<Integer> bounds) {
    return Arrays.stream(lengths)
        .mapToLong(n -> bounds.stream().filter(b -> b >= n).findFirst().orElseThrow())
        .sum();
  }

  private static int[] lengths(int count, int longest) {
    Stream random = Stream.of(1, "test/lengths", longest);
    return IntStream.range(0, count)
        .map(_ -> 1 + (random.nextInt(longest) + random.nextInt(longest)) / 2)
        .toArray();
  }
}
