package unfold.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import unfold.error.InputException;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// Numbers of units beside a text, and how they are drawn.
final class TextLookTest {
  private static List<String> characters(String text) {
    return text.codePoints().mapToObj(Character::toString).toList();
  }

  private static Tensor tensor(double[]... rows) {
    Tensor t = Tensor.zeros(DType.F32, rows.length, rows[0].length);
    for (int i = 0; i < t.size(); i++) {
      t.set(i, rows[i / rows[0].length][i % rows[0].length]);
    }
    return t;
  }

  @Test
  void traitsAreCountedAsTheyAreAfterEachCharacter() {
    assertThat(TextTrait.LINE.along(characters("ab\nc"))).containsExactly(1, 2, 0, 1);
    assertThat(TextTrait.QUOTES.along(characters("a\"b\"“c”")))
        .containsExactly(0, 1, 1, 0, 1, 1, 0);
    assertThat(TextTrait.BRACKETS.along(characters("(a[b])}")))
        .containsExactly(1, 1, 2, 2, 1, 0, 0);
    assertThat(TextTrait.WORD.along(characters("to be"))).containsExactly(1, 2, 0, 1, 2);
    assertThat(TextTrait.CAPITALS.along(characters("aBc"))).containsExactly(0, 1, 0);
    assertThatThrownBy(() -> TextTrait.parse("rhyme"))
        .hasMessage(
            "nothing is known of 'rhyme' in a text; there are"
                + " [line, quotes, brackets, word, capitals]");
  }

