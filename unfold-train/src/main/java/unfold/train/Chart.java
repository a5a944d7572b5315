package unfold.train;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import unfold.error.InputException;

/// Lines over a common axis, to be drawn as a picture or in characters.
///
/// @param right title of a second axis at the right, if there is one
/// @param logarithmic whether the horizontal axis is
public record Chart(
    String title,
    String below,
    String left,
    Optional<String> right,
    boolean logarithmic,
    List<Line> lines) {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 540;
  private static final int ROWS = 12;
  private static final int COLUMNS = 60;

  /// Points in the order of x. Those that are not finite are left out.
  ///
  /// @param symbol for the drawing in characters, where only lines of the left axis appear
  /// @param atRight whether it belongs to the axis at the right
  public record Line(String name, char symbol, boolean atRight, List<Double> x, List<Double> y) {
    public Line {
      x = List.copyOf(x);
      y = List.copyOf(y);
      if (x.size() != y.size()) {
        throw new IllegalArgumentException(
            name + ": " + x.size() + " places, but " + y.size() + " values");
      }
    }
  }

  public Chart {
    lines = lines.stream().map(Chart::finite).filter(line -> !line.x().isEmpty()).toList();
  }

  private static Line finite(Line line) {
    var x = new ArrayList<Double>();
    var y = new ArrayList<Double>();
    for (int i = 0; i < line.x().size(); i++) {
      if (Double.isFinite(line.x().get(i)) && Double.isFinite(line.y().get(i))) {
        x.add(line.x().get(i));
        y.add(line.y().get(i));
      }
    }
    return new Line(line.name(), line.symbol(), line.atRight(), x, y);
  }

  /// Writes a PNG, whole or not at all; nothing if there is no point to draw.
  ///
  /// @throws InputException if it cannot be written, or this machine cannot draw
  public void write(Path file) {
    if (!lines.isEmpty()) {
      WholeFile.write(file, png(image()));
    }
  }

  /// @throws InputException if this machine cannot draw
  BufferedImage image() {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(below)
            .yAxisTitle(left)
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
    chart.getStyler().setXAxisLogarithmic(logarithmic);
    right.ifPresent(name -> {
      chart.setYAxisGroupTitle(1, name);
      chart.getStyler().setYAxisGroupPosition(1, Styler.YAxisPosition.Right);
    });
    for (Line line : lines) {
      var series = chart.addSeries(line.name(), line.x(), line.y());
      series.setMarker(line.x().size() <= 50 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
      series.setYAxisGroup(line.atRight() ? 1 : 0);
    }
    try {
      return BitmapEncoder.getBufferedImage(chart);
    } catch (LinkageError | InternalError e) {
      // No fonts or no graphics library on this machine.
      throw new InputException("nothing can be drawn on this machine: " + e, e);
    }
  }

  static byte[] png(BufferedImage image) {
    var bytes = new ByteArrayOutputStream();
    // In memory: with a file as its cache, ImageIO cannot draw while the process is shutting down.
    try (var out = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// The lines of the left axis in characters, `@` where two meet; empty if there are none.
  public String text() {
    List<Line> drawn = lines.stream().filter(line -> !line.atRight()).toList();
    if (drawn.isEmpty()) {
      return "";
    }
    Range x = Range.of(drawn.stream().flatMap(line -> line.x().stream()).map(this::place).toList());
    Range y = Range.of(drawn.stream().flatMap(line -> line.y().stream()).toList());
    char[][] grid = new char[ROWS][COLUMNS];
    for (char[] row : grid) {
      Arrays.fill(row, ' ');
    }
    for (Line line : drawn) {
      for (int i = 0; i < line.x().size(); i++) {
        int column = (int) Math.round(x.share(place(line.x().get(i))) * (COLUMNS - 1));
        int row = (int) Math.round((1 - y.share(line.y().get(i))) * (ROWS - 1));
        char old = grid[row][column];
        grid[row][column] = old == ' ' || old == line.symbol() ? line.symbol() : '@';
      }
    }
    var text = new StringBuilder();
    for (int r = 0; r < ROWS; r++) {
      double level = y.low() + (y.high() - y.low()) * (ROWS - 1 - r) / (ROWS - 1);
      text.append(Text.format("%10s |", Text.number(level, 4)))
          .append(new String(grid[r]).stripTrailing())
          .append('\n');
    }
    return text.append(" ".repeat(11))
        .append('+')
        .append("-".repeat(COLUMNS))
        .append('\n')
        .append(" ".repeat(12))
        .append(below)
        .append(
            Text.format(
                " %s … %s   ", Text.number(back(x.low()), 3), Text.number(back(x.high()), 3)))
        .append(
            drawn.stream()
                .map(line -> line.symbol() + " " + line.name())
                .collect(Collectors.joining("   ")))
        .append('\n')
        .toString();
  }

  private double place(double x) {
    return logarithmic ? Math.log(x) : x;
  }

  private double back(double place) {
    return logarithmic ? Math.exp(place) : place;
  }

  private record Range(double low, double high) {
    static Range of(List<Double> values) {
      var statistics = values.stream().mapToDouble(Double::doubleValue).summaryStatistics();
      return new Range(statistics.getMin(), statistics.getMax());
    }

    /// 0 at the low end, 1 at the high one.
    double share(double value) {
      return high > low ? (value - low) / (high - low) : 0;
    }
  }
}
