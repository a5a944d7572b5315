package unfold.data.digits;

import unfold.random.Stream;

/// Draws handwritten digits: picture i of a split is a function of (split, i) alone.
///
/// A way of writing is chosen, its control points are shaken, the whole is bent, stretched,
/// slanted, turned and moved, and a pen of varying width and pressure follows the curve; some
/// strokes break, some paper is dirty or shows a piece of a neighbour. Only exactly rounded
/// arithmetic and `StrictMath` are used, so every machine draws the same bits.
///
/// Not thread-safe: each thread has its own.
public final class DigitPainter {
  /// Goes up when a change to this package changes any picture.
  public static final int VERSION = 1;

  public static final int SIDE = 28;

  private static final long SEED = 0x756E666F6C64L;
  private static final StrokeModel[][] MODELS = StrokeModels.parse();
  private static final int MAX_POINTS = 40;

  private final Ink ink = new Ink();
  private final float[] x = new float[MAX_POINTS];
  private final float[] y = new float[MAX_POINTS];
  private final float[] radius = new float[MAX_POINTS];
  private Stream random = Stream.of(SEED, "", 0);
  private int word;
  private boolean half;

  /// The pen.
  private float soft;

  private float amount;
  private float nib;
  private float gapFrom;
  private float gapTo;
  private float gapDepth;

  /// How far the pen went on paper so far, in pixels.
  private float travelled;

  /// The digit that picture i shows: the classes take turns, every ten pictures in another order.
  public static int label(int i) {
    return (int) ((i * 7L + i / 10 * 3L) % 10);
  }

  /// Draws picture i of a split into `out` (28×28, row by row, 0 is paper).
  public void paint(String split, int i, byte[] out) {
    random = Stream.of(SEED, "digits/" + split, i);
    half = false;
    ink.clear();
    StrokeModel model = choose(MODELS[label(i)]);
    place(model);
    choosePen(model.x.length);
    draw(model);
    dirty();
    ink.write(out);
  }

  private StrokeModel choose(StrokeModel[] ways) {
    int total = 0;
    for (StrokeModel way : ways) {
      total += way.weight;
    }
    int left = random.nextInt(total);
    for (StrokeModel way : ways) {
      left -= way.weight;
      if (left < 0) {
        return way;
      }
    }
    return ways[0];
  }

  /// Control points in pixels: shaken, bent, stretched, slanted, turned, moved.
  ///
  /// The ends of strokes are shaken most, as hands start and stop carelessly.
  private void place(StrokeModel model) {
    float height = 17.5f + 3.8f * wobble();
    float aspect = 1f + 0.38f * wobble();
    float slant = 0.12f + 0.5f * wobble();
    float angle = 0.33f * wobble();
    float sin = (float) StrictMath.sin(angle);
    float cos = (float) StrictMath.cos(angle);
    float centreX = (SIDE - 1) / 2f + 2.6f * wobble();
    float centreY = (SIDE - 1) / 2f + 2.4f * wobble();
    float bendX = 0.5f * wobble();
    float bendY = 0.5f * wobble();
    float wedgeX = 0.5f * wobble();
    float wedgeY = 0.4f * wobble();
    float lens = 0.6f * wobble();
    float wave = 0.9f * wobble();
    float care = uniform();
    float shake = 0.045f + 0.1f * care * care;
    int n = model.x.length;
    for (int k = 0; k < n; k++) {
      boolean end = model.start[k] || k + 1 == n || model.start[k + 1];
      float loose = end ? 1.4f * shake : shake;
      float u = model.x[k] + loose * wobble();
      float v = model.y[k] + loose * wobble();
      float bentU = u * (1f + wedgeX * v) + bendX * (v * v - 0.08f) + wave * v * (v * v - 0.15f);
      float bentV = v * (1f + wedgeY * u + lens * (v * v - 0.15f)) + bendY * (u * u - 0.04f);
      float slanted = bentU * aspect - slant * bentV;
      x[k] = centreX + height * (cos * slanted - sin * bentV);
      y[k] = centreY + height * (sin * slanted + cos * bentV);
    }
  }

  private void choosePen(int points) {
    float width = 1.25f + 0.55f * wobble();
    for (int k = 0; k < points; k++) {
      radius[k] = width * (1f + 0.28f * wobble());
    }
    soft = 1.1f + 0.5f * wobble();
    amount = 0.9f + 0.12f * wobble();
    nib = 0.3f * Math.max(0f, wobble());
    travelled = 0;
    gapFrom = Float.MAX_VALUE;
    gapTo = Float.MAX_VALUE;
    if (chance(0.14f)) {
      gapFrom = 4f + 40f * uniform();
      gapTo = gapFrom + 2.5f + 2.5f * uniform();
      gapDepth = 0.4f * uniform();
    }
  }

