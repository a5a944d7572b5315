package unfold.backend.reference;

import java.util.List;
import unfold.op.Activation;
import unfold.op.RecurrentStep;
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

/// The gates of single steps, unit by unit.
final class RecurrentStepKernels {
  private RecurrentStepKernels() {}

  static void run(RecurrentStep op, List<Numbers> in, List<Numbers> out) {
    int rows = in.getFirst().dim(0);
    int hidden = hidden(op, out);
    for (int n = 0; n < rows; n++) {
      for (int j = 0; j < hidden; j++) {
        var unit = new Unit(in, out, n, j, hidden);
        switch (op) {
          case RnnStep(Activation f) ->
              unit.set(0, 0, Functions.activate(f, unit.get(0, 0) + unit.get(1, 0)));
          case RnnStepGrad(Activation f) ->
              unit.set(
                  0, 0, (unit.get(0, 0) + unit.get(1, 0)) * Functions.slope(f, unit.get(2, 0)));
          case LstmStep(boolean peepholes) -> lstm(unit, peepholes);
          case LstmStepGrad(boolean peepholes) -> lstmGrad(unit, peepholes);
          case GruStep _ -> gru(unit);
          case GruStepGrad _ -> gruGrad(unit);
          case GruReset _ -> reset(unit);
          case GruMix _ -> mix(unit);
          case GruMixGrad _ -> mixGrad(unit);
          case GruResetGrad _ -> resetGrad(unit);
        }
      }
    }
  }

  private static int hidden(RecurrentStep op, List<Numbers> out) {
    return switch (op) {
      case RnnStep _, RnnStepGrad _, LstmStep _, GruStep _, GruMix _, GruMixGrad _ ->
          out.getFirst().dim(1);
      case LstmStepGrad _, GruReset _ -> out.get(1).dim(1);
      case GruStepGrad _, GruResetGrad _ -> out.get(2).dim(1);
    };
  }

  /// Unit j of row n, in each operand and result with as many gates as that has.
  private record Unit(List<Numbers> in, List<Numbers> out, int n, int j, int hidden) {
    double get(int operand, int gate) {
      Numbers x = in.get(operand);
      return x.get((long) n * x.dim(1) + (long) gate * hidden + j);
    }

    void set(int result, int gate, double value) {
      Numbers y = out.get(result);
      y.set((long) n * y.dim(1) + (long) gate * hidden + j, value);
    }

    /// The peephole of i, f or o; 0 without.
    double peephole(boolean with, int operand, int gate) {
      return with ? in.get(operand).get((long) gate * hidden + j) : 0;
    }
  }

  private static double sigmoid(double x) {
    return Functions.activate(Activation.SIGMOID, x);
  }

  private static void lstm(Unit u, boolean peepholes) {
    double before = u.get(2, 0);
    double i = sigmoid(u.get(0, 0) + u.get(1, 0) + u.peephole(peepholes, 3, 0) * before);
    double f = sigmoid(u.get(0, 1) + u.get(1, 1) + u.peephole(peepholes, 3, 1) * before);
    double g = Math.tanh(u.get(0, 2) + u.get(1, 2));
    double c = f * before + i * g;
    double o = sigmoid(u.get(0, 3) + u.get(1, 3) + u.peephole(peepholes, 3, 2) * c);
    u.set(0, 0, o * Math.tanh(c));
    u.set(1, 0, c);
    u.set(2, 0, i);
    u.set(2, 1, f);
    u.set(2, 2, g);
    u.set(2, 3, o);
  }

  private static void lstmGrad(Unit u, boolean peepholes) {
    double dh = u.get(0, 0) + u.get(1, 0);
    double i = u.get(5, 0);
    double f = u.get(5, 1);
    double g = u.get(5, 2);
    double o = u.get(5, 3);
    double tanh = Math.tanh(u.get(4, 0));
    double da3 = dh * tanh * o * (1 - o);
    double dc = u.get(2, 0) + dh * o * (1 - tanh * tanh) + da3 * u.peephole(peepholes, 6, 2);
    double da0 = dc * g * i * (1 - i);
    double da1 = dc * u.get(3, 0) * f * (1 - f);
    u.set(0, 0, da0);
    u.set(0, 1, da1);
    u.set(0, 2, dc * i * (1 - g * g));
    u.set(0, 3, da3);
    u.set(1, 0, dc * f + da0 * u.peephole(peepholes, 6, 0) + da1 * u.peephole(peepholes, 6, 1));
  }

  private static void gru(Unit u) {
    double r = sigmoid(u.get(0, 0) + u.get(1, 0));
    double z = sigmoid(u.get(0, 1) + u.get(1, 1));
    double n = Math.tanh(u.get(0, 2) + r * u.get(1, 2));
    u.set(0, 0, z * u.get(2, 0) + (1 - z) * n);
    u.set(1, 0, r);
    u.set(1, 1, z);
    u.set(1, 2, n);
    u.set(2, 0, u.get(1, 2));
  }

  private static void gruGrad(Unit u) {
    double dh = u.get(0, 0) + u.get(1, 0) + u.get(2, 0);
    double r = u.get(4, 0);
    double z = u.get(4, 1);
    double n = u.get(4, 2);
    double dn = dh * (1 - z) * (1 - n * n);
    double dz = dh * (u.get(3, 0) - n) * z * (1 - z);
    double dr = dn * u.get(5, 0) * r * (1 - r);
    u.set(0, 0, dr);
    u.set(0, 1, dz);
    u.set(0, 2, dn);
    u.set(1, 0, dr);
    u.set(1, 1, dz);
    u.set(1, 2, dn * r);
    u.set(2, 0, dh * z);
  }

  private static void reset(Unit u) {
    double r = sigmoid(u.get(0, 0) + u.get(1, 0));
    u.set(0, 0, r);
    u.set(0, 1, sigmoid(u.get(0, 1) + u.get(1, 1)));
    u.set(1, 0, r * u.get(2, 0));
  }

  private static void mix(Unit u) {
    double z = u.get(2, 1);
    double n = Math.tanh(u.get(0, 2) + u.get(1, 0));
    u.set(0, 0, z * u.get(3, 0) + (1 - z) * n);
    u.set(1, 0, u.get(2, 0));
    u.set(1, 1, z);
    u.set(1, 2, n);
  }

  private static void mixGrad(Unit u) {
    double dh = u.get(0, 0) + u.get(1, 0) + u.get(2, 0);
    double z = u.get(4, 1);
    double n = u.get(4, 2);
    u.set(0, 0, dh * (1 - z) * (1 - n * n));
    u.set(1, 0, dh * (u.get(3, 0) - n) * z * (1 - z));
    u.set(2, 0, dh * z);
  }

  private static void resetGrad(Unit u) {
    double r = u.get(5, 0);
    double dr = u.get(2, 0) * u.get(4, 0) * r * (1 - r);
    u.set(0, 0, dr);
    u.set(0, 1, u.get(1, 0));
    u.set(0, 2, u.get(0, 0));
    u.set(1, 0, dr);
    u.set(1, 1, u.get(1, 0));
    u.set(2, 0, u.get(3, 0) + u.get(2, 0) * r);
  }
}
