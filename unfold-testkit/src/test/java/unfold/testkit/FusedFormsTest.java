package unfold.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.backend.reference.Reference;
import unfold.op.Activation;
import unfold.op.Convolution.Conv2d;
import unfold.op.Linear.MatMul;
import unfold.op.Movement.Reshape;
import unfold.op.Normalization.BatchNormInference;
import unfold.op.Normalization.BatchNormTrain;
import unfold.op.Normalization.BatchNormTrainGrad;
import unfold.op.Op;
import unfold.op.Pointwise.Activate;
import unfold.op.Pointwise.ActivateGrad;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.BinaryFunction;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;

/// A fused op is the ops it stands for, one after the other.
class FusedFormsTest {
  private static final long SEED = 4;

  static Stream<Sample> fused() {
    return Stream.of("conv2d", "matmul", "binary", "batch_norm_train", "batch_norm_inference")
        .flatMap(op -> Samples.of(op).stream())
        .filter(s -> s.name().matches(".* (bias|addend|act=).*"));
  }

  @ParameterizedTest
  @MethodSource("fused")
  void isItsPartsInARow(Sample sample) {
    Op op = sample.op(DType.F64);
    var in = sample.draw(DType.F64, SEED);
    Tensor whole = Reference.evaluate(op, in).getFirst();
    agree(sample, whole, inParts(op, in));
  }

  private static Tensor inParts(Op op, List<Tensor> in) {
    if (op instanceof Conv2d(var window, int groups, Activation activation)) {
      Tensor y = one(new Conv2d(window, groups), in.subList(0, 2));
      if (in.size() > 2) {
        Shape perChannel = Shape.of((int) in.get(2).size(), 1, 1);
        y = add(y, one(new Reshape(perChannel), in.subList(2, 3)));
      }
      return activate(activation, in.size() > 3 ? add(y, in.get(3)) : y);
    }
    if (op instanceof MatMul(boolean ta, boolean tb, DType out, Activation activation)) {
      Tensor y = one(new MatMul(ta, tb, out), in.subList(0, 2));
      return activate(activation, in.size() > 2 ? add(y, in.get(2)) : y);
    }
    if (op instanceof Binary(BinaryFunction f, Activation activation)) {
      return activate(activation, one(new Binary(f), in));
    }
    if (op instanceof BatchNormTrain(double epsilon, double momentum, Activation activation)) {
      var plain = new BatchNormTrain(epsilon, momentum, Activation.IDENTITY);
      Tensor y = one(plain, in.subList(0, 5));
      return activate(activation, in.size() > 5 ? add(y, in.get(5)) : y);
    }
    if (op instanceof BatchNormInference(double epsilon, Activation activation)) {
      Tensor y = one(new BatchNormInference(epsilon, Activation.IDENTITY), in.subList(0, 5));
      return activate(activation, in.size() > 5 ? add(y, in.get(5)) : y);
    }
    throw new AssertionError(op.name() + " has no parts here");
  }

  static Stream<Sample> fusedGradients() {
    return Samples.of("batch_norm_train_grad").stream().filter(s -> s.name().contains("act="));
  }

  @ParameterizedTest
  @MethodSource("fusedGradients")
  void theGradientOfANormalisationGoesThroughItsActivationFirst(Sample sample) {
    var in = sample.draw(DType.F64, SEED);
    var op = (BatchNormTrainGrad) sample.op(DType.F64);
    Activation activation = op.activation();
    // with these statistics in place of the batch's, ε = 0 and var = σ²
    Tensor variance = in.get(5).copy();
    for (long i = 0; i < variance.size(); i++) {
      variance.set(i, 1 / (variance.get(i) * variance.get(i)));
    }
    Tensor before =
        one(
            new BatchNormInference(0, Activation.IDENTITY),
            List.of(in.get(1), in.get(2), in.get(3), in.get(4), variance));
    Tensor after = in.size() > 6 ? in.get(6) : activate(activation, before);
    Tensor known = activation.differentiableFromOutput() ? after : before;
    Tensor g = one(new ActivateGrad(activation), List.of(in.get(0), known));

    var plain = new BatchNormTrainGrad(Activation.IDENTITY);
    var parts =
        Reference.evaluate(
            plain, List.of(g, in.get(1), in.get(2), in.get(3), in.get(4), in.get(5)));
    var whole = Reference.evaluate(op, in);
    for (int result = 0; result < 3; result++) {
      agree(sample, whole.get(result), parts.get(result));
    }
    if (in.size() > 6) {
      agree(sample, whole.get(3), g);
    }
  }

  private static void agree(Sample sample, Tensor whole, Tensor parts) {
    var comparison = Comparison.of(sample.name(), whole, parts, Tolerance.of(DType.F64));
    assertThat(comparison.complaint()).isEmpty();
  }

  private static Tensor one(Op op, List<Tensor> operands) {
    return Reference.evaluate(op, operands).getFirst();
  }

  private static Tensor add(Tensor a, Tensor b) {
    return one(new Binary(BinaryFunction.ADD), List.of(a, b));
  }

  private static Tensor activate(Activation activation, Tensor x) {
    return one(new Activate(activation), List.of(x));
  }
}
