package unfold.zoo.image;

import java.util.List;
import unfold.layer.Activate;
import unfold.layer.Conv2d;
import unfold.layer.Dropout;
import unfold.layer.GlobalAveragePool;
import unfold.layer.He;
import unfold.layer.Layer;
import unfold.layer.MaxPool2d;
import unfold.layer.Normal;
import unfold.layer.Sequential;
import unfold.model.Options;
import unfold.model.Preprocessing;
import unfold.model.Variant;
import unfold.trace.Scope;
import unfold.trace.Var;
import unfold.zoo.Family;

/// SqueezeNet: the accuracy of AlexNet with a fiftieth of its parameters. A fire module first
/// squeezes its input to few channels, then expands them with 1×1 and 3×3 filters side by side; the
/// classes are told by a 1×1 convolution and the mean of its maps. 1.1 pools earlier and takes 2.4
/// times fewer operations.
///
/// Option `dropout`: before the last convolution.
///
/// Names and initialisation are torchvision's. The pools round up, as in Caffe.
///
/// @source Iandola, Han, Moskewicz, Ashraf, Dally, Keutzer: SqueezeNet (2016); 1.1: the authors'
///   repository
public final class SqueezeNet implements Family {
  private static final String PAPER =
      "Iandola, Han, Moskewicz, Ashraf, Dally, Keutzer: SqueezeNet (2016)";
  private static final Options IMAGENET = new Options(1000, 3, 224).with("dropout", 0.5);

  @Override
  public List<Variant> variants() {
    return List.of(
        new Variant(
            "squeezenet1_0",
            IMAGENET,
            Preprocessing.IMAGENET,
            PAPER,
            o -> network(o, features10(o.channels()))),
        new Variant(
            "squeezenet1_1",
            IMAGENET,
            Preprocessing.IMAGENET,
            PAPER + ", version 1.1",
            o -> network(o, features11(o.channels()))));
  }

  private static Layer network(Options o, Layer features) {
    return new Sequential()
        .then("features", features)
        .then(
            "classifier",
            Sequential.of(
                new Dropout(o.rate("dropout")),
                new Conv2d(512, o.classes(), 1).init(new Normal(0, 0.01)),
                Activate.RELU,
                new GlobalAveragePool()));
  }

  private static Layer features10(int channels) {
    return Sequential.of(
        conv(channels, 96, 7).stride(2),
        Activate.RELU,
        pool(),
        new Fire(96, 16, 64),
        new Fire(128, 16, 64),
        new Fire(128, 32, 128),
        pool(),
        new Fire(256, 32, 128),
        new Fire(256, 48, 192),
        new Fire(384, 48, 192),
        new Fire(384, 64, 256),
        pool(),
        new Fire(512, 64, 256));
  }

  private static Layer features11(int channels) {
    return Sequential.of(
        conv(channels, 64, 3).stride(2),
        Activate.RELU,
        pool(),
        new Fire(64, 16, 64),
        new Fire(128, 16, 64),
        pool(),
        new Fire(128, 32, 128),
        new Fire(256, 32, 128),
        pool(),
        new Fire(256, 48, 192),
        new Fire(384, 48, 192),
        new Fire(384, 64, 256),
        new Fire(512, 64, 256));
  }

  private static Conv2d conv(int in, int out, int kernel) {
    return new Conv2d(in, out, kernel).init(He.uniform());
  }

  private static Layer pool() {
    return new MaxPool2d(3).stride(2).ceil(true);
  }

  /// y = [ relu(expand1x1(z)), relu(expand3x3(z)) ] of z = relu(squeeze(x)); 2·`expand` channels.
  private record Fire(int in, int squeeze, int expand) implements Layer {
    @Override
    public Var apply(Scope s, Var x) {
      Var z = convRelu(s, "squeeze", conv(in, squeeze, 1), x);
      Var narrow = convRelu(s, "expand1x1", conv(squeeze, expand, 1), z);
      Var wide = convRelu(s, "expand3x3", conv(squeeze, expand, 3).padding(1), z);
      return Var.concat(1, List.of(narrow, wide));
    }

    private static Var convRelu(Scope s, String name, Conv2d conv, Var x) {
      return s.apply(name + "_activation", Activate.RELU, s.apply(name, conv, x));
    }
  }
}
