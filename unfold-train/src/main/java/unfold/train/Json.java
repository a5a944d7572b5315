package unfold.train;

import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import unfold.error.FormatException;

/// Records as JSON and back, strictly: nothing may be missing, unknown or null. Numbers come back
/// bit for bit.
final class Json {
  private static final JsonMapper LINE =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final JsonMapper PRETTY =
      LINE.rebuild().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Json() {}

  static String line(Object record) {
    return LINE.writeValueAsString(record);
  }

  static String pretty(Object record) {
    return PRETTY.writeValueAsString(record) + "\n";
  }

  /// @param source for the message: the file, perhaps with a line number
  /// @param what the text should be: `a run's config`
  static <T> T read(String text, Class<T> type, String source, String what) {
    try {
      T value = LINE.readValue(text, type);
      if (value == null) {
        throw new FormatException(source + ": is not " + what + ": it is null");
      }
      return value;
    } catch (JacksonException e) {
      throw new FormatException(
          source + ": is not " + what + ": " + firstLine(e.getOriginalMessage()), e);
    }
  }

  /// The same for a file that an older Unfold may have written.
  ///
  /// @param older what such files leave out, as an object of the values that it stands for
  static <T> T read(String text, Class<T> type, String older, String source, String what) {
    try {
      JsonNode tree = LINE.readTree(text);
      fill(tree, LINE.readTree(older));
      return read(LINE.writeValueAsString(tree), type, source, what);
    } catch (JacksonException e) {
      throw new FormatException(
          source + ": is not " + what + ": " + firstLine(e.getOriginalMessage()), e);
    }
  }

  /// Gives an object the properties that it lacks, and so on inside of those it has. An array
  /// stands for alternatives that differ in their `kind`; the first is also for what names none.
  private static void fill(JsonNode to, JsonNode older) {
    if (!(to instanceof ObjectNode object)) {
      return;
    }
    for (Map.Entry<String, JsonNode> property : older.properties()) {
      JsonNode found = object.get(property.getKey());
      if (found == null) {
        object.set(property.getKey(), property.getValue());
      } else if (property.getValue() instanceof ArrayNode alternatives) {
        JsonNode kind = found.path("kind");
        for (JsonNode alternative : alternatives) {
          if (kind.isMissingNode() || kind.equals(alternative.path("kind"))) {
            fill(found, alternative);
            break;
          }
        }
      } else {
        fill(found, property.getValue());
      }
    }
  }

  /// The whole number named `version` of an object, 0 if there is none.
  static int version(String text, String source, String what) {
    try {
      return LINE.readTree(text).path("version").asInt(0);
    } catch (JacksonException e) {
      throw new FormatException(
          source + ": is not " + what + ": " + firstLine(e.getOriginalMessage()), e);
    }
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("").strip();
  }
}
