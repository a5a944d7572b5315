package unfold.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.backend.reference.Reference;
import unfold.op.Activation;
import unfold.op.Normalization.BatchNormTrain;
import unfold.op.Normalization.BatchNormTrainGrad;
import unfold.op.Normalization.LayerNorm;
import unfold.op.Normalization.LayerNormGrad;
import unfold.op.Op;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Normalisations: the shape of x and the settings of the op; `addend` and `act=` for fused forms.
final class NormalizationSamples {
  private static final double EPSILON = 1e-5;

  private NormalizationSamples() {}

  static List<String> names() {
    var names = new ArrayList<String>();
    for (String op : List.of("batch_norm_train", "batch_norm_train_grad", "batch_norm_inference")) {
      for (String call :
          List.of(
              "2x1x3x3",
              "8x3",
              "64x37",
              "2x6x5x7",
              "4x24x7x7",
              "2x16x8x8",
              "3x37x9x5",
              "2x64x14x14",
              "3x5x11",
              "2x16x8x8 act=relu",
              "3x37x9x5 act=relu",
              "2x24x7x7 act=relu6",
              "2x16x8x8 act=leaky_relu alpha=0.1",
              "2x16x8x8 addend",
              "2x16x8x8 addend act=relu",
              "3x37x9x5 addend act=relu",
              "2x64x14x14 addend act=relu",
              "8x72x14x14 act=relu6",
              "8x64x14x14 addend act=relu")) {
        names.add(op + " " + call);
      }
    }
    names.addAll(
        """
        batch_norm_train 2x24x7x7 act=hard_swish
        batch_norm_train_grad 2x24x7x7 act=hard_swish
        batch_norm_train_grad 2x24x7x7 act=silu
        batch_norm_train 4x24x7x7 eps=0.001 momentum=0.01
        batch_norm_inference 2x24x7x7 act=hard_swish
        layer_norm 4x24 axes=1
        layer_norm 3x1000 axes=1
        layer_norm 2x5x37 axes=1
        layer_norm 2x5x37 axes=2
        layer_norm 2x6x3x4 axes=3
        layer_norm 200x384 axes=1
        layer_norm_grad 4x24 axes=1
        layer_norm_grad 3x1000 axes=1
        layer_norm_grad 2x5x37 axes=1
        layer_norm_grad 2x5x37 axes=2
        layer_norm_grad 2x6x3x4 axes=3
        layer_norm_grad 200x384 axes=1
        local_response_norm 2x7x3x5 size=5 alpha=0.5 beta=0.75 k=2
        local_response_norm 1x37x5x5 size=5 alpha=1e-4 beta=0.75 k=1
        local_response_norm 2x6x3x3 size=4 alpha=0.5 beta=0.5 k=1
        local_response_norm 2x2x3x3 size=5 alpha=0.5 beta=0.75 k=2
        local_response_norm_grad 2x7x3x5 size=5 alpha=0.5 beta=0.75 k=2
        local_response_norm_grad 1x37x5x5 size=5 alpha=1e-4 beta=0.75 k=1
        local_response_norm_grad 2x6x3x3 size=4 alpha=0.5 beta=0.5 k=1
        """
            .lines()
            .toList());
    return names;
  }

  static @Nullable Sample read(Words w) {
    return switch (w.op()) {
      case "batch_norm_train", "batch_norm_inference" -> batchNorm(w);
      case "batch_norm_train_grad" -> batchNormGrad(w);
      case "layer_norm" -> layerNorm(w);
      case "layer_norm_grad" -> layerNormGrad(w);
      case "local_response_norm" -> {
        Op op = Op.read(w.op(), w.settings(""));
        yield Sample.of(w, _ -> op, Operand.real("x", w.shape(0)));
      }
      case "local_response_norm_grad" -> {
        Op op = Op.read(w.op(), w.settings(""));
        yield Sample.of(
            w,
            _ -> op,
            Operand.real("dy", w.shape(0)).constant(),
            Operand.real("x", w.shape(0)).constant());
      }
      default -> null;
    };
  }

