package unfold.op;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Normalisations. Statistics, scale and shift stay in f32 (f64 for f64 operands) whatever the
/// activations are.
public sealed interface Normalization extends Op {

  /// Batch normalisation in training: y = act( (x − μ)·σ⁻¹·scale + shift + addend ), μ and σ² the
  /// mean and biased variance of each channel over the batch and all positions, σ⁻¹ = 1/√(σ² + ε).
  ///
  /// Running statistics move by `momentum`: r ← (1 − momentum)·r + momentum·b, with the unbiased
  /// variance (n/(n−1)).
  ///
  /// Operands: x [N×C×…], scale, shift, running mean, running variance [C each], optionally addend
  /// (type of x). Results: y, μ, σ⁻¹, new running mean, new running variance.
  ///
  /// @source Ioffe, Szegedy: Batch normalization (2015), algorithm 1
  record BatchNormTrain(double epsilon, double momentum, Activation activation)
      implements Normalization {
    @Override
    public String name() {
      return "batch_norm_train";
    }

    @Override
    public Attributes attributes() {
      return activation.write(Attributes.of().with("eps", epsilon).with("momentum", momentum));
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in =
          Operands.of(
              this, operands, "x", "scale", "shift", "running_mean", "running_var", "addend?");
      TensorType c = channels(in, 1, 5);
      addend(in, 5);
      if (in.shape(0).size() / Math.max(1, in.shape(0).dim(1)) < 2) {
        throw in.error(
            in.show(0)
                + " has one value per channel; its variance is not defined: train with a"
                + " larger batch");
      }
      return List.of(in.type(0), c, c, c, c);
    }
  }

  /// The gradient of [BatchNormTrain] through its statistics.
  ///
  /// Operands: dy, x, scale, shift, μ, σ⁻¹, and y if there was an addend. Results: dx, dscale,
  /// dshift, and with y given daddend (= dy through the activation).
  record BatchNormTrainGrad(Activation activation) implements Normalization {
    @Override
    public String name() {
      return "batch_norm_train_grad";
    }

    @Override
    public Attributes attributes() {
      return activation.write(Attributes.of());
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in =
          Operands.of(this, operands, "dy", "x", "scale", "shift", "mean", "inverse_std", "y?");
      TensorType c = channels(in, 2, 6);
      in.shape(1, in.shape(0), "x and its gradient agree").sameDtype(0, 1);
      addend(in, 6);
      var out = new ArrayList<>(List.of(in.type(0), c, c));
      if (in.count() > 6) {
        if (!activation.differentiableFromOutput()) {
          throw in.error(
              "the derivative of "
                  + activation
                  + " does not follow from y; leave the activation out of the normalisation");
        }
        out.add(in.type(0));
      }
      return List.copyOf(out);
    }
  }

  /// Batch normalisation with given statistics: y = act( (x − mean)/√(var + ε)·scale + shift +
  /// addend ).
  ///
  /// Operands: x, scale, shift, mean, variance, optionally addend. Result: y.
  record BatchNormInference(double epsilon, Activation activation) implements Normalization {
    @Override
    public String name() {
      return "batch_norm_inference";
    }

