package unfold.zoo.image;

import java.util.List;
import unfold.layer.Activate;
import unfold.layer.AdaptiveAveragePool2d;
import unfold.layer.Conv2d;
import unfold.layer.Dropout;
import unfold.layer.Flatten;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.MaxPool2d;
import unfold.layer.Sequential;
import unfold.model.Options;
import unfold.model.Preprocessing;
import unfold.model.Variant;
import unfold.zoo.Family;

/// AlexNet in torchvision's form: the single tower of the second paper, without local response
/// normalisation, on pictures of 224×224.
///
/// Option `dropout`: before the first two linear layers.
///
/// Names and initialisation are torchvision's.
///
/// @source Krizhevsky: One weird trick for parallelizing convolutional neural networks (2014);
///   Krizhevsky, Sutskever, Hinton: ImageNet classification with deep convolutional neural networks
///   (2012)
public final class AlexNet implements Family {
  private static final Options IMAGENET = new Options(1000, 3, 224).with("dropout", 0.5);

  @Override
  public List<Variant> variants() {
    return List.of(
        new Variant(
            "alexnet",
            IMAGENET,
            Preprocessing.IMAGENET,
            "Krizhevsky: One weird trick for parallelizing convolutional neural networks (2014)",
            AlexNet::network));
  }

  private static Layer network(Options o) {
    return new Sequential()
        .then(
            "features",
            Sequential.of(
                new Conv2d(o.channels(), 64, 11).stride(4).padding(2),
                Activate.RELU,
                new MaxPool2d(3).stride(2),
                new Conv2d(64, 192, 5).padding(2),
                Activate.RELU,
                new MaxPool2d(3).stride(2),
                new Conv2d(192, 384, 3).padding(1),
                Activate.RELU,
                new Conv2d(384, 256, 3).padding(1),
                Activate.RELU,
                new Conv2d(256, 256, 3).padding(1),
                Activate.RELU,
                new MaxPool2d(3).stride(2)))
        .then("avgpool", new AdaptiveAveragePool2d(6))
        .then("flatten", new Flatten())
        .then(
            "classifier",
            Sequential.of(
                new Dropout(o.rate("dropout")),
                new Linear(256 * 6 * 6, 4096),
                Activate.RELU,
                new Dropout(o.rate("dropout")),
                new Linear(4096, 4096),
                Activate.RELU,
                new Linear(4096, o.classes())));
  }
}
