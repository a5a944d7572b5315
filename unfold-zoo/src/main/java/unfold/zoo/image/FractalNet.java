package unfold.zoo.image;

import java.util.ArrayList;
import java.util.List;
import unfold.layer.Activate;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
import unfold.layer.Dropout;
import unfold.layer.Flatten;
import unfold.layer.He;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.MaxPool2d;
import unfold.layer.Sequential;
import unfold.model.Options;
import unfold.model.Preprocessing;
import unfold.model.Variant;
import unfold.trace.Scope;
import unfold.trace.Var;
import unfold.zoo.Family;

/// FractalNet: depth without residual connections. f₁(x) = conv(x), and f₍c₊₁₎(x) = (f₍c₎∘f₍c₎)(x)
/// ⊕ conv(x), where ⊕ is the mean of what arrives. A block of C columns is f₍C₎: column c has
/// 2^(c−1) convolutions; where several columns end a convolution together, they are joined, and all
/// go on from there. Five blocks, each with max pooling 2×2 behind it: 32 → 1 pixel.
///
/// `fractalnet20_cifar`: 3 columns, 64, 128, 256, 512, 512 channels, 5·2² = 20 layers, 33.7 million
/// parameters. `fractalnet40_cifar`: 4 columns, 5·2³ = 40 layers, narrower: 16, 32, 64, 128, 128
/// channels.
///
/// In training paths are dropped: see [FractalPaths]. Options `drop_path` (0.15) and `global` (0.5,
/// the share of global choices). Option `dropout`: `true` drops 0, 10, 20, 30, 40 % of the numbers
/// behind each convolution of block 1 … 5.
///
/// The paper leaves open: where dropout acts (here behind the rectifier); the channels of the
/// deeper network ("reduced"); biases (none, batch norm follows). There are no published weights;
/// keys here are `block1.column3.0.conv.weight`.
///
/// @source Larsson, Maire, Shakhnarovich: FractalNet, ultra-deep neural networks without residuals
///   (2017), 3 and 4.1
public final class FractalNet implements Family {
  private static final String PAPER =
      "Larsson, Maire, Shakhnarovich: FractalNet, ultra-deep neural networks without residuals"
          + " (2017)";

  @Override
  public List<Variant> variants() {
    return List.of(
        variant("fractalnet20_cifar", 3, List.of(64, 128, 256, 512, 512)),
        variant("fractalnet40_cifar", 4, List.of(16, 32, 64, 128, 128)));
  }

  private static Variant variant(String name, int columns, List<Integer> widths) {
    return new Variant(
        name,
        new Options(10, 3, 32).with("drop_path", 0.15).with("global", 0.5).with("dropout", false),
        Preprocessing.IMAGENET.wholePicture(),
        PAPER,
        o -> new Network(o, columns, widths));
  }

  private record Network(Options o, int columns, List<Integer> widths) implements Layer {
    @Override
    public Var apply(Scope s, Var x) {
      var drop = FractalPaths.of(s, columns, o.rate("drop_path"), o.real("global"));
      boolean dropout = o.flag("dropout");
      int in = o.channels();
      Var y = x;
      for (int b = 0; b < widths.size(); b++) {
        int out = widths.get(b);
        var block = new Block(in, out, columns, dropout ? 0.1 * b : 0, drop);
        y = s.apply("block" + (b + 1), block, y);
        y = s.apply("pool" + (b + 1), new MaxPool2d(2), y);
        in = out;
      }
      y = s.apply("flatten", new Flatten(), y);
      return s.apply("fc", new Linear(y.dim(1), o.classes()).init(He.normal()), y);
    }
  }

  /// f₍C₎, walked in 2^(C−1) steps of time: at step t the columns end a convolution whose length
  /// 2^(C−c) divides t.
  private record Block(int in, int out, int columns, double dropout, FractalPaths drop)
      implements Layer {
    @Override
    public Var apply(Scope s, Var x) {
      int steps = 1 << (columns - 1);
      var current = new ArrayList<Var>();
      for (int c = 0; c < columns; c++) {
        current.add(x);
      }
      for (int t = 1; t <= steps; t++) {
        // the deepest column ends at every step, so that those that end are the last few
        int first = columns;
        var ended = new ArrayList<Var>();
        for (int c = columns - 1; c >= 0 && t % (steps >> c) == 0; c--) {
          int number = t / (steps >> c) - 1;
          var conv = unit(number == 0 ? in : out, out);
          ended.addFirst(s.apply("column" + (c + 1) + "." + number, conv, current.get(c)));
          first = c;
        }
        Var joined = s.child("join" + t).run((at, _) -> drop.join(at, ended), x);
        for (int c = first; c < columns; c++) {
          current.set(c, joined);
        }
      }
      return current.getLast();
    }

    private Layer unit(int from, int to) {
      return new Sequential()
          .then("conv", new Conv2d(from, to, 3).padding(1).bias(false).init(He.normal()))
          .then("bn", new BatchNorm(to))
          .then("relu", Activate.RELU)
          .then("drop", new Dropout(dropout));
    }
  }
}
