package unfold.data.augment;

import java.util.List;
import unfold.error.InputException;

/// What stands in the parentheses of a transform's text.
record Arguments(String name, List<String> values) {
  private static final int MAX_SIDE = 16_384;

  static void requireSide(String who, int side) {
    if (side < 1 || side > MAX_SIDE) {
      throw new InputException(who + " of " + side + " pixels: 1 to " + MAX_SIDE + " can be");
    }
  }

  /// A side of a square, or `height x width`.
  static String size(int height, int width) {
    return height == width ? Integer.toString(height) : height + "x" + width;
  }

  /// A number without needless digits: `4` rather than `4.0`.
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  void count(int least, int most) {
    if (values.size() < least || values.size() > most) {
      throw new InputException(
          name
              + " takes "
              + (least == most ? least : least + " to " + most)
              + " numbers, but "
              + this
              + " has "
              + values.size());
    }
  }

  int integer(int k) {
    try {
      return Integer.parseInt(values.get(k));
    } catch (NumberFormatException e) {
      throw new InputException(this + ": '" + values.get(k) + "' is not a whole number", e);
    }
  }

  double real(int k) {
    try {
      return Double.parseDouble(values.get(k));
    } catch (NumberFormatException e) {
      throw new InputException(this + ": '" + values.get(k) + "' is not a number", e);
    }
  }

  /// Whether argument k is of the form `height x width`.
  boolean isSize(int k) {
    return values.get(k).indexOf('x') >= 0;
  }

  int height(int k) {
    return side(k, 0);
  }

  int width(int k) {
    return side(k, 1);
  }

  private int side(int k, int which) {
    String[] sides = values.get(k).split("x", -1);
    try {
      return Integer.parseInt(sides[sides.length == 2 ? which : 0]);
    } catch (NumberFormatException e) {
      throw new InputException(
          this + ": '" + values.get(k) + "' is not a size such as 224 or 192x256", e);
    }
  }

  @Override
  public String toString() {
    return name + "(" + String.join(",", values) + ")";
  }
}
