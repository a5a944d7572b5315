package unfold.inspect;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import unfold.error.InputException;
import unfold.graph.Graph;
import unfold.graph.Layers;
import unfold.graph.Node;
import unfold.model.Model;
import unfold.op.Convolution.Conv2d;
import unfold.run.States;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;

/// The filters of a convolution as small pictures.
///
/// Filters on three channels are shown in colour, those on one in grey; grey is 0, and each filter
/// is stretched to its own largest number. Filters on more channels are rows of grey tiles, one for
/// each channel that is read.
public final class FilterSheet {
  private static final int COLUMNS = 16;
  private static final int ROWS = 24;
  private static final int TILE = 44;
  private static final int GAP = 4;

  private FilterSheet() {}

  /// The filters of the first convolution, which look at the picture itself.
  public static Sheet first(Model model, States states) {
    return of(model, states, convolutions(model.inference(1).graph()).getFirst().scope());
  }

  /// The filters of the convolution at this path, or of the first in it.
  ///
  /// @throws InputException if there is no such layer or no convolution in it
  public static Sheet of(Model model, States states, String layer) {
    Graph graph = model.inference(1).graph();
    Layers.require(graph, layer);
    List<Node> all = convolutions(graph);
    Node found =
        all.stream()
            .filter(n -> n.scope().equals(layer) || n.scope().startsWith(layer + "."))
            .findFirst()
            .orElseThrow(() ->
                new InputException(
                    layer
                        + ": no convolution; those of "
                        + model.name()
                        + " are "
                        + all.stream().map(Node::scope).collect(Collectors.joining(", "))));
    String weight = weight(graph, found).orElseThrow();
    return draw(model.name(), found.scope(), states.get(weight));
  }

  private static List<Node> convolutions(Graph graph) {
    List<Node> found =
        graph.nodes().stream()
            .filter(n -> n.op() instanceof Conv2d && weight(graph, n).isPresent())
            .toList();
    if (found.isEmpty()) {
      throw new InputException(graph.name() + ": has no convolution, and so no filters");
    }
    return found;
  }

  /// The name of the state that a convolution's filters are.
  private static Optional<String> weight(Graph graph, Node convolution) {
    return graph.states().stream()
        .filter(s -> s.value().equals(convolution.input(1)))
        .map(Graph.Input::name)
        .findFirst();
  }

  private static Sheet draw(String model, String layer, Tensor weights) {
    Shape s = weights.shape();
    boolean pictures = s.dim(1) == 3 || s.dim(1) == 1;
    int perFilter = pictures ? 1 : Math.min(COLUMNS, s.dim(1));
    int columns = pictures ? Math.min(COLUMNS, s.dim(0)) : perFilter;
    int filters = pictures ? Math.min(ROWS * COLUMNS, s.dim(0)) : Math.min(ROWS, s.dim(0));
    int rows = Math.ceilDiv(filters * perFilter, columns);
    int scale = Math.max(1, TILE / Math.max(s.dim(2), s.dim(3)));
    int stepX = s.dim(3) * scale + GAP;
    int stepY = s.dim(2) * scale + GAP;
    int top = Canvas.MARGIN + 2 * Canvas.LINE + 10;
    String words = words(s, filters, perFilter, pictures, weights);
    int width = Math.max(columns * stepX, Math.max(420, Canvas.width(words)));
    var canvas = new Canvas(2 * Canvas.MARGIN + width, top + rows * stepY + Canvas.MARGIN);
    canvas.title(model + "  ·  " + layer, Canvas.MARGIN, Canvas.MARGIN);
    canvas.words(words, Canvas.MARGIN, Canvas.MARGIN + Canvas.LINE + 2, Colours.FAINT);
    for (int tile = 0; tile < filters * perFilter; tile++) {
      int x = Canvas.MARGIN + tile % columns * stepX;
      int y = top + tile / columns * stepY;
      var filter = new Filter(weights, tile / perFilter);
      int channel = tile % perFilter;
      canvas.pixels(
          x,
          y,
          s.dim(2),
          s.dim(3),
          scale,
          (r, c) -> s.dim(1) == 3 ? filter.colour(r, c) : filter.grey(channel, r, c));
    }
    return canvas.sheet();
  }

  private static String words(
      Shape s, int filters, int channels, boolean pictures, Tensor weights) {
    double largest = 0;
    for (long i = 0; i < weights.size(); i++) {
      largest = Math.max(largest, Math.abs(weights.get(i)));
    }
    String shown =
        filters < s.dim(0) || !pictures && channels < s.dim(1)
            ? String.format(
                Locale.ROOT,
                ", here the first %d%s",
                filters,
                pictures ? "" : " (rows) on the first " + channels + " channels (columns)")
            : pictures ? "" : ", rows are filters, columns the channels they read";
    return String.format(
        Locale.ROOT,
        "%d filters %d×%d on %d channels%s; grey is 0, the largest weight %.3g",
        s.dim(0),
        s.dim(2),
        s.dim(3),
        s.dim(1),
        shown,
        largest);
  }

  /// One filter, stretched to its largest number.
  private record Filter(Tensor weights, int number, double largest) {
    Filter(Tensor weights, int number) {
      this(weights, number, largest(weights, number));
    }

    private static double largest(Tensor weights, int number) {
      Shape s = weights.shape();
      long size = s.size() / s.dim(0);
      double largest = 0;
      for (long i = number * size; i < (number + 1) * size; i++) {
        largest = Math.max(largest, Math.abs(weights.get(i)));
      }
      return largest == 0 ? 1 : largest;
    }

    private double at(int channel, int row, int column) {
      Shape s = weights.shape();
      long place = ((long) number * s.dim(1) + channel) * s.dim(2) + row;
      return weights.get(place * s.dim(3) + column) / largest;
    }

    int colour(int row, int column) {
      return Colours.signed(at(0, row, column), at(1, row, column), at(2, row, column));
    }

    int grey(int channel, int row, int column) {
      return Colours.grey(at(channel, row, column));
    }
  }
}
