package unfold.data.digits;

/// One way to write a digit: pen strokes as control points in a box of height 1, y downwards. A
/// smooth curve runs through the points of a stroke; at a corner it breaks without lifting the pen.
///
/// @source Curves: E. Catmull, R. Rom: A class of local interpolating splines (1974)
final class StrokeModel {
  final float[] x;
  final float[] y;

  /// The pen turns sharply here.
  final boolean[] corner;

  /// The pen was in the air before this point.
  final boolean[] start;

  /// How common this way is beside the others of its digit.
  final int weight;

  private StrokeModel(int weight, int points) {
    this.weight = weight;
    x = new float[points];
    y = new float[points];
    corner = new boolean[points];
    start = new boolean[points];
  }

  /// Reads `weight: x,y x,y! x,y / x,y x,y`: coordinates in hundredths, `!` after a corner, `/`
  /// where the pen is lifted. The box is centred at x = 0, y = 0 afterwards.
  static StrokeModel parse(String text) {
    int colon = text.indexOf(':');
    String[] words = text.substring(colon + 1).trim().split(" +");
    int points = 0;
    for (String word : words) {
      points += word.equals("/") ? 0 : 1;
    }
    var model = new StrokeModel(Integer.parseInt(text.substring(0, colon)), points);
    float left = Float.MAX_VALUE;
    float right = -Float.MAX_VALUE;
    boolean lifted = true;
    int i = 0;
    for (String word : words) {
      if (word.equals("/")) {
        lifted = true;
        continue;
      }
      boolean sharp = word.endsWith("!");
      int comma = word.indexOf(',');
      model.x[i] = Integer.parseInt(word.substring(0, comma)) / 100f;
      model.y[i] =
          Integer.parseInt(word.substring(comma + 1, word.length() - (sharp ? 1 : 0))) / 100f
              - 0.5f;
      model.corner[i] = sharp;
      model.start[i] = lifted;
      left = Math.min(left, model.x[i]);
      right = Math.max(right, model.x[i]);
      lifted = false;
      i++;
    }
    for (int k = 0; k < points; k++) {
      model.x[k] -= (left + right) / 2;
    }
    return model;
  }
}
