package unfold.run;

import unfold.tensor.TensorType;

/// The first place in a run where a number was NaN or infinite.
///
/// @param step of the plan, −1 for what was there before the first
/// @param scope the layer, or the name of a feed or state
/// @param op that wrote it, or `feed` or `state`
/// @param value `%7`
public record NotFinite(
    int step, String scope, String op, String value, TensorType type, long nan, long infinite) {

  /// `layer1.0.conv1: conv2d (step 12) wrote 3 NaN and 0 infinite of 4096 numbers to %7 f32[…]`.
  @Override
  public String toString() {
    String who =
        step < 0
            ? op + " " + scope + " holds "
            : (scope.isEmpty() ? "" : scope + ": ") + op + " (step " + step + ") wrote ";
    return who
        + nan
        + " NaN and "
        + infinite
        + " infinite of "
        + type.shape().size()
        + " numbers"
        + (step < 0 ? " before the run: " : " to ")
        + value
        + " "
        + type;
  }
}
