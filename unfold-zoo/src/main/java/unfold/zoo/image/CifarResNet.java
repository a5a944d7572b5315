package unfold.zoo.image;

import java.util.ArrayList;
import java.util.List;
import unfold.error.InputException;
import unfold.layer.Activate;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
import unfold.layer.GlobalAveragePool;
import unfold.layer.He;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.Sequential;
import unfold.model.Options;
import unfold.model.Preprocessing;
import unfold.model.Variant;
import unfold.trace.Scope;
import unfold.trace.Var;
import unfold.zoo.Family;

/// The small residual networks for 32×32 pictures, and the plain ones without shortcuts that they
/// are compared with: depth 6n + 2, three stages of n blocks with 16, 32, 64 channels.
///
/// Option `shortcut`: `A` (no parameters: every second pixel, zeros for the new channels; the
/// paper's choice here) or `B` (1×1 convolution). Option `zero_residual`: the last batch norm of a
/// block starts with scale 0, so that every block starts as the identity.
///
/// Names are those of akamaster/pytorch_resnet_cifar10, under which weights are published; its
/// preprocessing goes with them.
///
/// @source He, Zhang, Ren, Sun: Deep residual learning for image recognition (2016), 4.2
public final class CifarResNet implements Family {
  private static final String PAPER =
      "He, Zhang, Ren, Sun: Deep residual learning for image recognition (2016), 4.2";
  private static final Options CIFAR = new Options(10, 3, 32);

  @Override
  public List<Variant> variants() {
    var all = new ArrayList<Variant>();
    for (int depth : List.of(20, 32, 44, 56, 110, 1202)) {
      int blocks = (depth - 2) / 6;
      all.add(
          new Variant(
              "resnet" + depth + "_cifar",
              CIFAR.with("shortcut", "A").with("zero_residual", false),
              Preprocessing.IMAGENET.wholePicture(),
              PAPER,
              o -> network(o, blocks, shortcut(o), o.flag("zero_residual") ? 0 : 1)));
      all.add(
          new Variant(
              "plain" + depth + "_cifar",
              CIFAR,
              Preprocessing.IMAGENET.wholePicture(),
              PAPER + ", plain networks",
              o -> network(o, blocks, Shortcut.NONE, 1)));
    }
    return List.copyOf(all);
  }

  /// What a block adds to its result.
  private enum Shortcut {
    NONE,
    /// the input; where its size changes, every second pixel and zeros for the new channels
    A,
    /// the input; where its size changes, a 1×1 convolution of it
    B
  }

  private static Shortcut shortcut(Options o) {
    return switch (o.word("shortcut")) {
      case "A" -> Shortcut.A;
      case "B" -> Shortcut.B;
      default -> throw new InputException("shortcut=" + o.word("shortcut") + " must be A or B");
    };
  }

  private static Layer network(Options o, int blocks, Shortcut shortcut, double scale) {
    return new Sequential()
        .then("conv1", conv(o.channels(), 16, 3, 1))
        .then("bn1", new BatchNorm(16))
        .then("relu", Activate.RELU)
        .then("layer1", stage(16, 16, 1, blocks, shortcut, scale))
        .then("layer2", stage(16, 32, 2, blocks, shortcut, scale))
        .then("layer3", stage(32, 64, 2, blocks, shortcut, scale))
        .then("pool", new GlobalAveragePool())
        .then("linear", new Linear(64, o.classes()).init(He.normal()));
  }

  private static Layer stage(
      int in, int out, int stride, int blocks, Shortcut shortcut, double scale) {
    var stage = new Sequential().then(new Block(in, out, stride, shortcut, scale));
    for (int i = 1; i < blocks; i++) {
      stage = stage.then(new Block(out, out, 1, shortcut, scale));
    }
    return stage;
  }

  private static Conv2d conv(int in, int out, int kernel, int stride) {
    return new Conv2d(in, out, kernel)
        .stride(stride)
        .padding(kernel / 2)
        .bias(false)
        .init(He.normal());
  }

  /// y = relu( bn2(conv2( relu(bn1(conv1(x))) )) + shortcut(x) )
  private record Block(int in, int out, int stride, Shortcut shortcut, double scale)
      implements Layer {
    @Override
    public Var apply(Scope s, Var x) {
      Var y = s.apply("conv1", conv(in, out, 3, stride), x);
      y = s.apply("bn1", new BatchNorm(out), y).relu();
      y = s.apply("conv2", conv(out, out, 3, 1), y);
      y = s.apply("bn2", new BatchNorm(out).scale(scale), y);
      return switch (shortcut) {
        case NONE -> y.relu();
        case A -> y.add(subsample(x)).relu();
        case B -> y.add(project(s, x)).relu();
      };
    }

    private Var subsample(Var x) {
      Var small = stride == 1 ? x : x.every(1, 1, stride, stride);
      int more = out - in;
      return more == 0 ? small : small.pad(1, more / 2, more - more / 2);
    }

    private Var project(Scope s, Var x) {
      if (stride == 1 && in == out) {
        return x;
      }
      var layers = Sequential.of(conv(in, out, 1, stride), new BatchNorm(out));
      return s.apply("shortcut", layers, x);
    }
  }
}
