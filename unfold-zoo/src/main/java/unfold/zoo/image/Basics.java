package unfold.zoo.image;

import java.util.List;
import unfold.layer.Activate;
import unfold.layer.Flatten;
import unfold.layer.Linear;
import unfold.layer.Sequential;
import unfold.model.Options;
import unfold.model.Preprocessing;
import unfold.model.Variant;
import unfold.zoo.Family;

/// Networks without convolutions, to compare with: a linear classifier on all pixels, and one with
/// two hidden layers. They know nothing of neighbourhood: shuffling the pixels changes nothing.
public final class Basics implements Family {
  private static final Options DIGITS = new Options(10, 1, 28);

  @Override
  public List<Variant> variants() {
    return List.of(
        new Variant(
            "linear",
            DIGITS,
            Preprocessing.MNIST,
            "logistic regression",
            o ->
                new Sequential()
                    .then("flatten", new Flatten())
                    .then("output", new Linear(pixels(o), o.classes()))),
        new Variant(
            "mlp",
            DIGITS.with("hidden", 256),
            Preprocessing.MNIST,
            "multi-layer perceptron with two hidden layers",
            o -> {
              int hidden = o.integer("hidden");
              return new Sequential()
                  .then("flatten", new Flatten())
                  .then("fc1", new Linear(pixels(o), hidden))
                  .then("act1", Activate.RELU)
                  .then("fc2", new Linear(hidden, hidden))
                  .then("act2", Activate.RELU)
                  .then("output", new Linear(hidden, o.classes()));
            }));
  }

  private static int pixels(Options o) {
    return o.channels() * o.height() * o.width();
  }
}
