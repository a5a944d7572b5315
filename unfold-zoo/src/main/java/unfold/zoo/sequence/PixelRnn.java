package unfold.zoo.sequence;

import java.util.List;
import java.util.function.Function;
import unfold.layer.Cell;
import unfold.layer.Chrono;
import unfold.layer.FixedOrder;
import unfold.layer.Gru;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.Lstm;
import unfold.layer.Recurrent;
import unfold.layer.Rnn;
import unfold.model.Options;
import unfold.model.Preprocessing;
import unfold.model.Variant;
import unfold.trace.Scope;
import unfold.trace.Var;
import unfold.zoo.Family;

/// Pictures read one pixel at a time, from the first row's left to the last row's right, and named
/// at the end: many-to-one over 784 steps for 28×28, a test of how far a cell remembers.
///
/// y = W·h_T + b, h_t = cell(pixel_t, h_{t−1})
///
/// Options: `hidden` units; `permuted`: the pixels come in one fixed random order, so that
/// neighbours in the picture lie far apart in time. The GRU's update gate starts so that its units
/// remember from two steps to the whole picture.
///
/// @source Le, Jaitly, Hinton: A simple way to initialize recurrent networks of rectified linear
///   units (2015), 4.2; Bai, Kolter, Koltun: An empirical evaluation of generic convolutional and
///   recurrent networks for sequence modeling (2018), 4.1
public final class PixelRnn implements Family {
  private static final String PAPER =
      "Le, Jaitly, Hinton: A simple way to initialize recurrent networks of ReLUs (2015), 4.2";

  @Override
  public List<Variant> variants() {
    return List.of(
        variant("pixel_rnn", _ -> new Rnn()),
        variant("pixel_lstm", _ -> new Lstm()),
        variant("pixel_gru", PixelRnn::gru));
  }

  private static Cell gru(Options o) {
    int pixels = o.height() * o.width();
    return pixels < Chrono.LEAST ? new Gru() : new Gru().span(pixels);
  }

  private static Variant variant(String name, Function<Options, Cell> cell) {
    return new Variant(
        name,
        new Options(10, 1, 28).with("hidden", 128).with("permuted", false),
        Preprocessing.MNIST,
        PAPER,
        o -> new Network(cell.apply(o), o.integer("hidden"), o.classes(), o.flag("permuted")));
  }

  private record Network(Cell cell, int hidden, int classes, boolean permuted) implements Layer {
    @Override
    public Var apply(Scope s, Var x) {
      int rows = x.dim(0);
      int channels = x.dim(1);
      int steps = x.dim(2) * x.dim(3);
      Var pixels = x.transpose(2, 3, 0, 1).reshape(steps, rows * channels);
      if (permuted) {
        pixels = s.run(new FixedOrder(0), pixels);
      }
      Var sequence = pixels.reshape(steps, rows, channels);
      var rnn =
          new Recurrent(cell, channels, hidden).timeMajor(true).start(Cell.Start.orthogonal());
      Var states = rnn.run(s.child("rnn"), sequence, Recurrent.Given.NOTHING).states().getFirst();
      return s.apply("linear", new Linear(hidden, classes), states.reshape(rows, hidden));
    }
  }
}
