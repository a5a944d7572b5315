package unfold.inspect;

import java.util.Locale;
import unfold.data.image.Picture;
import unfold.tensor.Shape;

/// A picture, and the same picture under a network's heat for a class.
public final class HeatSheet {
  private static final int SIDE = 336;
  private static final double LEAST = 0.25;
  private static final double MOST = 0.65;

  private HeatSheet() {}

  /// @param title such as the model's name
  /// @param className of the class that the heat is for
  /// @param picture as the network sees it
  public static Sheet of(String title, String className, Picture picture, GradCam.Heat heat) {
    int top = Canvas.MARGIN + 2 * Canvas.LINE + 10;
    int width = 2 * SIDE + 3 * Canvas.MARGIN;
    var canvas = new Canvas(width, top + SIDE + Canvas.LINE + 2 * Canvas.MARGIN);
    Shape s = heat.map().shape();
    double most = 0;
    for (long i = 0; i < heat.map().size(); i++) {
      most = Math.max(most, heat.map().get(i));
    }
    canvas.title(title + "  ·  where it sees '" + className + "'");
    canvas.words(
        String.format(
            Locale.ROOT,
            "Grad-CAM of %s (%d×%d places), logit %.2f, probability %.1f %%",
            heat.layer(),
            s.dim(0),
            s.dim(1),
            heat.logits().get(heat.target()),
            100 * probability(heat)),
        Canvas.MARGIN,
        Canvas.MARGIN + Canvas.LINE + 2,
        Colours.FAINT);
    canvas.picture(picture, Canvas.MARGIN, top, SIDE);
    Picture over = Maps.grey(heat.map(), 0, s.dim(0), s.dim(1), 0, most, SIDE, SIDE);
    Picture under = fitted(picture);
    canvas.pixels(
        2 * Canvas.MARGIN + SIDE,
        top,
        SIDE,
        SIDE,
        1,
        (r, c) -> {
          double share = over.get(r, c, 0) / 255.0;
          double part = LEAST + (MOST - LEAST) * share;
          return Colours.mix(Canvas.colour(under, r, c), Maps.ramp(over, r, c), part);
        });
    canvas.ramp(
        "0",
        String.format(Locale.ROOT, "%.3g", most),
        2 * Canvas.MARGIN + SIDE + 20,
        top + SIDE + 6,
        SIDE / 2);
    return canvas.sheet();
  }

  private static Picture fitted(Picture picture) {
    return unfold.data.image.Resize.to(picture, SIDE, SIDE);
  }

  private static double probability(GradCam.Heat heat) {
    double largest = Double.NEGATIVE_INFINITY;
    for (long i = 0; i < heat.logits().size(); i++) {
      largest = Math.max(largest, heat.logits().get(i));
    }
    double sum = 0;
    for (long i = 0; i < heat.logits().size(); i++) {
      sum += Math.exp(heat.logits().get(i) - largest);
    }
    return Math.exp(heat.logits().get(heat.target()) - largest) / sum;
  }
}