  @Test
  void unitsAreRankedByCorrelationOfEitherSignAndByVariance() {
    double[] trait = {1, 2, 0, 1};
    var units =
        new Units(
            Within.H,
            tensor(
                new double[] {0.1, 0.5, -0.2, 0},
                new double[] {0.2, 0.5, -0.4, 1},
                new double[] {0.0, 0.5, 0.0, 0},
                new double[] {0.1, 0.5, -0.2, -1}));
    List<Units.Ranked> ranked = units.following(trait);
    assertThat(ranked.get(0).score()).isCloseTo(1, within(1e-6));
    assertThat(ranked.get(1).score()).isCloseTo(-1, within(1e-6));
    assertThat(List.of(ranked.get(0).unit(), ranked.get(1).unit())).containsExactlyInAnyOrder(0, 2);
    assertThat(ranked.getLast()).isEqualTo(new Units.Ranked(1, 0));
    assertThat(units.liveliest().getFirst().unit()).isEqualTo(3);
    assertThat(units.liveliest().getFirst().score()).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void memoriesAreSeenThroughTanhAndGatesAroundTheirMiddle() {
    assertThat(Within.C.signed(3)).isEqualTo(Math.tanh(3));
    assertThat(Within.F.signed(0.25)).isEqualTo(-0.5);
    assertThat(Within.H.signed(-0.3)).isEqualTo(-0.3);
  }

  @Test
  void saturationCountsForEachUnitHowOftenItsGateIsShutAndOpen() {
    Tensor gate =
        tensor(new double[] {0.05, 0.5}, new double[] {0.95, 0.92}, new double[] {0, 0.5});
    var s = Saturation.of(Within.F, gate);
    assertThat(s.shut()).containsExactly(2 / 3.0, 0.0);
    assertThat(s.open()).containsExactly(1 / 3.0, 1 / 3.0);
    assertThat(s.meanShut()).isCloseTo(1 / 3.0, within(1e-12));
    assertThatThrownBy(() -> Saturation.of(Within.C, gate))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPageHasEveryCharacterEscapedWithItsNumber() {
    var track =
        new Track("unit <1>", characters("<b>&\"'\n"), List.of(1., -1., 0., 0., 0., 0., 0.));
    String page = TrackPage.of("a & b", "<script>", List.of(track));
    assertThat(page)
        .contains("<title>a &amp; b</title>", "<p>&lt;script&gt;</p>", "<h2>unit &lt;1&gt;</h2>")
        .contains("title=\"1.000\">&lt;</span>", "title=\"-1.000\">b</span>")
        .contains(">&amp;</span>", ">&quot;</span>", ">&#39;</span>", ">↵\n</span>")
        .doesNotContain("<script", "<b>", "http", "src=");

    var place = new Foretelling.Place("<", 0.25, List.of(new Foretelling.Candidate("&", 0.5)));
    var all = new Foretelling(List.of(place), List.of(new Foretelling.Candidate("\n", 0.75)));
    assertThat(ForetellingPage.of("t", "w", all))
        .contains("title=\"0.2500\">&lt;</span>", "title=\"0.5000\">&amp;</span>")
        .contains("title=\"0.7500\">↵</span>");
  }

  @Test
  void aSheetPutsTheColourBehindItsCharacter() {
    var track = new Track("u", characters("  \n "), List.of(1.0, -1.0, 0.0, 1.0));
    Sheet sheet = TrackSheet.of("t", "w", List.of(track));
    int top = 16 + 2 * 18 + 10 + 22;
    assertThat(sheet.colour(top + 1, 17)).isEqualTo(Colours.diverging(1));
    assertThat(sheet.colour(top + 1, 17 + 9)).isEqualTo(Colours.diverging(-1));
    assertThat(sheet.colour(top + 18 + 1, 17)).isEqualTo(Colours.diverging(1));
    assertThat(Colours.diverging(0)).isEqualTo(Colours.PAPER);
    assertThat(Colours.diverging(Double.NaN)).isEqualTo(Colours.WRONG);
  }

  @Test
  void longLinesAreBrokenAndLongTextsRefused() {
    var lines = TextLines.of(characters("x".repeat(250) + "\ny")).lines();
    assertThat(lines).extracting(TextLines.Line::to).containsExactly(100, 200, 251, 252);
    var track = new Track("u", characters("x".repeat(5001)), Collections.nCopies(5001, 0.0));
    assertThatThrownBy(() -> TrackSheet.of("t", "w", List.of(track)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("a sheet shows 1 … 5000 characters, not 5001;");
  }

  @Test
  void gatesAreDrawnUnitByUnit() {
    Tensor gate = tensor(new double[] {0, 1}, new double[] {1, 0.5});
    Sheet sheet = GateSheet.of("t", characters("ab"), Map.of(Within.Z, gate));
    int top = 16 + 3 * 18 + 2 * 18;
    assertThat(sheet.colour(top + 1, 17)).isEqualTo(Colours.ramp(0));
    assertThat(sheet.colour(top + 100, 17)).isEqualTo(Colours.ramp(1));
    assertThat(sheet.colour(top + 1, 17 + 9)).isEqualTo(Colours.ramp(1));
    assertThat(sheet.colour(top + 100, 17 + 9)).isEqualTo(Colours.ramp(0.5));
    assertThatThrownBy(() -> GateSheet.of("t", characters("a"), Map.of()))
        .hasMessage("t: its cells have no gates; an lstm or a gru has");
  }

  @Test
  void whatWasExpectedStandsBelowWhatCame() {
    var hit = new Foretelling.Place(" ", 0.5, List.of(new Foretelling.Candidate(" ", 0.5)));
    var miss = new Foretelling.Place(" ", 0.1, List.of(new Foretelling.Candidate("\t", 1)));
    var all = new Foretelling(List.of(hit, miss), List.of(new Foretelling.Candidate(" ", 1)));
    Sheet sheet = ForetellingSheet.of("t", "w", all);
    int top = 16 + 2 * 18 + 10;
    assertThat(sheet.colour(top + 1, 17)).isNotEqualTo(Colours.PAPER);
    assertThat(sheet.colour(top + 1, 17 + 12)).isEqualTo(Colours.PAPER);
    assertThat(sheet.colour(top + 18 + 1, 17)).isEqualTo(ForetellingSheet.shade(0.5));
    assertThat(sheet.colour(top + 18 + 1, 17 + 24)).isEqualTo(ForetellingSheet.shade(1));
  }
}
