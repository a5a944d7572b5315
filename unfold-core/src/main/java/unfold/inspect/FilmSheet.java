package unfold.inspect;

import java.util.List;
import unfold.data.image.Picture;

/// Films as strips: a row of frames for each, with the label of every frame and what a network took
/// it for.
public final class FilmSheet {
  private static final int SIDE = 64;
  private static final int GAP = 6;
  private static final int LEFT = 64;

  private FilmSheet() {}

  /// @param frames of one film
  /// @param labels what each frame is
  /// @param answers what the network took each frame for
  public record Strip(List<Picture> frames, List<String> labels, List<String> answers) {
    public Strip {
      frames = List.copyOf(frames);
      labels = List.copyOf(labels);
      answers = List.copyOf(answers);
      if (labels.size() != frames.size() || answers.size() != frames.size()) {
        throw new IllegalArgumentException(
            frames.size()
                + " frames have "
                + labels.size()
                + " labels and "
                + answers.size()
                + " answers");
      }
    }
  }

  /// @param words a line below the title
  public static Sheet of(String title, String words, List<Strip> strips) {
    int columns = strips.stream().mapToInt(s -> s.frames.size()).max().orElse(0);
    int stepX = SIDE + GAP;
    int stepY = SIDE + 2 * Canvas.LINE + 2 * GAP;
    int top = Canvas.MARGIN + 2 * Canvas.LINE + 12;
    int width = Math.max(LEFT + columns * stepX, Canvas.width(words)) + 2 * Canvas.MARGIN;
    var canvas = new Canvas(width, top + strips.size() * stepY + Canvas.MARGIN);
    canvas.title(title);
    canvas.words(words, Canvas.MARGIN, Canvas.MARGIN + Canvas.LINE + 2, Colours.FAINT);
    for (int row = 0; row < strips.size(); row++) {
      Strip strip = strips.get(row);
      int y = top + row * stepY;
      canvas.words("is", Canvas.MARGIN, y + SIDE + 2, Colours.FAINT);
      canvas.words("seen as", Canvas.MARGIN, y + SIDE + 2 + Canvas.LINE, Colours.FAINT);
      for (int t = 0; t < strip.frames.size(); t++) {
        int x = Canvas.MARGIN + LEFT + t * stepX;
        canvas.picture(strip.frames.get(t), x, y, SIDE);
        String label = strip.labels.get(t);
        String answer = strip.answers.get(t);
        int colour = label.equals(answer) ? Colours.RIGHT : Colours.WRONG;
        canvas.wordsAround(label, x + SIDE / 2, y + SIDE + 2, Colours.INK);
        canvas.wordsAround(answer, x + SIDE / 2, y + SIDE + 2 + Canvas.LINE, colour);
      }
    }
    return canvas.sheet();
  }
}
