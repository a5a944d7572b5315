package unfold.inspect;

import java.util.List;
import java.util.Locale;

/// What [ForetellingSheet] draws, as a page for a browser, which shows each probability under the
/// pointer.
public final class ForetellingPage {
  private static final String STYLE =
      """
      .t { font-family: monospace; line-height: 1.4; }
      .t div { display: inline-block; vertical-align: top; margin: 0 0 1em 0; min-width: 1ch; }
      .t span { display: block; padding: 0 1px; text-align: center; white-space: pre; }
      .t b { display: block; }
      """;

  private ForetellingPage() {}

  /// The whole page.
  public static String of(String title, String words, Foretelling foretelling) {
    var page = new Page(title, words, STYLE);
    page.open("div", " class=\"t\"");
    for (Foretelling.Place place : foretelling.places()) {
      page.open("div", "");
      character(page, place.character(), place.probability(), ForetellingSheet.colour(place));
      column(page, place.expected());
      page.close("div");
      if (place.character().equals("\n")) {
        page.open("br", "");
      }
    }
    page.open("div", "");
    character(page, " ", 0, Colours.PAPER);
    column(page, foretelling.after());
    return page.close("div").close("div").text();
  }

  private static void column(Page page, List<Foretelling.Candidate> candidates) {
    for (Foretelling.Candidate c : candidates) {
      character(page, c.character(), c.probability(), ForetellingSheet.shade(c.probability()));
    }
  }

  private static void character(Page page, String character, double probability, int colour) {
    String number = String.format(Locale.ROOT, " title=\"%.4f\"", probability);
    page.element("span", Page.background(colour) + number, TextLines.visible(character));
  }
}
