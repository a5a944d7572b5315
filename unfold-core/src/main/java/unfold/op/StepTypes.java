package unfold.op;

import java.util.Arrays;
import java.util.List;
import unfold.op.RecurrentStep.GruMix;
import unfold.op.RecurrentStep.GruMixGrad;
import unfold.op.RecurrentStep.GruReset;
import unfold.op.RecurrentStep.GruResetGrad;
import unfold.op.RecurrentStep.GruStep;
import unfold.op.RecurrentStep.GruStepGrad;
import unfold.op.RecurrentStep.LstmStep;
import unfold.op.RecurrentStep.LstmStepGrad;
import unfold.op.RecurrentStep.RnnStep;
import unfold.op.RecurrentStep.RnnStepGrad;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// The shape rules of [RecurrentStep]: all operands of a step are N rows of some times H numbers.
record StepTypes(Operands in, int rows, int hidden, DType real, DType wide) {

  static List<TensorType> infer(RecurrentStep op, List<TensorType> operands) {
    return switch (op) {
      case RnnStep _ -> {
        var in = of(op, operands, 1, "p", "u").wide(1, 1);
        yield List.of(in.real(1));
      }
      case RnnStepGrad _ -> {
        var in = of(op, operands, 1, "dy", "later", "h").wide(1, 1).narrow(2, 1);
        yield List.of(in.real(1));
      }
      case LstmStep(boolean peepholes) -> {
        var in = of(op, operands, 4, names(peepholes, "p", "u", "c")).wide(1, 4).wide(2, 1);
        if (peepholes) {
          in.peepholes(3);
        }
        yield List.of(in.real(1), in.wide(1), in.real(4));
      }
      case LstmStepGrad(boolean peepholes) -> {
        var in = of(op, operands, 1, names(peepholes, "dy", "later", "dc", "c", "next", "gates"));
        in.wide(1, 1).wide(2, 1).wide(3, 1).wide(4, 1).narrow(5, 4);
        if (peepholes) {
          in.peepholes(6);
        }
        yield List.of(in.real(4), in.wide(1));
      }
      case GruStep _ -> {
        var in = of(op, operands, 3, "p", "u", "h").wide(1, 3).narrow(2, 1);
        yield List.of(in.real(1), in.real(3), in.real(1));
      }
      case GruStepGrad _ -> {
        var in = of(op, operands, 1, "dy", "later", "around", "h", "gates", "inner");
        in.wide(1, 1).wide(2, 1).narrow(3, 1).narrow(4, 3).narrow(5, 1);
        yield List.of(in.real(3), in.real(3), in.wide(1));
      }
      case GruReset _ -> {
        var in = of(op, operands, 3, "p", "u", "h").wide(1, 2).narrow(2, 1);
        yield List.of(in.real(2), in.real(1));
      }
      case GruMix _ -> {
        var in = of(op, operands, 3, "p", "u", "rz", "h").wide(1, 1).narrow(2, 2).narrow(3, 1);
        yield List.of(in.real(1), in.real(3));
      }
      case GruMixGrad _ -> {
        var in = of(op, operands, 1, "dy", "later", "around", "h", "gates");
        in.wide(1, 1).wide(2, 1).narrow(3, 1).narrow(4, 3);
        yield List.of(in.real(1), in.real(1), in.wide(1));
      }
      case GruResetGrad _ -> {
        var in = of(op, operands, 1, "dn", "dz", "dinner", "around", "h", "gates");
        in.narrow(1, 1).wide(2, 1).wide(3, 1).narrow(4, 1).narrow(5, 3);
        yield List.of(in.real(3), in.real(2), in.wide(1));
      }
    };
  }

  private static String[] names(boolean peepholes, String... names) {
    String[] all = Arrays.copyOf(names, names.length + (peepholes ? 1 : 0));
    Arrays.fill(all, names.length, all.length, "peepholes");
    return all;
  }

  /// @param gates that operand 0 has
  private static StepTypes of(
      RecurrentStep op, List<TensorType> operands, int gates, String... names) {
    var in = Operands.of(op, operands, names);
    in.rank(0, 2, "N×" + (gates == 1 ? "" : gates) + "H").real(0);
    int width = in.shape(0).dim(1);
    if (width % gates != 0) {
      throw in.error(in.show(0) + " must have " + gates + " equal gates along its last axis");
    }
    DType real = in.dtype(0);
    return new StepTypes(in, in.shape(0).dim(0), width / gates, real, SequenceTypes.wide(real));
  }

  private StepTypes wide(int i, int times) {
    in.shape(i, shape(times), times + " per row and hidden unit").dtype(i, wide);
    return this;
  }

  private StepTypes narrow(int i, int times) {
    in.shape(i, shape(times), times + " per row and hidden unit").sameDtype(0, i);
    return this;
  }

  private void peepholes(int i) {
    in.shape(i, Shape.of(3, hidden), "one row each for i, f and o").dtype(i, wide);
  }

  private TensorType real(int times) {
    return new TensorType(real, shape(times));
  }

  private TensorType wide(int times) {
    return new TensorType(wide, shape(times));
  }

  private Shape shape(int times) {
    return Shape.of(rows, in.extent((long) times * hidden, "numbers a row"));
  }
}
