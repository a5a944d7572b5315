package unfold.bench.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.train.translate.Search;
import unfold.train.translate.Translator.Translation;

final class NumeralsTest {
  @TempDir private Path temp;

  @Test
  void aNetworkLearnsToTurnNumeralsAroundThatItHasNeverSeen() throws IOException {
    List<String> asked = Numerals.held().mapToObj(Numerals::german).toList();
    List<String> wanted = Numerals.held().mapToObj(Numerals::english).toList();
    assertThat(asked).hasSize(10).contains("acht und dreißig");
    List<Translation> made =
        Numerals.learned(temp.resolve("run"), 40).translate(asked, new Search(3, 1));
    long right =
        IntStream.range(0, 10).filter(i -> made.get(i).text().equals(wanted.get(i))).count();
    assertThat(right).isGreaterThanOrEqualTo(8);
  }
}
