package unfold.zoo.sequence;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import unfold.layer.Activate;
import unfold.layer.AdaptiveMaxPool2d;
import unfold.layer.BatchNorm;
import unfold.layer.Cell;
import unfold.layer.Conv2d;
import unfold.layer.Flatten;
import unfold.layer.He;
import unfold.layer.Layer;
import unfold.layer.MaxPool2d;
import unfold.layer.Recurrent;
import unfold.layer.Sequential;
import unfold.model.FrameLabeller;
import unfold.model.Preprocessing;
import unfold.tensor.Shape;

/// A small CNN looks at each frame of a film, an LSTM, GRU or RNN remembers, and every frame gets a
/// label.
///
/// Options: `channels`, `side` (of square frames) and `classes`; `cell` (lstm, gru, rnn, or none:
/// the CNN alone, which labels each frame by itself), `rnn-size` 128, `num-layers` 1,
/// `bidirectional` false, `dropout` 0 (between layers and before the last one).
///
/// The encoder: convolutions of 16 filters 5×5 with stride 2, 32 and (behind a pooling) 128 filters
/// 3×3, each with batch norm and a rectifier; of each of the 128 maps the maximum, so that it does
/// not matter where in the frame something is.
///
/// @source Donahue et al.: Long-term recurrent convolutional networks for visual recognition and
///   description (2015), 4: a CNN a frame, an LSTM over frames
public final class VideoRnn {
  /// Its name in configs and on the command line.
  public static final String NAME = "video";

  private static final int UNITS = 128;

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "cell", "lstm",
          "rnn-size", "128",
          "num-layers", "1",
          "bidirectional", "false",
          "dropout", "0.0");

  private VideoRnn() {}

  /// @param changes to the usual options; `channels`, `side` and `classes` must be among them
  /// @throws unfold.error.InputException for an option that there is not, or a value out of range
  public static FrameLabeller model(Map<String, String> changes) {
    Words o = Words.of(NAME, DEFAULTS, List.of("channels", "side", "classes"), changes);
    int channels = o.integer("channels");
    int side = o.integer("side");
    double dropout = o.share("dropout");
    return new FrameLabeller(
        NAME,
        o.options(),
        Shape.of(channels, side, side),
        Preprocessing.MNIST.forChannels(channels),
        encoder(channels),
        o.word("cell"),
        memory(o, dropout),
        dropout,
        o.integer("classes"));
  }

  private static Optional<Recurrent> memory(Words o, double dropout) {
    int size = o.integer("rnn-size");
    int layers = o.integer("num-layers");
    boolean both = o.flag("bidirectional");
    if (o.word("cell").equals("none")) {
      return Optional.empty();
    }
    return Optional.of(
        new Recurrent(o.cell(), UNITS, size)
            .layers(layers)
            .bidirectional(both)
            .dropout(dropout)
            .start(Cell.Start.orthogonal()));
  }

  private static Layer encoder(int channels) {
    Sequential y = block(new Sequential(), 1, new Conv2d(channels, 16, 5).stride(2).padding(2));
    y = block(y, 2, new Conv2d(16, 32, 3).padding(1)).then("pool", new MaxPool2d(2));
    return block(y, 3, new Conv2d(32, UNITS, 3).padding(1))
        .then("maximum", new AdaptiveMaxPool2d(1, 1))
        .then("flatten", new Flatten());
  }

  private static Sequential block(Sequential below, int number, Conv2d convolution) {
    return below
        .then("conv" + number, convolution.bias(false).init(He.normal()))
        .then("bn" + number, new BatchNorm(convolution.out()))
        .then("relu" + number, Activate.RELU);
  }
}
