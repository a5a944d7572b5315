package unfold.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import unfold.data.image.Picture;
import unfold.error.InputException;
import unfold.model.Depth;
import unfold.model.Model;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;

/// What layers give for one picture: a tile for each channel, with its number; for a layer without
/// places a square for each number.
///
/// All tiles of a layer have one scale, from the smallest number (or 0) to one that 999 of 1,000 do
/// not exceed. Of many channels those with the largest numbers are shown, the largest first.
public final class ActivationSheet {
  private static final int MAX_TILES = 144;
  private static final int COLUMNS = 16;
  private static final int GAP = 6;
  private static final int NUMBER = 12;
  private static final int CELL = 14;
  private static final int CELLS = 64;
  private static final int PICTURE = 160;
  private static final int HEAD = 2 * Canvas.LINE + 8;

  private ActivationSheet() {}

  /// Layers to look at where none are named: three with places, from the first to the deepest below
  /// the answer.
  public static List<String> usualLayers(Model model) {
    List<Depth> depths = Depth.of(model);
    List<Depth> below = depths.subList(0, Math.max(1, depths.size() - 1));
    List<Depth> maps = below.stream().filter(Depth::map).toList();
    return Depth.spread(maps.isEmpty() ? below : maps, 3).stream().map(Depth::layer).toList();
  }

  /// A layer's part of the sheet.
  private record Part(String layer, Tensor value, List<Integer> channels, double low, double high) {
    static Part of(String layer, Tensor value) {
      Shape s = value.shape();
      if (s.dim(0) != 1 || s.rank() != 4 && s.rank() != 2) {
        throw new InputException(
            layer + ": [" + s + "] cannot be shown: it must be 1×C×H×W or 1×D");
      }
      double[] sorted = value.toDoubles();
      Arrays.sort(sorted);
      double low = Math.min(0, sorted[0]);
      double high = sorted[(int) Math.ceil(0.999 * (sorted.length - 1))];
      return new Part(layer, value, s.rank() == 4 ? strongest(value) : List.of(), low, high);
    }

    private static List<Integer> strongest(Tensor value) {
      int channels = value.shape().dim(1);
      var all = IntStream.range(0, channels).boxed();
      if (channels <= MAX_TILES) {
        return all.toList();
      }
      double[] largest = new double[channels];
      long size = value.size() / channels;
      Arrays.fill(largest, Double.NEGATIVE_INFINITY);
      for (long i = 0; i < value.size(); i++) {
        int channel = (int) (i / size);
        largest[channel] = Math.max(largest[channel], value.get(i));
      }
      return all.sorted(Comparator.comparingDouble((Integer c) -> -largest[c]))
          .limit(MAX_TILES)
          .toList();
    }

    boolean maps() {
      return value.shape().rank() == 4;
    }

    /// Side of a tile: as large as the sheet has room for.
    int tile() {
      return channels.size() <= 16 ? 96 : channels.size() <= 64 ? 72 : 56;
    }

    int columns() {
      return Math.min(COLUMNS * 56 / tile(), channels.size());
    }

    int height() {
      int rows =
          maps()
              ? Math.ceilDiv(channels.size(), columns()) * (tile() + GAP + NUMBER)
              : Math.ceilDiv(value.shape().dim(1), CELLS) * CELL;
      return HEAD + rows + Canvas.MARGIN;
    }

    int width() {
      return maps() ? columns() * (tile() + GAP) : Math.min(CELLS, value.shape().dim(1)) * CELL;
    }

    String words() {
      Shape s = value.shape();
      String shape = s.toString().substring(2).replace('x', '×');
      int dead = dead();
      String shown =
          maps() && channels.size() < s.dim(1)
              ? ", the " + channels.size() + " strongest of " + s.dim(1) + " channels"
              : "";
      String silent =
          dead > 0
              ? ", " + dead + (dead == 1 ? " channel is" : " channels are") + " 0 everywhere"
              : "";
      return shape + shown + silent;
    }

    private int dead() {
      int channels = value.shape().dim(1);
      long size = value.size() / channels;
      int dead = 0;
      for (int c = 0; maps() && c < channels; c++) {
        boolean idle = true;
        for (long i = c * size; idle && i < (c + 1) * size; i++) {
          idle = value.get(i) == 0;
        }
        dead += idle ? 1 : 0;
      }
      return dead;
    }
  }

  /// @param title such as the model's name
  /// @param picture as the network sees it
  /// @param values of each layer, 1×C×H×W or 1×D, from the top of the sheet on
  public static Sheet of(String title, Picture picture, Map<String, Tensor> values) {
    var parts = new ArrayList<Part>();
    values.forEach((layer, value) -> parts.add(Part.of(layer, value)));
    int left = 2 * Canvas.MARGIN + PICTURE;
    int wide = parts.stream().mapToInt(p -> Math.max(460, p.width())).max().orElse(460);
    int high = parts.stream().mapToInt(Part::height).sum();
    int top = Canvas.MARGIN + Canvas.LINE + 10;
    var canvas =
        new Canvas(left + wide + Canvas.MARGIN, top + Math.max(high, PICTURE + Canvas.MARGIN));
    canvas.title(title, Canvas.MARGIN, Canvas.MARGIN);
    canvas.picture(picture, Canvas.MARGIN, top, PICTURE);
    for (Part part : parts) {
      draw(canvas, part, left, top);
      top += part.height();
    }
    return canvas.sheet();
  }

  private static void draw(Canvas canvas, Part part, int x, int y) {
    canvas.title(part.layer, x, y);
    canvas.words(part.words(), x, y + Canvas.LINE, Colours.FAINT);
    String low = number(part.low);
    canvas.ramp(low, number(part.high), x + 320 + Canvas.width(low), y, 80);
    for (int i = 0; i < part.channels.size(); i++) {
      int at = x + i % part.columns() * (part.tile() + GAP);
      int row = y + HEAD + i / part.columns() * (part.tile() + GAP + NUMBER);
      map(canvas, part, part.channels.get(i), at, row);
    }
    if (!part.maps()) {
      cells(canvas, part, x, y + HEAD);
    }
  }

  private static void map(Canvas canvas, Part part, int channel, int x, int y) {
    Shape s = part.value.shape();
    int rows = s.dim(2);
    int columns = s.dim(3);
    double scale = (double) part.tile() / Math.max(rows, columns);
    int h = Math.max(1, (int) Math.round(scale * rows));
    int w = Math.max(1, (int) Math.round(scale * columns));
    long from = (long) channel * rows * columns;
    Picture grey = Maps.grey(part.value, from, rows, columns, part.low, part.high, h, w);
    canvas.pixels(x, y, h, w, 1, (r, c) -> Maps.ramp(grey, r, c));
    canvas.small(Integer.toString(channel), x, y + part.tile(), Colours.FAINT);
  }

  private static void cells(Canvas canvas, Part part, int x, int y) {
    for (int i = 0; i < part.value.size(); i++) {
      double share = (part.value.get(i) - part.low) / Math.max(part.high - part.low, 1e-30);
      canvas.box(
          x + i % CELLS * CELL, y + i / CELLS * CELL, CELL - 1, CELL - 1, Colours.ramp(share));
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }
}
