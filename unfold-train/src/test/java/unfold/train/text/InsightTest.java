package unfold.train.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.inspect.Cells;
import unfold.inspect.Foretelling;
import unfold.inspect.Within;
import unfold.train.RunFolder;
import unfold.train.Stop;

/// A trained network, looked into.
final class InsightTest {
  private static Writer writer;

  @BeforeAll
  static void train(@TempDir Path temp) {
    Path text = TinyText.text(temp, TinyText.TEXT);
    TinyText.start(temp.resolve("run"), TinyText.config(text, 2)).run(new Stop());
    RunFolder run = RunFolder.open(temp.resolve("run"));
    writer = Writer.open(run, TinyText.model(28), TinyText.settings());
  }

  @Test
  void whatIsExpectedAtEachPlaceIsWhatTheMeasureCounts() {
    String text = "the quick brown";
    Foretelling all = writer.insight(text, 100, "a text").foretelling(3);
    double nats = 0;
    for (int i = 1; i < text.length(); i++) {
      Foretelling.Place place = all.places().get(i);
      assertThat(place.character()).isEqualTo(text.substring(i, i + 1));
      assertThat(place.expected()).hasSize(3);
      assertThat(place.expected()).isEqualTo(writer.next(text.substring(0, i), 3, Sampling.PLAIN));
      nats -= Math.log(place.probability()) / (text.length() - 1);
    }
    assertThat(nats).isCloseTo(writer.measure(text, 100, "a text").loss(), within(1e-5));
    assertThat(all.places().getFirst().expected()).isEmpty();
    assertThat(all.after()).isEqualTo(writer.next(text, 3, Sampling.PLAIN));
  }

  @Test
  void unitsAndGatesGoWithTheCharactersThatTheNetworkKnows() {
    Insight insight = writer.insight("the ÖÖ dog", 7, "a text");
    assertThat(String.join("", insight.characters())).isEqualTo("the  do");
    var wanted = new Cells.Wanted(1, Within.C);
    var units = insight.units(wanted);
    assertThat(units.values().shape().toList()).containsExactly(7, 6);
    var track = insight.tracks(wanted, units, List.of(4)).getFirst();
    assertThat(track.name()).isEqualTo("layer 1 c, unit 4");
    assertThat(track.values().get(3)).isEqualTo(Math.tanh(units.values().get(3 * 6 + 4)));
    assertThat(insight.gates(0).keySet()).containsExactly(Within.I, Within.F, Within.O);
    assertThatThrownBy(() -> insight.tracks(wanted, units, List.of(6)))
        .hasMessage("there is no unit 6 in layer 1; its units are 0 … 5");
    assertThatThrownBy(() -> writer.insight("ÖÄ", 7, "a text"))
        .hasMessage("a text: has no character that the network knows");
  }
}
