package unfold.train;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import unfold.error.InputException;

/// Charts side by side in one picture, row by row.
///
/// @param columns charts in a row
public record Panels(int columns, List<Chart> charts) {
  public Panels {
    charts = List.copyOf(charts);
    if (columns < 1 || charts.isEmpty()) {
      throw new IllegalArgumentException(
          charts.size() + " charts in rows of " + columns + ": there must be one at least");
    }
  }

  /// Writes a PNG, whole or not at all.
  ///
  /// @throws InputException if it cannot be written, or this machine cannot draw
  public void write(Path file) {
    List<BufferedImage> drawn = charts.stream().map(Chart::image).toList();
    int width = drawn.stream().mapToInt(BufferedImage::getWidth).max().orElseThrow();
    int height = drawn.stream().mapToInt(BufferedImage::getHeight).max().orElseThrow();
    int rows = (drawn.size() + columns - 1) / columns;
    var all =
        new BufferedImage(
            width * Math.min(columns, drawn.size()), height * rows, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = all.createGraphics();
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, all.getWidth(), all.getHeight());
    for (int i = 0; i < drawn.size(); i++) {
      pen.drawImage(drawn.get(i), i % columns * width, i / columns * height, null);
    }
    pen.dispose();
    WholeFile.write(file, Chart.png(all));
  }
}
