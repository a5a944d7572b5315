package unfold.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import unfold.error.InputException;

/// One setting.
///
/// @param name of the environment variable: `UNFOLD_THREADS`; the system property is
///   `unfold.threads`
/// @param fallback the text that holds if none is given
/// @param meaning one sentence for people
/// @param parser throws IllegalArgumentException that says what it expected
public record Knob<T>(String name, String fallback, String meaning, Function<String, T> parser) {

  /// `unfold.memory.budget` for `UNFOLD_MEMORY_BUDGET`.
  public String property() {
    return name.toLowerCase(Locale.ROOT).replace('_', '.');
  }

  /// The text that holds in this process.
  public String text() {
    return Optional.ofNullable(System.getProperty(property()))
        .or(() -> Optional.ofNullable(System.getenv(name)))
        .map(String::strip)
        .filter(t -> !t.isEmpty())
        .orElse(fallback);
  }

  /// The value that holds in this process.
  ///
  /// @throws InputException if the text is none of the values this knob has
  public T value() {
    return parse(text());
  }

  /// The value that a text stands for.
  ///
  /// @throws InputException if it is none
  public T parse(String text) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new InputException(
          name
              + "="
              + text
              + ": "
              + e.getMessage()
              + " ("
              + meaning
              + "; default "
              + fallback
              + ")",
          e);
    }
  }
}
