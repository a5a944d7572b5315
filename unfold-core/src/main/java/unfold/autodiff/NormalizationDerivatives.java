package unfold.autodiff;

import java.util.ArrayList;
import java.util.List;
import unfold.graph.Value;
import unfold.op.Activation;
import unfold.op.Normalization;
import unfold.op.Normalization.BatchNormInference;
import unfold.op.Normalization.BatchNormTrain;
import unfold.op.Normalization.BatchNormTrainGrad;
import unfold.op.Normalization.LayerNorm;
import unfold.op.Normalization.LayerNormGrad;
import unfold.op.Normalization.LocalResponseNorm;
import unfold.op.Normalization.LocalResponseNormGrad;
import unfold.op.Pointwise.UnaryFunction;

/// Derivatives of the normalisations. The gradients of batch and layer normalisation go through
/// their statistics; μ, σ⁻¹ and the running statistics as results carry none.
final class NormalizationDerivatives {
  private NormalizationDerivatives() {}

  static void derive(Normalization op, Vjp vjp) {
    switch (op) {
      case BatchNormTrain norm -> batchNormTrain(norm, vjp);
      case BatchNormInference norm -> batchNormInference(norm, vjp);
      case LayerNorm norm ->
          vjp.giveAll(
              List.of(0, 1, 2),
              () ->
                  vjp.terms()
                      .all(
                          new LayerNormGrad(norm.axes()),
                          List.of(
                              vjp.dy(),
                              vjp.operand(0),
                              vjp.operand(1),
                              vjp.result(1),
                              vjp.result(2))));
      case LocalResponseNorm(int size, double alpha, double beta, double k) ->
          vjp.give(
              0,
              () ->
                  vjp.terms()
                      .one(
                          new LocalResponseNormGrad(size, alpha, beta, k),
                          vjp.dy(),
                          vjp.operand(0)));
      case BatchNormTrainGrad _, LayerNormGrad _, LocalResponseNormGrad _ ->
          vjp.refuse("has no second derivative here");
    }
  }

  /// The activation goes into [BatchNormTrainGrad], which recovers its argument from x, or from y
  /// if there was an addend. If that cannot be, it is differentiated by itself.
  private static void batchNormTrain(BatchNormTrain op, Vjp vjp) {
    boolean addend = vjp.node().inputs().size() > 5;
    Activation activation = op.activation();
    if (addend && (activation.isIdentity() || !activation.differentiableFromOutput())) {
      Value dz =
          vjp.dyBefore(
              activation,
              () -> new BatchNormTrain(op.epsilon(), op.momentum(), Activation.IDENTITY));
      vjp.giveAll(List.of(0, 1, 2), () -> trainGrad(Activation.IDENTITY, vjp, dz, false));
      vjp.give(5, () -> dz);
      return;
    }
    vjp.giveAll(
        addend ? List.of(0, 1, 2, 5) : List.of(0, 1, 2),
        () -> trainGrad(activation, vjp, vjp.dy(), addend));
  }

  private static List<Value> trainGrad(
      Activation activation, Vjp vjp, Value dy, boolean fromOutput) {
    var operands =
        new ArrayList<>(
            List.of(
                dy, vjp.operand(0), vjp.operand(1), vjp.operand(2), vjp.result(1), vjp.result(2)));
    if (fromOutput) {
      operands.add(vjp.result(0));
    }
    return vjp.terms().all(new BatchNormTrainGrad(activation), operands);
  }

  /// With given statistics everything is linear in x, scale and shift. The gradients of scale and
  /// shift are the sums that [BatchNormTrainGrad] takes, with these statistics in place of the
  /// batch's; dx = dz·scale·σ⁻¹ is the same op without mean and shift.
  ///
  /// dmean = −scale·σ⁻¹·dshift, dvar = −½·scale·σ⁻²·dscale.
  private static void batchNormInference(BatchNormInference op, Vjp vjp) {
    var plain = new BatchNormInference(op.epsilon(), Activation.IDENTITY);
    Terms terms = vjp.terms();
    Value scale = vjp.operand(1);
    Value mean = vjp.operand(3);
    Value variance = vjp.operand(4);
    Value dz = vjp.dyBefore(op.activation(), () -> plain);
    vjp.give(
        0,
        () -> {
          Value zeros = terms.zeros(mean);
          return terms.one(plain, dz, scale, zeros, zeros, variance);
        });
    vjp.give(5, () -> dz);
    if (!vjp.wants(1) && !vjp.wants(2) && !vjp.wants(3) && !vjp.wants(4)) {
      return;
    }
    Value inverse =
        terms.unary(
            UnaryFunction.RECIPROCAL,
            terms.unary(UnaryFunction.SQRT, terms.affine(variance, 1, op.epsilon())));
    List<Value> sums =
        terms.all(
            new BatchNormTrainGrad(Activation.IDENTITY),
            List.of(dz, vjp.operand(0), scale, vjp.operand(2), mean, inverse));
    Value dscale = sums.get(1);
    Value dshift = sums.get(2);
    vjp.give(1, () -> dscale);
    vjp.give(2, () -> dshift);
    Value slope = terms.multiply(scale, inverse);
    vjp.give(3, () -> terms.negate(terms.multiply(slope, dshift)));
    vjp.give(4, () -> terms.scale(terms.multiply(terms.multiply(slope, inverse), dscale), -0.5));
  }
}