  private void draw(StrokeModel model) {
    int n = model.x.length;
    for (int k = 0; k + 1 < n; k++) {
      if (model.start[k + 1]) {
        continue;
      }
      int before = model.start[k] || model.corner[k] ? k : k - 1;
      int after = model.corner[k + 1] || k + 2 >= n || model.start[k + 2] ? k + 1 : k + 2;
      span(before, k, k + 1, after);
    }
  }

  /// The curve from point b to c, with a and d as its neighbours, in short straight pieces.
  private void span(int a, int b, int c, int d) {
    float chord = Math.abs(x[c] - x[b]) + Math.abs(y[c] - y[b]);
    int pieces = Math.clamp((int) (chord * 0.55f) + 1, 2, 14);
    float tangentBx = (x[c] - x[a]) * 0.5f;
    float tangentBy = (y[c] - y[a]) * 0.5f;
    float tangentCx = (x[d] - x[b]) * 0.5f;
    float tangentCy = (y[d] - y[b]) * 0.5f;
    float fromX = x[b];
    float fromY = y[b];
    float fromAmount = pressure();
    float step = 1f / pieces;
    for (int k = 1; k <= pieces; k++) {
      float t = k * step;
      float s = 1f - t;
      float wb = s * s * (1f + 2f * t);
      float wc = t * t * (3f - 2f * t);
      float tb = s * s * t;
      float tc = -s * t * t;
      float toX = wb * x[b] + wc * x[c] + tb * tangentBx + tc * tangentCx;
      float toY = wb * y[b] + wc * y[c] + tb * tangentBy + tc * tangentCy;
      float dx = toX - fromX;
      float dy = toY - fromY;
      float length = (float) Math.sqrt(dx * dx + dy * dy);
      travelled += length;
      float toAmount = pressure();
      float flat = Math.abs(dx) / Math.max(1e-3f, length);
      float press = 1f - nib * flat;
      float r0 = (radius[b] + (t - step) * (radius[c] - radius[b])) * press;
      float r1 = (radius[b] + t * (radius[c] - radius[b])) * press;
      ink.line(fromX, fromY, r0, fromAmount, toX, toY, r1, toAmount, soft);
      fromX = toX;
      fromY = toY;
      fromAmount = toAmount;
    }
  }

  private float pressure() {
    return travelled >= gapFrom && travelled < gapTo ? amount * gapDepth : amount;
  }

  /// What paper and scanner add.
  private void dirty() {
    if (chance(0.14f)) {
      neighbour();
    }
    if (chance(0.06f)) {
      float row = SIDE * uniform();
      float tilt = 2f * wobble();
      float grey = 0.15f + 0.25f * uniform();
      ink.line(0, row - tilt, 0.4f, grey, SIDE, row + tilt, 0.4f, grey, 1f);
    }
    if (chance(0.15f)) {
      for (int k = random.nextInt(3); k >= 0; k--) {
        ink.smear(
            SIDE * uniform(), SIDE * uniform(), 2f + 4f * uniform(), 0.15f + 0.35f * uniform());
      }
    }
    if (chance(0.10f)) {
      for (int k = random.nextInt(16); k >= 0; k--) {
        ink.dot(random.nextInt(SIDE * SIDE), 0.1f + 0.5f * uniform());
      }
    }
  }

  /// A piece of the next digit at the left or right edge.
  private void neighbour() {
    float side = chance(0.5f) ? -0.5f : SIDE - 0.5f;
    float inwards = side < 0 ? 1f : -1f;
    float row = SIDE * uniform();
    float r = 0.8f + 0.6f * uniform();
    float midX = side + inwards * 3f * uniform();
    float midY = row + 5f * wobble();
    ink.line(side, row, r, amount, midX, midY, r, amount, soft);
    ink.line(midX, midY, r, amount, side - inwards, midY + 6f * wobble(), r, amount, soft);
  }

  private boolean chance(float p) {
    return uniform() < p;
  }

  /// Uniform in [0, 1) in steps of 2⁻¹⁶.
  private float uniform() {
    half = !half;
    if (half) {
      word = random.nextInt();
      return (word >>> 16) * 0x1p-16f;
    }
    return (word & 0xFFFF) * 0x1p-16f;
  }

  /// Symmetric around 0 in (−1, 1), small values more likely: the difference of two uniform
  /// numbers. Its standard deviation is 0.41.
  private float wobble() {
    int w = random.nextInt();
    return ((w >>> 16) - (w & 0xFFFF)) * 0x1p-16f;
  }
}
