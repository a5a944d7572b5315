package unfold.zoo.image;

import java.util.List;
import unfold.error.InputException;
import unfold.layer.Activate;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
import unfold.layer.Dropout;
import unfold.layer.Fan;
import unfold.layer.GlobalAveragePool;
import unfold.layer.He;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.Normal;
import unfold.layer.Sequential;
import unfold.model.Options;
import unfold.model.Preprocessing;
import unfold.model.Variant;
import unfold.trace.Scope;
import unfold.trace.Var;
import unfold.zoo.Family;

/// MobileNet v2: inverted residuals. A block widens its input with a 1×1 convolution, looks at each
/// channel by itself (3×3, depthwise), and narrows again without a nonlinearity; shortcuts join the
/// narrow ends.
///
/// Options `width_mult` (α of the paper: all widths times this, rounded to multiples of 8) and
/// `dropout` (before the classifier).
///
/// Names and initialisation are torchvision's.
///
/// @source Sandler, Howard, Zhu, Zhmoginov, Chen: MobileNetV2: inverted residuals and linear
///   bottlenecks (2018), table 2
public final class MobileNetV2 implements Family {
  private static final String PAPER =
      "Sandler, Howard, Zhu, Zhmoginov, Chen: MobileNetV2: inverted residuals and linear"
          + " bottlenecks (2018)";
  private static final Options IMAGENET =
      new Options(1000, 3, 224).with("width_mult", 1.0).with("dropout", 0.2);

  /// A row of table 2: n blocks with c channels, widened by t, the first with stride s.
  private record Stage(int t, int c, int n, int s) {}

  private static final List<Stage> STAGES =
      List.of(
          new Stage(1, 16, 1, 1),
          new Stage(6, 24, 2, 2),
          new Stage(6, 32, 3, 2),
          new Stage(6, 64, 4, 2),
          new Stage(6, 96, 3, 1),
          new Stage(6, 160, 3, 2),
          new Stage(6, 320, 1, 1));

  @Override
  public List<Variant> variants() {
    return List.of(
        new Variant("mobilenet_v2", IMAGENET, Preprocessing.IMAGENET, PAPER, MobileNetV2::network));
  }

  private static Layer network(Options o) {
    double width = o.real("width_mult");
    if (!(width > 0 && width <= 16)) {
      throw new InputException("width_mult=" + width + " must be more than 0, at most 16");
    }
    int in = Channels.divisible(32 * width);
    var features = Sequential.of(conv(o.channels(), in, 3, 2, 1));
    for (Stage stage : STAGES) {
      int out = Channels.divisible(stage.c * width);
      for (int i = 0; i < stage.n; i++) {
        features = features.then(new InvertedResidual(in, out, i == 0 ? stage.s : 1, stage.t));
        in = out;
      }
    }
    int last = Channels.divisible(1280 * Math.max(1, width));
    return new Sequential()
        .then("features", features.then(conv(in, last, 1, 1, 1)))
        .then("pool", new GlobalAveragePool())
        .then(
            "classifier",
            Sequential.of(
                new Dropout(o.rate("dropout")),
                new Linear(last, o.classes()).init(new Normal(0, 0.01))));
  }

  /// relu6(bn(conv(x)))
  private static Layer conv(int in, int out, int kernel, int stride, int groups) {
    return Sequential.of(
        new Conv2d(in, out, kernel)
            .stride(stride)
            .padding(kernel / 2)
            .groups(groups)
            .bias(false)
            .init(He.normal().fan(Fan.OUT)),
        new BatchNorm(out),
        Activate.RELU6);
  }

  /// Widen by t (not if t = 1), depthwise, narrow; plus x if the size stays.
  private record InvertedResidual(int in, int out, int stride, int t) implements Layer {
    @Override
    public Var apply(Scope s, Var x) {
      int wide = in * t;
      var body = t == 1 ? new Sequential() : Sequential.of(conv(in, wide, 1, 1, 1));
      body =
          body.then(conv(wide, wide, 3, stride, wide))
              .then(new Conv2d(wide, out, 1).bias(false).init(He.normal().fan(Fan.OUT)))
              .then(new BatchNorm(out));
      Var y = s.apply("conv", body, x);
      return stride == 1 && in == out ? x.add(y) : y;
    }
  }
}
