package unfold.model;

import java.util.Map;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Convolution;
import unfold.op.Linear;
import unfold.op.Lookup;
import unfold.op.Movement;
import unfold.op.Normalization;
import unfold.op.Pointwise;
import unfold.op.Pooling;
import unfold.op.Randomness;
import unfold.op.Recurrence;
import unfold.op.Reduction;
import unfold.op.Softmaxes;
import unfold.op.Updates;
import unfold.op.Window;

/// The patch of the input that one number looks at, and how far apart the patches of two neighbours
/// are (in pixels of the input).
///
/// A window of size F and stride S on top makes the size grow by (F − 1)·step and the step by the
/// factor S. So three 3×3 convolutions see 3 → 5 → 7 pixels, like one 7×7.
///
/// @param whole whether the number looks at all of the input
public record ReceptiveField(int height, int width, double stepH, double stepW, boolean whole) {
  static final ReceptiveField PIXEL = new ReceptiveField(1, 1, 1, 1, false);

  static ReceptiveField of(Node node, Map<Integer, ReceptiveField> known) {
    ReceptiveField all = null;
    for (Value v : node.inputs()) {
      ReceptiveField f = known.get(v.id());
      if (f != null) {
        all = all == null ? f : all.or(f);
      }
    }
    return all == null ? PIXEL : all.through(node);
  }

  private ReceptiveField through(Node node) {
    return switch (node.op()) {
      case Convolution op ->
          switch (op) {
            case Convolution.Conv2d c -> under(c.window(), kernel(node, 2), kernel(node, 3));
            case Convolution.ConvTranspose2d c ->
                spread(c.window(), kernel(node, 2), kernel(node, 3));
            case Convolution.Conv2dWeightGrad _ -> everything();
          };
      case Pooling op ->
          switch (op) {
            case Pooling.MaxPool2d p -> under(p.window(), p.kernelH(), p.kernelW());
            case Pooling.AveragePool2d p -> under(p.window(), p.kernelH(), p.kernelW());
            case Pooling.MaxPool2dGrad _,
                Pooling.AveragePool2dGrad _,
                Pooling.AdaptiveAveragePool2d _,
                Pooling.AdaptiveAveragePool2dGrad _,
                Pooling.AdaptiveMaxPool2d _,
                Pooling.AdaptiveMaxPool2dGrad _ ->
                everything();
          };
      case Reduction.Reduce r -> r.axes().stream().anyMatch(a -> a >= 2) ? everything() : this;
      case Movement.Slice s when s.steps().size() == 4 ->
          new ReceptiveField(
              height, width, stepH * s.steps().get(2), stepW * s.steps().get(3), whole);
      case Recurrence _ -> everything();
      case Linear _ -> positions(node) ? everything() : this;
      case Reduction _,
          Normalization _,
          Pointwise _,
          Softmaxes _,
          Movement _,
          Lookup _,
          Randomness _,
          Updates _ ->
          this;
    };
  }

  /// Whether a matrix product mixes what were positions: its operand has no axes for them left.
  private static boolean positions(Node node) {
    return node.input(0).type().shape().rank() == 2;
  }

  private static int kernel(Node node, int axis) {
    return node.input(1).type().shape().dim(axis);
  }

  private ReceptiveField under(Window w, int kernelH, int kernelW) {
    return new ReceptiveField(
        height + (int) Math.round(w.dilationH() * (kernelH - 1) * stepH),
        width + (int) Math.round(w.dilationW() * (kernelW - 1) * stepW),
        stepH * w.strideH(),
        stepW * w.strideW(),
        whole);
  }

  /// A transposed convolution: each number looks at ⌈F/S⌉ inputs, and S of them share a step.
  private ReceptiveField spread(Window w, int kernelH, int kernelW) {
    int seenH = Math.ceilDiv(w.dilationH() * (kernelH - 1) + 1, w.strideH());
    int seenW = Math.ceilDiv(w.dilationW() * (kernelW - 1) + 1, w.strideW());
    return new ReceptiveField(
        height + (int) Math.round((seenH - 1) * stepH),
        width + (int) Math.round((seenW - 1) * stepW),
        stepH / w.strideH(),
        stepW / w.strideW(),
        whole);
  }

  private ReceptiveField everything() {
    return new ReceptiveField(height, width, stepH, stepW, true);
  }

  private ReceptiveField or(ReceptiveField other) {
    return new ReceptiveField(
        Math.max(height, other.height),
        Math.max(width, other.width),
        Math.max(stepH, other.stepH),
        Math.max(stepW, other.stepW),
        whole || other.whole);
  }

  /// `5`, `5×7` or `all`.
  @Override
  public String toString() {
    return whole ? "all" : height == width ? "" + height : height + "×" + width;
  }
}
