package unfold.testkit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import unfold.error.InputException;
import unfold.op.Activation;
import unfold.op.Attributes;
import unfold.op.Op;
import unfold.op.Window;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// The name of a sample, taken apart: an op, then in any order shapes (`2x3x4`), one code of
/// letters with numbers (`n2c4h5w5-o4k3x1s2`), settings (`axis=1`) and bare words (`bias`).
final class Words {
  private static final Pattern SHAPE = Pattern.compile("\\d+(x\\d+)*|\\(\\)");
  private static final Pattern CODE = Pattern.compile("([a-z]\\d+(x\\d+)*-?)+");
  private static final Pattern GROUP = Pattern.compile("([a-z])(\\d+(?:x\\d+)*)");

  private final String name;
  private final String op;
  private final List<Shape> shapes = new ArrayList<>();
  private final Map<Character, List<Integer>> code = new LinkedHashMap<>();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Set<String> bare = new HashSet<>();

  /// What anybody asked for: words, keys, letters, and shapes by number.
  private final Set<String> asked = new HashSet<>();

  Words(String name) {
    this.name = name;
    String[] words = name.strip().split(" +");
    this.op = words[0];
    for (int i = 1; i < words.length; i++) {
      String word = words[i];
      int equals = word.indexOf('=');
      if (equals > 0) {
        settings.put(word.substring(0, equals), word.substring(equals + 1));
      } else if (SHAPE.matcher(word).matches()) {
        shapes.add(Shape.parse(word));
      } else if (CODE.matcher(word).matches()) {
        GROUP
            .matcher(word)
            .results()
            .forEach(g -> code.put(g.group(1).charAt(0), Shape.parse(g.group(2)).toList()));
      } else {
        bare.add(word);
      }
    }
  }

  String name() {
    return name;
  }

  String op() {
    return op;
  }

  int shapeCount() {
    shapes.forEach(shape -> asked.add(shape.toString()));
    return shapes.size();
  }

  Shape shape(int i) {
    if (i >= shapes.size()) {
      throw error("needs " + (i + 1) + " shapes such as 2x3x4");
    }
    asked.add(shapes.get(i).toString());
    return shapes.get(i);
  }

  /// The number after a letter of the code.
  int number(char letter) {
    asked.add("" + letter);
    var numbers = code.get(letter);
    if (numbers == null) {
      throw error("needs a number for '" + letter + "', as in " + letter + "3");
    }
    return numbers.getFirst();
  }

  /// The numbers after a letter (`k3x5`), one standing for all; the default if there are none.
  int[] numbers(char letter, int count, int otherwise) {
    asked.add("" + letter);
    var numbers = code.getOrDefault(letter, List.of(otherwise));
    int[] out = new int[count];
    for (int i = 0; i < count; i++) {
      out[i] = numbers.get(i * numbers.size() / count);
    }
    return out;
  }

  /// `s` stride, `p` padding (one number, `HxW`, or `TOPxBOTTOMxLEFTxRIGHT`), `d` dilation.
  Window window() {
    int[] s = numbers('s', 2, 1);
    int[] p = numbers('p', 4, 0);
    int[] d = numbers('d', 2, 1);
    return Window.UNIT.stride(s[0], s[1]).pad(p[0], p[1], p[2], p[3]).dilation(d[0], d[1]);
  }

  boolean has(String word) {
    asked.add(word);
    return bare.contains(word);
  }

  String setting(String key, String otherwise) {
    asked.add(key);
    return settings.getOrDefault(key, otherwise);
  }

  double real(String key, double otherwise) {
    return Double.parseDouble(setting(key, Double.toString(otherwise)));
  }

  int integer(String key, int otherwise) {
    return Integer.parseInt(setting(key, Integer.toString(otherwise)));
  }

  /// `act=leaky_relu alpha=0.1`; identity without.
  Activation activation() {
    String word = setting("act", "identity");
    Activation.Kind kind = Attributes.of().with("act", word).constant("act", Activation.Kind.class);
    return new Activation(kind, kind == Activation.Kind.IDENTITY ? 0 : real("alpha", 0));
  }

  /// The settings as attributes of an op, over defaults such as `axis=1 eps=1e-5`.
  Attributes settings(String defaults) {
    var all = Attributes.parse(defaults);
    settings.forEach(all::with);
    return all;
  }

  /// What a result type written `out=same` or `out=wide` means beside this type.
  DType out(DType real, String otherwise) {
    return switch (setting("out", otherwise)) {
      case "same" -> real;
      case "wide" -> Operand.wide(real);
      default -> throw error("out must be 'same' or 'wide'");
    };
  }

  /// Complains about words that mean nothing here.
  ///
  /// @param op what was read from them
  void requireAllUsed(Op op) {
    var known = new HashSet<>(asked);
    known.addAll(op.attributes().asMap().keySet());
    var words = new ArrayList<String>(bare);
    words.addAll(settings.keySet());
    code.keySet().forEach(letter -> words.add("" + letter));
    shapes.forEach(shape -> words.add(shape.toString()));
    words.removeAll(known);
    if (!words.isEmpty()) {
      throw error("has words that mean nothing for " + op.name() + ": " + words);
    }
  }

  InputException error(String problem) {
    return new InputException("sample '" + name + "' " + problem);
  }
}
