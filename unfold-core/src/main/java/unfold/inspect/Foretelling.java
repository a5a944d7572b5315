package unfold.inspect;

import java.util.List;

/// What a language model expected at each place of a text that it read.
///
/// @param places one for each character
/// @param after what it expects behind the last, the likeliest first
public record Foretelling(List<Place> places, List<Candidate> after) {
  public Foretelling {
    places = List.copyOf(places);
    after = List.copyOf(after);
  }

  /// A character that may come.
  public record Candidate(String character, double probability) {}

  /// @param character that stands there
  /// @param probability that it had; 1 for the first of the text, which is given
  /// @param expected the likeliest, the first first; empty for the first of the text
  public record Place(String character, double probability, List<Candidate> expected) {
    public Place {
      expected = List.copyOf(expected);
    }
  }
}
