package unfold.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.OptionalInt;
import unfold.config.Precision;
import unfold.data.Dataset;
import unfold.data.Loading;
import unfold.data.image.Picture;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.error.Nearest;
import unfold.model.Model;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// A network with its numbers.
///
/// @param classes their names, or their numbers if nobody named them
/// @param settings to open an engine with, so that it computes as it did while training
public record Trained(Model model, States states, ClassNames classes, Settings settings) {

  /// The network of a run: the weights of its best epoch, or the last ones if it was stopped within
  /// the first; in the run's precision and with the run's kernels.
  public static Trained open(RunFolder run, Model model, Settings settings) {
    return of(model, Weights.read(run.weights()), run.same(settings));
  }

  /// A network with weights from a file. Its classes are those that the file names, else numbers.
  ///
  /// @throws InputException if they are another network's
  public static Trained of(Model model, Weights weights, Settings settings) {
    ClassNames classes =
        weights
            .about()
            .map(about -> ClassNames.of(about.classes()))
            .orElseGet(() -> ClassNames.numbers(model.classes()));
    return of(
        model, weights, classes.require(model.classes(), weights.file(), model.name()), settings);
  }

  /// The same with names of one's own for the classes, as many as the network has.
  public static Trained of(Model model, Weights weights, ClassNames classes, Settings settings) {
    classes.require(model.classes(), "the list of classes", model.name());
    var states = new States();
    weights.load(model, states);
    return new Trained(model, states, classes, settings);
  }

  /// The same with other names for its classes.
  public Trained classes(ClassNames names) {
    names.require(model.classes(), "the list of classes", model.name());
    return new Trained(model, states, names, settings);
  }

  /// The same, computing in this precision.
  public Trained precision(Precision to) {
    return new Trained(model, states, classes, settings.precision(to));
  }

  /// An engine for it.
  public Engine engine() {
    return Engine.open(settings);
  }

  /// A way through a set, in order, with its pictures as the network sees them; whatever classes
  /// the set has.
  ///
  /// @param threads that prepare pictures meanwhile
  public Loading loading(Dataset set, int batch, int threads) {
    return Preparation.seen(model, set, batch, threads);
  }

  /// A picture as the network sees it: in its channels, scaled and cut to its size.
  public Picture prepared(Picture picture) {
    Picture channels = picture.channels(model.options().channels());
    return Preparation.scaling(model, Optional.of(channels.shape())).apply(channels, 0, 0, 0);
  }

  /// A prepared picture as a batch of one, u8 [1×H×W×C].
  public static Tensor batch(Picture prepared) {
    Tensor one =
        Tensor.zeros(DType.U8, 1, prepared.height(), prepared.width(), prepared.channels());
    MemorySegment.copy(
        prepared.pixels(), 0, one.data(), ValueLayout.JAVA_BYTE, 0, prepared.pixels().length);
    return one;
  }

  /// The number of a class given by its name, or any of its names that no other class has, or else
  /// by its number.
  ///
  /// @throws InputException with the nearest names if there is no such class
  public int target(String nameOrNumber) {
    OptionalInt named = classes.numberOf(nameOrNumber);
    if (named.isPresent()) {
      return named.getAsInt();
    }
    if (nameOrNumber.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(nameOrNumber);
      if (number < classes.size()) {
        return number;
      }
    }
    throw new InputException(
        model.name()
            + " knows no class '"
            + nameOrNumber
            + "'; it knows 0 … "
            + (classes.size() - 1)
            + ", near are "
            + Nearest.to(nameOrNumber, classes.names(), 3));
  }
}
