package unfold.bench.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import org.junit.jupiter.api.Test;
import unfold.random.Stream;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;

final class FactsTest {
  @Test
  void ofEachDigitItSaysWhatItLearned() {
    var facts = new Facts();
    facts.learn(150);
    for (int digit = 0; digit < 10; digit++) {
      assertThat(facts.say(digit)).isEqualTo(Facts.fact(digit));
    }
  }

  @Test
  void atRandomAWordComesAsOftenAsItIsLikely() {
    Tensor logits = Tensor.of(Shape.of(3), 0f, 0f, (float) Math.log(2));
    Stream random = Stream.of(5, "test", 0);
    int[] count = new int[3];
    var seen = new HashSet<Integer>();
    for (int i = 0; i < 4000; i++) {
      int word = Facts.sampled(logits, 1, random);
      count[word]++;
      seen.add(word);
    }
    assertThat(seen).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(count[2] / 4000.0).isBetween(0.46, 0.54);
  }
}
