package unfold.inspect;

import java.util.List;
import unfold.error.InputException;

/// A text and a number in −1 … 1 for each of its characters: what a unit held after it.
///
/// @param characters one code point each
public record Track(String name, List<String> characters, List<Double> values) {
  public Track {
    characters = List.copyOf(characters);
    values = List.copyOf(values);
    if (characters.size() != values.size()) {
      throw new InputException(
          name + ": " + characters.size() + " characters, but " + values.size() + " values");
    }
  }
}
