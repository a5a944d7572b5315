package unfold.layer;

import unfold.error.ShapeException;
import unfold.op.Softmaxes;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;
import unfold.trace.Scope;
import unfold.trace.Var;

/// What training makes small: one number for a batch, always a mean, so that the learning rate
/// means the same for every batch size.
public sealed interface Loss {
  /// Type of the target that goes with a prediction.
  TensorType target(TensorType prediction);

  /// The loss, a scalar.
  Var apply(Scope s, Var prediction, Var target);

  /// Classification: mean over the items of −Σ_c q[c]·log softmax(x)[c], with q = 1 − smoothing for
  /// the item's class and smoothing/C more for every class. Items whose label is `ignore` do not
  /// count.
  ///
  /// Shapes: logits [N×C], labels [N] i32.
  ///
  /// @source label smoothing: Szegedy et al.: Rethinking the Inception architecture (2016), 7
  record SoftmaxCrossEntropy(double smoothing, int ignore) implements Loss {
    /// No smoothing; label −100 is ignored, as in PyTorch.
    public SoftmaxCrossEntropy() {
      this(0, -100);
    }

    public SoftmaxCrossEntropy smoothing(double to) {
      return new SoftmaxCrossEntropy(to, ignore);
    }

    public SoftmaxCrossEntropy ignore(int label) {
      return new SoftmaxCrossEntropy(smoothing, label);
    }

    @Override
    public TensorType target(TensorType prediction) {
      if (prediction.shape().rank() != 2) {
        throw new ShapeException(
            "softmax_cross_entropy: logits [" + prediction.shape() + "] must be N×C");
      }
      return TensorType.of(DType.I32, prediction.shape().dim(0));
    }

    @Override
    public Var apply(Scope s, Var prediction, Var target) {
      return s.apply(new Softmaxes.SoftmaxCrossEntropy(smoothing, ignore), prediction, target);
    }
  }

  /// Classification with a distribution for each item (mixed or distilled labels): mean over the
  /// items of −Σ_c q'[c]·log softmax(x)[c], with q' = (1 − smoothing)·q + smoothing/C.
  ///
  /// Shapes: logits [N×C], q [N×C].
  record SoftCrossEntropy(double smoothing) implements Loss {
    /// No smoothing.
    public SoftCrossEntropy() {
      this(0);
    }

    @Override
    public TensorType target(TensorType prediction) {
      return prediction;
    }

    @Override
    public Var apply(Scope s, Var prediction, Var target) {
      requireSame(s, "soft_cross_entropy", prediction, target);
      Var q =
          smoothing == 0 ? target : target.affine(1 - smoothing, smoothing / prediction.dim(-1));
      return prediction.logSoftmax(-1).multiply(q).sum(-1).mean().negate();
    }
  }

  /// Regression: the mean of (x − y)².
  record SquaredError() implements Loss {
    @Override
    public TensorType target(TensorType prediction) {
      return prediction;
    }

    @Override
    public Var apply(Scope s, Var prediction, Var target) {
      requireSame(s, "squared_error", prediction, target);
      return prediction.subtract(target).square().mean();
    }
  }

  /// Regression that outliers disturb less: the mean of |x − y|.
  record AbsoluteError() implements Loss {
    @Override
    public TensorType target(TensorType prediction) {
      return prediction;
    }

    @Override
    public Var apply(Scope s, Var prediction, Var target) {
      requireSame(s, "absolute_error", prediction, target);
      return prediction.subtract(target).abs().mean();
    }
  }

  /// Regression between the two above: the mean of d²/(2β) where d = |x − y| < β, else d − β/2. β
  /// times this is the Huber loss.
  ///
  /// @source Girshick: Fast R-CNN (2015), equation 3 (β = 1); Huber: Robust estimation of a
  ///   location parameter (1964)
  record SmoothL1(double beta) implements Loss {
    public SmoothL1 {
      if (!(beta > 0)) {
        throw new IllegalArgumentException("beta " + beta + " must be > 0");
      }
    }

    public SmoothL1() {
      this(1);
    }

    @Override
    public TensorType target(TensorType prediction) {
      return prediction;
    }

    @Override
    public Var apply(Scope s, Var prediction, Var target) {
      requireSame(s, "smooth_l1", prediction, target);
      // With m = min(d, β) both cases are m·(d − m/2)/β.
      Var d = prediction.subtract(target).abs();
      Var m = d.minimum(beta);
      return m.multiply(d.subtract(m.multiply(0.5))).mean().divide(beta);
    }
  }

  /// Yes or no for each output by itself: the mean of −y·log σ(x) − (1 − y)·log(1 − σ(x)) = log(1 +
  /// eˣ) − x·y, stable for any logit.
  ///
  /// Shapes: logits and y (0 … 1) of one shape.
  record BinaryCrossEntropy() implements Loss {
    @Override
    public TensorType target(TensorType prediction) {
      return prediction;
    }

    @Override
    public Var apply(Scope s, Var prediction, Var target) {
      requireSame(s, "binary_cross_entropy", prediction, target);
      return prediction.softplus().subtract(prediction.multiply(target)).mean();
    }
  }

  private static void requireSame(Scope s, String loss, Var prediction, Var target) {
    Shape wanted = prediction.shape();
    if (!target.shape().equals(wanted)) {
      throw s.error(
          loss
              + ": prediction ["
              + wanted
              + "] and target ["
              + target.shape()
              + "] must have one shape");
    }
  }
}
