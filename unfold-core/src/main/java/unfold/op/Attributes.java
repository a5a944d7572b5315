package unfold.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// Settings of an op as words in order: `stride=2,2 groups=1`. Empty lists print as `-`.
public final class Attributes {
  private final Map<String, String> words = new LinkedHashMap<>();

  public static Attributes of() {
    return new Attributes();
  }

  /// Reads what [#toString] writes.
  public static Attributes parse(String text) {
    var a = new Attributes();
    for (String pair : text.isBlank() ? new String[0] : text.trim().split(" +")) {
      int eq = pair.indexOf('=');
      if (eq < 1) {
        throw new IllegalArgumentException("'" + pair + "' is not an attribute such as stride=2,2");
      }
      a.words.put(pair.substring(0, eq), pair.substring(eq + 1));
    }
    return a;
  }

  public Attributes with(String key, int... values) {
    words.put(key, join(Arrays.stream(values).mapToObj(Integer::toString).toList()));
    return this;
  }

  public Attributes with(String key, List<? extends Number> values) {
    words.put(key, join(values.stream().map(Object::toString).toList()));
    return this;
  }

  public Attributes with(String key, int value) {
    words.put(key, Integer.toString(value));
    return this;
  }

  public Attributes with(String key, double value) {
    words.put(key, Double.toString(value));
    return this;
  }

  public Attributes with(String key, boolean value) {
    words.put(key, Boolean.toString(value));
    return this;
  }

  public Attributes with(String key, String word) {
    words.put(key, word);
    return this;
  }

  public Attributes with(String key, Shape shape) {
    return with(key, shape.toString());
  }

  public Attributes with(String key, DType dtype) {
    return with(key, dtype.toString());
  }

  public Attributes with(String key, Enum<?> constant) {
    return with(key, constant.name().toLowerCase(Locale.ROOT));
  }

  public String word(String key) {
    String w = words.get(key);
    if (w == null) {
      throw new IllegalArgumentException("attribute '" + key + "' is missing");
    }
    return w;
  }

  public int integer(String key) {
    return Integer.parseInt(word(key));
  }

  public double real(String key) {
    return Double.parseDouble(word(key));
  }

  public boolean flag(String key) {
    return Boolean.parseBoolean(word(key));
  }

  public List<Integer> integers(String key) {
    return split(key).stream().map(Integer::valueOf).toList();
  }

  public List<Double> reals(String key) {
    return split(key).stream().map(Double::valueOf).toList();
  }

  public Shape shape(String key) {
    return Shape.parse(word(key));
  }

  public DType dtype(String key) {
    return DType.parse(word(key));
  }

  public <E extends Enum<E>> E constant(String key, Class<E> type) {
    return Enum.valueOf(type, word(key).toUpperCase(Locale.ROOT));
  }

  /// The settings by name, in order, as they print.
  public Map<String, String> asMap() {
    return new LinkedHashMap<>(words);
  }

  private static String join(List<String> values) {
    return values.isEmpty() ? "-" : String.join(",", values);
  }

  private List<String> split(String key) {
    String w = word(key);
    return w.equals("-") ? List.of() : List.of(w.split(","));
  }

  @Override
  public String toString() {
    var pairs = new ArrayList<String>();
    words.forEach((key, word) -> pairs.add(key + "=" + word));
    return String.join(" ", pairs);
  }
}
