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
import unfold.layer.Identity;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.Normal;
import unfold.layer.Sequential;
import unfold.layer.SqueezeExcitation;
import unfold.model.Options;
import unfold.model.Preprocessing;
import unfold.model.Variant;
import unfold.trace.Scope;
import unfold.trace.Var;
import unfold.zoo.Family;

/// MobileNet v3: the inverted residuals of v2 with squeeze-and-excitation, hard swish, and sizes
/// found by search.
///
/// Options `width_mult` (all widths times this, rounded to multiples of 8) and `dropout` (before
/// the classifier).
///
/// Names and initialisation are torchvision's.
///
/// @source Howard, Sandler, Chu, Chen, Chen, Tan, Wang, Zhu, Pang, Vasudevan, Le, Adam: Searching
///   for MobileNetV3 (2019), tables 1 and 2
public final class MobileNetV3 implements Family {
  private static final String PAPER =
      "Howard, Sandler, Chu, Chen, Chen, Tan, Wang, Zhu, Pang, Vasudevan, Le, Adam: Searching for"
          + " MobileNetV3 (2019)";
  private static final Options IMAGENET =
      new Options(1000, 3, 224).with("width_mult", 1.0).with("dropout", 0.2);

  /// A row of the paper's tables.
  ///
  /// @param kernel of the depthwise convolution
  /// @param wide channels there
  /// @param out channels of the result
  /// @param squeeze whether channels are weighed
  private record Row(int kernel, int wide, int out, boolean squeeze, Activate act, int stride) {}

  private static final Activate RE = Activate.RELU;
  private static final Activate HS = Activate.HARD_SWISH;

  private static final List<Row> LARGE =
      List.of(
          new Row(3, 16, 16, false, RE, 1),
          new Row(3, 64, 24, false, RE, 2),
          new Row(3, 72, 24, false, RE, 1),
          new Row(5, 72, 40, true, RE, 2),
          new Row(5, 120, 40, true, RE, 1),
          new Row(5, 120, 40, true, RE, 1),
          new Row(3, 240, 80, false, HS, 2),
          new Row(3, 200, 80, false, HS, 1),
          new Row(3, 184, 80, false, HS, 1),
          new Row(3, 184, 80, false, HS, 1),
          new Row(3, 480, 112, true, HS, 1),
          new Row(3, 672, 112, true, HS, 1),
          new Row(5, 672, 160, true, HS, 2),
          new Row(5, 960, 160, true, HS, 1),
          new Row(5, 960, 160, true, HS, 1));

  private static final List<Row> SMALL =
      List.of(
          new Row(3, 16, 16, true, RE, 2),
          new Row(3, 72, 24, false, RE, 2),
          new Row(3, 88, 24, false, RE, 1),
          new Row(5, 96, 40, true, HS, 2),
          new Row(5, 240, 40, true, HS, 1),
          new Row(5, 240, 40, true, HS, 1),
          new Row(5, 120, 48, true, HS, 1),
          new Row(5, 144, 48, true, HS, 1),
          new Row(5, 288, 96, true, HS, 2),
          new Row(5, 576, 96, true, HS, 1),
          new Row(5, 576, 96, true, HS, 1));

  @Override
  public List<Variant> variants() {
    return List.of(
        variant("mobilenet_v3_large", LARGE, 1280), variant("mobilenet_v3_small", SMALL, 1024));
  }

  private static Variant variant(String name, List<Row> rows, int last) {
    return new Variant(name, IMAGENET, Preprocessing.IMAGENET, PAPER, o -> network(o, rows, last));
  }

  private static Layer network(Options o, List<Row> rows, int last) {
    double width = o.real("width_mult");
    if (!(width > 0 && width <= 16)) {
      throw new InputException("width_mult=" + width + " must be more than 0, at most 16");
    }
    int in = Channels.divisible(16 * width);
    var features = Sequential.of(conv(o.channels(), in, 3, 2, 1, HS));
    for (Row row : rows) {
      int wide = Channels.divisible(row.wide * width);
      int out = Channels.divisible(row.out * width);
      features = features.then(new InvertedResidual(in, wide, out, row));
      in = out;
    }
    int hidden = Channels.divisible(last * width);
    return new Sequential()
        .then("features", features.then(conv(in, 6 * in, 1, 1, 1, HS)))
        .then("avgpool", new GlobalAveragePool())
        .then(
            "classifier",
            Sequential.of(
                linear(6 * in, hidden),
                HS,
                new Dropout(o.rate("dropout")),
                linear(hidden, o.classes())));
  }

  /// act(bn(conv(x)))
  private static Layer conv(int in, int out, int kernel, int stride, int groups, Layer act) {
    return Sequential.of(
        new Conv2d(in, out, kernel)
            .stride(stride)
            .padding(kernel / 2)
            .groups(groups)
            .bias(false)
            .init(He.normal().fan(Fan.OUT)),
        new BatchNorm(out).epsilon(1e-3).momentum(0.01),
        act);
  }

  private static Layer linear(int in, int out) {
    return new Linear(in, out).init(new Normal(0, 0.01));
  }

  /// Widen (not if it is as wide already), depthwise, weigh the channels, narrow; plus x if the
  /// size stays.
  private record InvertedResidual(int in, int wide, int out, Row row) implements Layer {
    @Override
    public Var apply(Scope s, Var x) {
      var body = wide == in ? new Sequential() : Sequential.of(conv(in, wide, 1, 1, 1, row.act));
      body = body.then(conv(wide, wide, row.kernel, row.stride, wide, row.act));
      body = row.squeeze ? body.then(squeeze()) : body;
      body = body.then(conv(wide, out, 1, 1, 1, new Identity()));
      Var y = s.apply("block", body, x);
      return row.stride == 1 && in == out ? y.add(x) : y;
    }

    private Layer squeeze() {
      return new SqueezeExcitation(wide, Channels.divisible(wide / 4.0))
          .gate(Activate.HARD_SIGMOID)
          .init(He.normal().fan(Fan.OUT));
    }
  }
}
