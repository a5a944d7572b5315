package unfold.zoo.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.layer.AveragePool2d;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
import unfold.layer.He;
import unfold.layer.Layer;
import unfold.layer.MaxPool2d;
import unfold.layer.Same;
import unfold.layer.ScheduledDropPath;
import unfold.layer.Windowed;
import unfold.trace.Scope;
import unfold.trace.Var;

/// A cell of NASNet-A. It reads h, the result of the cell before, and p, the one before that, both
/// brought to `filters` channels; each of five combinations adds two branches:
///
/// | normal | reduction (stride 2 where it reads h or p) |
/// |---|---|
/// | sep5×5(h) + sep3×3(p) | c₀ = sep5×5(h) + sep7×7(p) |
/// | sep5×5(p) + sep3×3(p) | c₁ = max3×3(h) + sep7×7(p) |
/// | avg3×3(h) + p | c₂ = avg3×3(h) + sep5×5(p) |
/// | avg3×3(p) + avg3×3(p) | c₃ = c₁ + avg3×3(c₀) |
/// | sep3×3(h) + h | c₄ = sep3×3(c₀) + max3×3(h) |
///
/// What no branch of the cell has read is concatenated: p and all five, or c₁ … c₄.
///
/// A separable convolution is ReLU, depthwise k×k, 1×1, batch norm, all twice. If p is larger than
/// h, two 1×1 convolutions of every second pixel, the second of the picture shifted by one, make
/// halves of its channels (factorised reduction). The first cell has no p and reads h for it as it
/// is.
///
/// @param before p
/// @source Zoph et al. 2018, figure 4 and A.1; its code for what p and the first cell become
record NasCell(
    int filters, boolean reduction, double epsilon, double rate, long steps, Optional<Var> before)
    implements Layer {
  @Override
  public Var apply(Scope s, Var x) {
    Var h = project(s, "conv_1x1", x);
    Var p = before.map(b -> previous(s, b, x)).orElse(x);
    var cell = new Branches(s);
    return reduction ? cell.reduction(h, p) : cell.normal(h, p);
  }

  /// ReLU, 1×1, batch norm.
  private Var project(Scope s, String name, Var x) {
    return norm(s.child(name), "bn", one(s.child(name), "conv", x.relu(), filters));
  }

  private Var previous(Scope s, Var p, Var h) {
    if (p.dim(2) != h.dim(2) || p.dim(3) != h.dim(3)) {
      Var r = p.relu();
      Var even = one(s.child("path_1"), "conv", r.every(1, 1, 2, 2), filters / 2);
      Var odd = one(s.child("path_2"), "conv", shifted(r), filters - filters / 2);
      return norm(s, "final_path_bn", Var.concat(1, List.of(even, odd)));
    }
    return p.dim(1) == filters ? p : project(s, "conv_prev_1x1", p);
  }

  /// Every second pixel from (1, 1) on; where the picture ends before, zeros.
  private static Var shifted(Var x) {
    return odd(odd(x, 2), 3);
  }

  private static Var odd(Var x, int axis) {
    int size = x.dim(axis);
    return (size % 2 == 0 ? x : x.pad(axis, 0, 1)).slice(axis, 1, Math.ceilDiv(size, 2), 2);
  }

  private static Var one(Scope s, String name, Var x, int out) {
    return s.apply(name, conv(x.dim(1), out, 1), x);
  }

  private Var norm(Scope s, String name, Var x) {
    return s.apply(name, new BatchNorm(x.dim(1)).epsilon(epsilon), x);
  }

  private static Conv2d conv(int in, int out, int kernel) {
    return new Conv2d(in, out, kernel).bias(false).init(He.normal());
  }

  /// The branches of one cell, each named by its combination and side.
  private final class Branches {
    private final Scope scope;

    Branches(Scope scope) {
      this.scope = scope;
    }

    Var normal(Var h, Var p) {
      var parts = new ArrayList<Var>();
      parts.add(p.dim(1) == filters ? p : narrowed("final", p));
      parts.add(
          separable("comb_iter_0_left", h, 5, 1).add(separable("comb_iter_0_right", p, 3, 1)));
      parts.add(
          separable("comb_iter_1_left", p, 5, 1).add(separable("comb_iter_1_right", p, 3, 1)));
      parts.add(average("comb_iter_2_left", h, 1).add(itself("comb_iter_2_right", p)));
      parts.add(average("comb_iter_3_left", p, 1).add(average("comb_iter_3_right", p, 1)));
      parts.add(separable("comb_iter_4_left", h, 3, 1).add(h));
      return Var.concat(1, parts);
    }

    Var reduction(Var h, Var p) {
      Var c0 = separable("comb_iter_0_left", h, 5, 2).add(separable("comb_iter_0_right", p, 7, 2));
      Var c1 = max("comb_iter_1_left", h).add(separable("comb_iter_1_right", p, 7, 2));
      Var c2 = average("comb_iter_2_left", h, 2).add(separable("comb_iter_2_right", p, 5, 2));
      Var c3 = c1.add(average("comb_iter_3_right", c0, 1));
      Var c4 = separable("comb_iter_4_left", c0, 3, 1).add(max("comb_iter_4_right", h));
      return Var.concat(1, List.of(c1, c2, c3, c4));
    }

    private Var separable(String name, Var x, int kernel, int stride) {
      Scope s = scope.child(name);
      Var y = twofold(s.child("separable_1"), x.relu(), kernel, stride);
      y = norm(s, "bn_sep_1", y).relu();
      y = twofold(s.child("separable_2"), y, kernel, 1);
      return drop(s, norm(s, "bn_sep_2", y));
    }

    /// Depthwise, then 1×1.
    private Var twofold(Scope s, Var x, int kernel, int stride) {
      int in = x.dim(1);
      var depthwise = conv(in, in, kernel).groups(in).stride(stride);
      Var y = s.apply("depthwise_conv2d", new Same(depthwise), x);
      return one(s, "pointwise_conv2d", y, filters);
    }

    private Var max(String name, Var x) {
      return pool(name, new MaxPool2d(3).stride(2), x);
    }

    private Var average(String name, Var x, int stride) {
      return pool(name, new AveragePool2d(3).stride(stride).countPadding(false), x);
    }

    private Var pool(String name, Windowed pool, Var x) {
      Scope s = scope.child(name);
      Var y = s.apply("pool", new Same(pool), x);
      if (y.dim(1) != filters) {
        y = norm(s, "bn", one(s, "conv", y, filters));
      }
      return drop(s, y);
    }

    /// No operation, but for the number of channels.
    private Var itself(String name, Var x) {
      return x.dim(1) == filters ? x : project(scope, name, x);
    }

    private Var narrowed(String name, Var x) {
      Scope s = scope.child(name);
      return norm(s, "bn", one(s, "conv", x, filters));
    }

    private Var drop(Scope s, Var y) {
      return s.apply("drop_path", new ScheduledDropPath(rate, steps), y);
    }
  }
}