  private static Sample batchNorm(Words w) {
    Shape x = w.shape(0);
    Shape channels = Shape.of(x.dim(1));
    Op op = Op.read(w.op(), w.settings("eps=" + EPSILON + " momentum=0.1"));
    var operands = new ArrayList<Operand>();
    operands.add(Operand.real("x", x, Draw.normal(1, 2)));
    operands.add(Operand.wide("scale", channels, Draw.uniform(0.5, 1.5)));
    operands.add(Operand.wide("shift", channels, Draw.normal(0, 0.5)));
    Operand mean = Operand.wide("mean", channels, Draw.normal());
    Operand variance = Operand.wide("var", channels, Draw.uniform(0.5, 2));
    boolean training = w.op().equals("batch_norm_train");
    operands.add(training ? mean.constant() : mean);
    operands.add(training ? variance.constant() : variance);
    if (w.has("addend")) {
      operands.add(Operand.real("addend", x));
    }
    return Sample.of(w, _ -> op, operands.toArray(Operand[]::new));
  }

  private static Sample batchNormGrad(Words w) {
    Shape x = w.shape(0);
    Shape channels = Shape.of(x.dim(1));
    Activation act = w.activation();
    var operands = new ArrayList<Operand>();
    operands.add(Operand.real("dy", x).constant());
    operands.add(Operand.real("x", x, Draw.normal(1, 2)).constant());
    operands.add(Operand.wide("scale", channels, Draw.uniform(0.5, 1.5)).constant());
    operands.add(Operand.wide("shift", channels, Draw.normal(0, 0.5)).constant());
    operands.add(Operand.wide("mean", channels, forward(act, 1)).constant());
    operands.add(Operand.wide("inverse_std", channels, forward(act, 2)).constant());
    if (w.has("addend")) {
      operands.add(Operand.real("y", x, forward(act, 0)).constant());
    }
    return Sample.of(w, _ -> new BatchNormTrainGrad(act), operands.toArray(Operand[]::new));
  }

  /// A result of the forward op on the operands (dy, x, scale, shift) of the gradient; its addend
  /// is dy, as good as any.
  private static Draw forward(Activation act, int result) {
    return Draw.from(
        before -> {
          TensorType channels = before.get(2).type();
          var in =
              List.of(
                  before.get(1),
                  before.get(2),
                  before.get(3),
                  Tensor.zeros(channels),
                  Tensor.zeros(channels),
                  before.get(0));
          return Reference.evaluate(new BatchNormTrain(EPSILON, 0.1, act), in);
        },
        result);
  }

  private static Shape inner(Words w) {
    var dims = w.shape(0).toList();
    return Shape.of(dims.subList(dims.size() - w.integer("axes", 1), dims.size()));
  }

  private static Sample layerNorm(Words w) {
    Op op = Op.read(w.op(), w.settings("axes=1 eps=" + EPSILON));
    return Sample.of(
        w,
        _ -> op,
        Operand.real("x", w.shape(0), Draw.normal(1, 2)),
        Operand.wide("scale", inner(w), Draw.uniform(0.5, 1.5)),
        Operand.wide("shift", inner(w), Draw.normal()));
  }

  private static Sample layerNormGrad(Words w) {
    int axes = w.integer("axes", 1);
    var dims = w.shape(0).toList();
    Shape outer = Shape.of(dims.subList(0, dims.size() - axes));
    return Sample.of(
        w,
        _ -> new LayerNormGrad(axes),
        Operand.real("dy", w.shape(0)).constant(),
        Operand.real("x", w.shape(0), Draw.normal(1, 2)).constant(),
        Operand.wide("scale", inner(w), Draw.uniform(0.5, 1.5)).constant(),
        Operand.wide("mean", outer, statistic(axes, 1)).constant(),
        Operand.wide("inverse_std", outer, statistic(axes, 2)).constant());
  }

  private static Draw statistic(int axes, int result) {
    return Draw.from(
        before ->
            Reference.evaluate(
                new LayerNorm(axes, EPSILON), List.of(before.get(1), before.get(2), before.get(2))),
        result);
  }
}
