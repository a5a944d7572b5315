package unfold.inspect;

import java.util.List;
import java.util.Locale;

/// What [TrackSheet] draws, as a page for a browser, which shows each number under the pointer.
public final class TrackPage {
  private static final String STYLE = "pre { line-height: 1.5; white-space: pre-wrap; }\n";

  private TrackPage() {}

  /// The whole page.
  public static String of(String title, String words, List<Track> tracks) {
    var page = new Page(title, words, STYLE);
    for (Track track : tracks) {
      page.element("h2", "", track.name()).open("pre", "");
      for (int i = 0; i < track.characters().size(); i++) {
        double value = track.values().get(i);
        String number = String.format(Locale.ROOT, " title=\"%.3f\"", value);
        String character = track.characters().get(i);
        page.element(
            "span",
            Page.background(Colours.diverging(value)) + number,
            character.equals("\n") ? "↵\n" : character);
      }
      page.close("pre");
    }
    return page.text();
  }
}
