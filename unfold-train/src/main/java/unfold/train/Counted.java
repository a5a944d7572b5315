package unfold.train;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What the items of a score are, and what such items are judged by.
public enum Counted {
  /// Pictures with a class: the best network has the highest accuracy.
  @JsonProperty("pictures")
  PICTURES("img", "pictures", true),
  /// Characters to be foretold from those before: the best network has the lowest loss, in nats per
  /// character.
  @JsonProperty("characters")
  CHARACTERS("char", "characters", false),
  /// Frames of films with a class each: the best network has the highest accuracy.
  @JsonProperty("frames")
  FRAMES("frame", "frames", true),
  /// Sentences with a class each: the best network has the highest accuracy.
  @JsonProperty("sentences")
  SENTENCES("sentence", "sentences", true),
  /// Words to be foretold, the ends of sentences among them: the best network has the lowest loss,
  /// in nats per word.
  @JsonProperty("words")
  WORDS("word", "words", false),
  /// Steps of pieces of music: the best network has the lowest loss, in nats a step, summed over
  /// the notes.
  @JsonProperty("steps")
  STEPS("step", "steps", false);

  private final String unit;
  private final String plural;
  private final boolean byAccuracy;

  Counted(String unit, String plural, boolean byAccuracy) {
    this.unit = unit;
    this.plural = plural;
    this.byAccuracy = byAccuracy;
  }

  /// Short, for speeds: `img`
  public String unit() {
    return unit;
  }

  /// For sentences: `pictures`
  public String plural() {
    return plural;
  }

  /// Whether more accuracy is better; else less loss is.
  public boolean byAccuracy() {
    return byAccuracy;
  }
}
