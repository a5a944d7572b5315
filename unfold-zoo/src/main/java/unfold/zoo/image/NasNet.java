package unfold.zoo.image;

import java.util.List;
import java.util.Optional;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
import unfold.layer.Dropout;
import unfold.layer.GlobalAveragePool;
import unfold.layer.He;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.Same;
import unfold.layer.Sequential;
import unfold.model.Options;
import unfold.model.Preprocessing;
import unfold.model.Variant;
import unfold.trace.Scope;
import unfold.trace.Var;
import unfold.zoo.Family;

/// NASNet-A, whose cells ([NasCell]) were found by search on CIFAR-10: stacks of N normal cells
/// with a reduction cell between stacks, which halves the picture and doubles the filters. "N@P"
/// has P channels at the end; a cell's six results make F = P/24 filters in the first stack.
///
/// `nasnet_a_mobile` is 4@1056 (5.3 million parameters), which starts with a 3×3/2 convolution
/// without padding and two reduction cells; `nasnet_a_cifar` is 6@768 (3.3 million), which starts
/// with a 3×3 convolution to 3F channels.
///
/// Options: `dropout` before the classifier; `drop_path` and `drop_path_steps`: each branch of cell
/// i of n is dropped with a probability that grows linearly to drop_path·(i+1)/n over so many steps
/// (ScheduledDropPath). The paper leaves open, and its code settles: padding (TensorFlow's SAME), ε
/// (1e-3; CIFAR 1e-5), widths of the stem, rates and steps. Running statistics follow with momentum
/// 0.1. The auxiliary classifier that the code trains beside these has no place here. Keys are
/// those of the weights converted for PyTorch.
///
/// @source Zoph, Vasudevan, Shlens, Le: Learning transferable architectures for scalable image
///   recognition (2018), figures 2 and 4, A.1–A.4
public final class NasNet implements Family {
  private static final String PAPER =
      "Zoph, Vasudevan, Shlens, Le: Learning transferable architectures for scalable image"
          + " recognition (2018)";

  @Override
  public List<Variant> variants() {
    return List.of(
        new Variant(
            "nasnet_a_mobile",
            options(new Options(1000, 3, 224), 44, 4, 0.5, 0),
            Preprocessing.TENSORFLOW,
            PAPER,
            o -> new Network(o, true, 1e-3)),
        new Variant(
            "nasnet_a_cifar",
            options(new Options(10, 3, 32), 32, 6, 0, 0.4),
            Preprocessing.IMAGENET.wholePicture(),
            PAPER,
            o -> new Network(o, false, 1e-5)));
  }

  private static Options options(
      Options o, int filters, int cells, double dropout, double dropPath) {
    return o.with("filters", filters)
        .with("cells", cells)
        .with("dropout", dropout)
        .with("drop_path", dropPath)
        .with("drop_path_steps", 937_500);
  }

  /// @param large whether pictures are halved three times before the first stack
  private record Network(Options o, boolean large, double epsilon) implements Layer {
    @Override
    public Var apply(Scope s, Var x) {
      int f = o.integer("filters");
      var walk = new Walk(s, s.apply("conv0", stem(f), x));
      if (large) {
        walk.add("cell_stem_0", f / 4, true);
        walk.add("cell_stem_1", f / 2, true);
      }
      int cell = 0;
      for (int stack = 0; stack < 3; stack++) {
        if (stack > 0) {
          walk.add("reduction_cell_" + (stack - 1), f << stack, true);
        }
        for (int i = 0; i < o.integer("cells"); i++) {
          walk.add("cell_" + cell++, f << stack, false);
        }
      }
      Var y = new GlobalAveragePool().apply(s, walk.newest.relu());
      y = s.apply("dropout", new Dropout(o.rate("dropout")), y);
      return s.apply("last_linear", new Linear(y.dim(1), o.classes()).init(He.normal()), y);
    }

    private Layer stem(int filters) {
      int out = large ? 32 : 3 * filters;
      var conv = new Conv2d(o.channels(), out, 3).bias(false).init(He.normal());
      return new Sequential()
          .then("conv", large ? conv.stride(2) : new Same(conv))
          .then("bn", new BatchNorm(out).epsilon(epsilon));
    }

    /// The results so far of which the next cell reads two.
    private final class Walk {
      private final Scope scope;
      private Optional<Var> before = Optional.empty();
      private Var newest;
      private int cells;

      Walk(Scope scope, Var stem) {
        this.scope = scope;
        this.newest = stem;
      }

      void add(String name, int filters, boolean reduction) {
        int all = 3 * o.integer("cells") + 2 + (large ? 2 : 0);
        double rate = o.rate("drop_path") * ++cells / all;
        var cell =
            new NasCell(filters, reduction, epsilon, rate, o.integer("drop_path_steps"), before);
        Var made = scope.apply(name, cell, newest);
        before = Optional.of(newest);
        newest = made;
      }
    }
  }
}