    @Override
    public Attributes attributes() {
      return activation.write(Attributes.of().with("eps", epsilon));
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "x", "scale", "shift", "mean", "var", "addend?");
      channels(in, 1, 5);
      addend(in, 5);
      return List.of(in.type(0));
    }
  }

  /// Layer normalisation over the last `axes` axes: y = (x − μ)·σ⁻¹·scale + shift.
  ///
  /// Operands: x, scale, shift (shape of the last axes). Results: y, μ, σ⁻¹ (shape of the leading
  /// axes).
  ///
  /// @source Ba, Kiros, Hinton: Layer normalization (2016)
  record LayerNorm(int axes, double epsilon) implements Normalization {
    @Override
    public String name() {
      return "layer_norm";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("axes", axes).with("eps", epsilon);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "x", "scale", "shift");
      TensorType outer = outer(in, axes, 1, 3);
      return List.of(in.type(0), outer, outer);
    }
  }

  /// The gradient of [LayerNorm]. Operands: dy, x, scale, μ, σ⁻¹. Results: dx, dscale, dshift.
  record LayerNormGrad(int axes) implements Normalization {
    @Override
    public String name() {
      return "layer_norm_grad";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("axes", axes);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "dy", "x", "scale", "mean", "inverse_std");
      TensorType outer = outer(in, axes, 2, 3);
      in.shape(1, in.shape(0), "x and its gradient agree").sameDtype(0, 1);
      in.shape(3, outer.shape(), "one mean per row").shape(4, outer.shape(), "one per row");
      return List.of(in.type(0), in.type(2), in.type(2));
    }
  }

  /// Local response normalisation across channels: y[c] = x[c] / (k + α/size · Σ x[j]²)^β, j over
  /// `size` channels around c.
  ///
  /// @source Krizhevsky, Sutskever, Hinton: ImageNet classification with deep CNNs (2012), 3.3
  ///   (there α is not divided by size)
  record LocalResponseNorm(int size, double alpha, double beta, double k) implements Normalization {
    @Override
    public String name() {
      return "local_response_norm";
    }

    @Override
    public Attributes attributes() {
      return lrn(size, alpha, beta, k);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "x").rank(0, 4, "N×C×H×W").real(0);
      return List.of(in.type(0));
    }
  }

  /// The gradient of [LocalResponseNorm]. Operands: dy, x. Result: dx.
  record LocalResponseNormGrad(int size, double alpha, double beta, double k)
      implements Normalization {
    @Override
    public String name() {
      return "local_response_norm_grad";
    }

    @Override
    public Attributes attributes() {
      return lrn(size, alpha, beta, k);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "dy", "x").rank(0, 4, "N×C×H×W").real(0);
      in.shape(1, in.shape(0), "x and its gradient agree").sameDtype(0, 1);
      return List.of(in.type(0));
    }
  }

  private static Attributes lrn(int size, double alpha, double beta, double k) {
    return Attributes.of().with("size", size).with("alpha", alpha).with("beta", beta).with("k", k);
  }

  /// Checks operands from … to−1 to be one wide number per channel and returns their type.
  private static TensorType channels(Operands in, int from, int to) {
    in.real(0);
    if (in.shape(0).rank() < 2) {
      throw in.error(in.show(0) + " has no channel axis; needs N×C or N×C×H×W");
    }
    Shape c = Shape.of(in.shape(0).dim(1));
    DType wide = in.dtype(0) == DType.F64 ? DType.F64 : DType.F32;
    for (int i = from; i < to; i++) {
      in.shape(i, c, "one number for each channel of " + in.show(0)).dtype(i, wide);
    }
    return new TensorType(wide, c);
  }

  private static void addend(Operands in, int i) {
    if (in.count() > i) {
      in.shape(i, in.shape(0), "it goes with " + in.show(0)).sameDtype(0, i);
    }
  }

  private static TensorType outer(Operands in, int axes, int from, int to) {
    in.real(0);
    Shape x = in.shape(0);
    if (axes < 1 || axes > x.rank()) {
      throw in.error(in.show(0) + " has no " + axes + " last axes");
    }
    var dims = x.toList();
    Shape inner = Shape.of(dims.subList(x.rank() - axes, x.rank()));
    DType wide = in.dtype(0) == DType.F64 ? DType.F64 : DType.F32;
    for (int i = from; i < to; i++) {
      in.shape(i, inner, "the last " + axes + " axes of " + in.show(0)).dtype(i, wide);
    }
    return new TensorType(wide, Shape.of(dims.subList(0, x.rank() - axes)));
  }

  static @Nullable Op read(String name, Attributes a) {
    return switch (name) {
      case "batch_norm_train" ->
          new BatchNormTrain(a.real("eps"), a.real("momentum"), Activation.read(a));
      case "batch_norm_train_grad" -> new BatchNormTrainGrad(Activation.read(a));
      case "batch_norm_inference" -> new BatchNormInference(a.real("eps"), Activation.read(a));
      case "layer_norm" -> new LayerNorm(a.integer("axes"), a.real("eps"));
      case "layer_norm_grad" -> new LayerNormGrad(a.integer("axes"));
      case "local_response_norm" ->
          new LocalResponseNorm(a.integer("size"), a.real("alpha"), a.real("beta"), a.real("k"));
      case "local_response_norm_grad" ->
          new LocalResponseNormGrad(
              a.integer("size"), a.real("alpha"), a.real("beta"), a.real("k"));
      default -> null;
    };
  }
}
