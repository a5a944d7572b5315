package unfold.data.digits;

import java.util.Arrays;

/// A grey canvas on which a round pen leaves ink: darkness 0 … 1 a pixel, the darkest stroke wins.
final class Ink {
  static final int SIDE = DigitPainter.SIDE;

  private final float[] dark = new float[SIDE * SIDE];

  void clear() {
    Arrays.fill(dark, 0f);
  }

  /// A straight piece of stroke from (x0, y0) to (x1, y1), in pixels, pixel centres at integers.
  ///
  /// Darkness is `amount` where a pixel lies inside, and falls linearly to 0 over `soft` pixels
  /// across the edge; the pen's radius and amount change linearly along the piece.
  void line(
      float x0, float y0, float r0, float a0, float x1, float y1, float r1, float a1, float soft) {
    float reach = Math.max(r0, r1) + soft * 0.5f;
    int left = Math.max(0, (int) Math.ceil(Math.min(x0, x1) - reach));
    int right = Math.min(SIDE - 1, (int) Math.floor(Math.max(x0, x1) + reach));
    int top = Math.max(0, (int) Math.ceil(Math.min(y0, y1) - reach));
    int bottom = Math.min(SIDE - 1, (int) Math.floor(Math.max(y0, y1) + reach));
    float ex = x1 - x0;
    float ey = y1 - y0;
    float perLength = 1f / Math.max(1e-6f, ex * ex + ey * ey);
    float perSoft = 1f / soft;
    for (int row = top; row <= bottom; row++) {
      float py = row - y0;
      for (int column = left; column <= right; column++) {
        float px = column - x0;
        float t = Math.max(0f, Math.min(1f, (px * ex + py * ey) * perLength));
        float dx = px - t * ex;
        float dy = py - t * ey;
        float distance = (float) Math.sqrt(dx * dx + dy * dy);
        float inside = Math.min(1f, (r0 + t * (r1 - r0) - distance) * perSoft + 0.5f);
        int at = row * SIDE + column;
        dark[at] = Math.max(dark[at], inside * (a0 + t * (a1 - a0)));
      }
    }
  }

  /// A smear: darkness `amount` at (x, y), falling to 0 at distance `radius`, added to what is
  /// there.
  void smear(float x, float y, float radius, float amount) {
    int left = Math.max(0, (int) (x - radius));
    int right = Math.min(SIDE - 1, (int) (x + radius) + 1);
    int top = Math.max(0, (int) (y - radius));
    int bottom = Math.min(SIDE - 1, (int) (y + radius) + 1);
    float perSquare = 1f / (radius * radius);
    for (int row = top; row <= bottom; row++) {
      for (int column = left; column <= right; column++) {
        float dx = column - x;
        float dy = row - y;
        float near = 1f - (dx * dx + dy * dy) * perSquare;
        if (near > 0) {
          dark[row * SIDE + column] += amount * near * near;
        }
      }
    }
  }

  /// Adds to the darkness of one pixel.
  void dot(int pixel, float amount) {
    dark[pixel] += amount;
  }

  /// Writes the canvas as 0 (paper) … 255 (ink).
  void write(byte[] out) {
    for (int i = 0; i < dark.length; i++) {
      out[i] = (byte) (int) (Math.min(1f, dark[i]) * 255f + 0.5f);
    }
  }
}
