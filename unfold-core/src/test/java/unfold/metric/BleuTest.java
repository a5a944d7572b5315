package unfold.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import unfold.error.InputException;

/// `bleu.py` beside `bleu.txt` made the numbers with sacrebleu.
final class BleuTest {
  private static final Offset<Double> CLOSE = Offset.offset(1e-6);

  private record Case(String name, List<String> numbers, List<String> ours, List<String> theirs) {}

  @TestFactory
  Stream<DynamicTest> givesTheFiguresOfSacrebleu() throws IOException {
    return cases().stream()
        .map(c ->
            DynamicTest.dynamicTest(
                c.name,
                () -> {
                  var cased = Bleu.of(c.ours, c.theirs, false);
                  var lower = Bleu.of(c.ours, c.theirs, true);
                  assertThat(cased.score()).isCloseTo(number(c, 0), CLOSE);
                  assertThat(lower.score()).isCloseTo(number(c, 1), CLOSE);
                  assertThat(lower.brevityPenalty()).isCloseTo(number(c, 2), CLOSE);
                }));
  }

  @Test
  void refusesListsOfDifferentLengthsAndNothing() {
    assertThatThrownBy(() -> Bleu.of(List.of("a"), List.of("a", "b"), true))
        .isInstanceOf(InputException.class)
        .hasMessage("BLEU compares line by line, but there are 1 translations and 2 references");
    assertThatThrownBy(() -> Bleu.of(List.of(), List.of(), true))
        .hasMessage("BLEU needs at least one sentence, but there is none");
  }

  private static double number(Case c, int i) {
    return Double.parseDouble(c.numbers.get(i));
  }

  private static List<Case> cases() throws IOException {
    var cases = new ArrayList<Case>();
    for (String block : golden().split("\n\n")) {
      var lines = block.lines().toList();
      var head = List.of(lines.getFirst().split("\t"));
      var pairs = lines.stream().skip(1).map(l -> l.split("\t", 2)).toList();
      cases.add(
          new Case(
              head.getFirst(),
              head.subList(1, head.size()),
              pairs.stream().map(p -> p[0]).toList(),
              pairs.stream().map(p -> p[1]).toList()));
    }
    return cases;
  }

  private static String golden() throws IOException {
    try (var in = BleuTest.class.getResourceAsStream("bleu.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
