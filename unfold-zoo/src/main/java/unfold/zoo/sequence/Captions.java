package unfold.zoo.sequence;

import java.util.List;
import java.util.Map;
import unfold.error.InputException;
import unfold.layer.Activate;
import unfold.layer.BatchNorm;
import unfold.layer.Cell;
import unfold.layer.Conv2d;
import unfold.layer.Flatten;
import unfold.layer.He;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.MaxPool2d;
import unfold.layer.Recurrent;
import unfold.layer.Sequential;
import unfold.model.Captioner;
import unfold.model.Preprocessing;
import unfold.tensor.Shape;

/// A small CNN looks at a picture, an LSTM, GRU or RNN writes a sentence about it; both learn
/// together.
///
/// Options: `channels`, `height`, `width` and `vocabulary` (words); `cell` (lstm, gru, rnn),
/// `embedding-size` 64, `rnn-size` 128, `num-layers` 1, `dropout` 0 (on what is read, between
/// layers and before the last one).
///
/// The encoder is LeNet's plan with batch norm: convolutions 5×5 of 16 and 32 filters, each with a
/// rectifier and a pooling, then a layer of 128 units. It is not pooled over the whole picture,
/// since where things are tells how they lean.
///
/// @source Vinyals, Toshev, Bengio, Erhan: Show and tell: a neural image caption generator (2015),
///   3; LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition
///   (1998), II.B
public final class Captions {
  /// Its name in configs and on the command line.
  public static final String NAME = "captions";

  private static final int UNITS = 128;
  private static final int FILTERS = 32;
  private static final int SMALLEST = 4;

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "cell", "lstm",
          "embedding-size", "64",
          "rnn-size", "128",
          "num-layers", "1",
          "dropout", "0.0");

  private Captions() {}

  /// @param changes to the usual options; those of the pictures and `vocabulary` must be among them
  /// @throws InputException for an option that there is not, or a value out of range
  public static Captioner model(Map<String, String> changes) {
    Words o =
        Words.of(NAME, DEFAULTS, List.of("channels", "height", "width", "vocabulary"), changes);
    int channels = o.integer("channels");
    int height = o.integer("height");
    int width = o.integer("width");
    if (height < SMALLEST || width < SMALLEST) {
      throw new InputException(
          NAME
              + ": pictures must be at least "
              + SMALLEST
              + "×"
              + SMALLEST
              + ", but are "
              + height
              + "×"
              + width);
    }
    double dropout = o.share("dropout");
    var picture =
        new Captioner.Topic.Picture(
            Shape.of(channels, height, width),
            Preprocessing.MNIST.forChannels(channels),
            encoder(channels, FILTERS * (height / 4) * (width / 4)));
    var rnn =
        new Recurrent(o.cell(), o.integer("embedding-size"), o.integer("rnn-size"))
            .layers(o.integer("num-layers"))
            .dropout(dropout)
            .start(Cell.Start.orthogonal());
    return new Captioner(
        NAME, o.options(), picture, o.word("cell"), rnn, dropout, o.integer("vocabulary"));
  }

  private static Layer encoder(int channels, int numbers) {
    return block(block(new Sequential(), 1, channels, 16), 2, 16, FILTERS)
        .then("flatten", new Flatten())
        .then("fc", new Linear(numbers, UNITS).bias(false).init(He.normal()))
        .then("bn3", new BatchNorm(UNITS))
        .then("relu3", Activate.RELU);
  }

  private static Sequential block(Sequential below, int number, int in, int out) {
    return below
        .then("conv" + number, new Conv2d(in, out, 5).padding(2).bias(false).init(He.normal()))
        .then("bn" + number, new BatchNorm(out))
        .then("relu" + number, Activate.RELU)
        .then("pool" + number, new MaxPool2d(2));
  }
}
