package unfold.model;

import java.util.LinkedHashMap;
import java.util.Map;
import unfold.error.InputException;
import unfold.tensor.Shape;

/// What can be chosen about a model: how many classes, which pictures, and what its family adds.
///
/// @param more settings of the family by name, such as `shortcut` → `A`
public record Options(int classes, int channels, int height, int width, Map<String, String> more) {
  public Options {
    if (classes < 1 || channels < 1 || height < 1 || width < 1) {
      throw new InputException(
          "a model needs at least one class, channel, row and column, not classes="
              + classes
              + " channels="
              + channels
              + " height="
              + height
              + " width="
              + width);
    }
    more = Map.copyOf(more);
  }

  /// Square pictures, nothing more.
  public Options(int classes, int channels, int size) {
    this(classes, channels, size, size, Map.of());
  }

  public Options classes(int count) {
    return new Options(count, channels, height, width, more);
  }

  public Options channels(int count) {
    return new Options(classes, count, height, width, more);
  }

  /// The pictures' height and width.
  public Options size(int h, int w) {
    return new Options(classes, channels, h, w, more);
  }

  /// One setting of the family.
  public Options with(String key, Object value) {
    var all = new LinkedHashMap<>(more);
    all.put(key, value.toString());
    return new Options(classes, channels, height, width, all);
  }

  /// A picture's shape C×H×W.
  public Shape picture() {
    return Shape.of(channels, height, width);
  }

  /// A setting of the family as a word.
  public String word(String key) {
    String word = more.get(key);
    if (word == null) {
      throw new InputException("this model has no option '" + key + "'; there are " + toMap());
    }
    return word;
  }

  public boolean flag(String key) {
    return switch (word(key)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new InputException(key + "=" + word(key) + " must be true or false");
    };
  }

  public int integer(String key) {
    return integer(key, word(key));
  }

  public double real(String key) {
    try {
      return Double.parseDouble(word(key));
    } catch (NumberFormatException _) {
      throw new InputException(key + "=" + word(key) + " must be a number");
    }
  }

  /// A share of things that are dropped: 0 for none, less than 1.
  public double rate(String key) {
    double rate = real(key);
    if (!(rate >= 0 && rate < 1)) {
      throw new InputException(key + "=" + word(key) + " must be at least 0 and less than 1");
    }
    return rate;
  }

  /// All settings as words, the family's in alphabetical order.
  public Map<String, String> toMap() {
    var map = new LinkedHashMap<String, String>();
    map.put("classes", Integer.toString(classes));
    map.put("channels", Integer.toString(channels));
    map.put("height", Integer.toString(height));
    map.put("width", Integer.toString(width));
    more.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> map.put(e.getKey(), e.getValue()));
    return map;
  }

  /// These options with those of the map in their place. Keys that are not among these are refused.
  public Options with(Map<String, String> words) {
    Options all = this;
    for (var entry : words.entrySet()) {
      all = all.withWord(entry.getKey(), entry.getValue());
    }
    return all;
  }

  private Options withWord(String key, String word) {
    return switch (key) {
      case "classes" -> classes(integer(key, word));
      case "channels" -> channels(integer(key, word));
      case "height" -> size(integer(key, word), width);
      case "width" -> size(height, integer(key, word));
      case "size" -> size(integer(key, word), integer(key, word));
      default -> {
        if (!more.containsKey(key)) {
          throw new InputException(
              "this model has no option '" + key + "'; there are " + toMap().keySet());
        }
        yield with(key, word);
      }
    };
  }

  private static int integer(String key, String word) {
    try {
      return Integer.parseInt(word);
    } catch (NumberFormatException _) {
      throw new InputException(key + "=" + word + " must be a whole number");
    }
  }
}
