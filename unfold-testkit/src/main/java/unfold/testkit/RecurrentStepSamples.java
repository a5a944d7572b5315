package unfold.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.op.Op;
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
import unfold.tensor.Shape;

/// Gates of one step: rows and hidden units (`n3h5`); `peepholes`, `act=`.
final class RecurrentStepSamples {
  private RecurrentStepSamples() {}

  static List<String> names() {
    var names = new ArrayList<String>();
    for (String op :
        List.of(
            "rnn_step act=tanh",
            "rnn_step act=relu",
            "rnn_step_grad act=tanh",
            "rnn_step_grad act=relu",
            "lstm_step",
            "lstm_step peepholes",
            "lstm_step_grad",
            "lstm_step_grad peepholes",
            "gru_step",
            "gru_step_grad",
            "gru_reset",
            "gru_reset_grad",
            "gru_mix",
            "gru_mix_grad")) {
      for (String size : List.of("n1h1", "n3h5", "n5h16", "n2h37", "n64h128")) {
        names.add(op + " " + size);
      }
    }
    return names;
  }

  static @Nullable Sample read(Words w) {
    return switch (w.op()) {
      case "rnn_step" -> sample(w, new RnnStep(w.activation()), real(w, "p", 1), wide(w, "u", 1));
      case "rnn_step_grad" ->
          sample(
              w, new RnnStepGrad(w.activation()), real(w, "dy", 1), wide(w, "later", 1), state(w));
      case "lstm_step" -> lstm(w);
      case "lstm_step_grad" -> lstmGrad(w);
      case "gru_step" -> sample(w, new GruStep(), real(w, "p", 3), wide(w, "u", 3), state(w));
      case "gru_step_grad" ->
          sample(
              w,
              new GruStepGrad(),
              real(w, "dy", 1),
              wide(w, "later", 1),
              wide(w, "around", 1),
              state(w),
              gates(w, "gates", 3),
              real(w, "inner", 1));
      case "gru_reset" -> sample(w, new GruReset(), real(w, "p", 3), wide(w, "u", 2), state(w));
      case "gru_reset_grad" ->
          sample(
              w,
              new GruResetGrad(),
              real(w, "dn", 1),
              real(w, "dz", 1),
              wide(w, "dinner", 1),
              wide(w, "around", 1),
              state(w),
              gates(w, "gates", 3));
      case "gru_mix" ->
          sample(w, new GruMix(), real(w, "p", 3), wide(w, "u", 1), gates(w, "rz", 2), state(w));
      case "gru_mix_grad" ->
          sample(
              w,
              new GruMixGrad(),
              real(w, "dy", 1),
              wide(w, "later", 1),
              wide(w, "around", 1),
              state(w),
              gates(w, "gates", 3));
      default -> null;
    };
  }

  private static Sample lstm(Words w) {
    boolean peepholes = w.has("peepholes");
    var operands = new ArrayList<>(List.of(real(w, "p", 4), wide(w, "u", 4), wide(w, "c", 1)));
    if (peepholes) {
      operands.add(peepholes(w));
    }
    return sample(w, new LstmStep(peepholes), operands.toArray(Operand[]::new));
  }

  private static Sample lstmGrad(Words w) {
    boolean peepholes = w.has("peepholes");
    var operands =
        new ArrayList<>(
            List.of(
                real(w, "dy", 1),
                wide(w, "later", 1),
                wide(w, "dc", 1),
                wide(w, "c", 1),
                wide(w, "next", 1),
                gates(w, "gates", 4)));
    if (peepholes) {
      operands.add(peepholes(w));
    }
    return sample(w, new LstmStepGrad(peepholes), operands.toArray(Operand[]::new));
  }

  /// Steps have no derivative of their own.
  private static Sample sample(Words w, Op op, Operand... operands) {
    return Sample.of(
        w, _ -> op, Arrays.stream(operands).map(Operand::constant).toArray(Operand[]::new));
  }

  private static Shape shape(Words w, int times) {
    return Shape.of(w.number('n'), times * w.number('h'));
  }

  private static Operand real(Words w, String name, int times) {
    return Operand.real(name, shape(w, times));
  }

  private static Operand wide(Words w, String name, int times) {
    return Operand.wide(name, shape(w, times), Draw.normal());
  }

  private static Operand state(Words w) {
    return Operand.real("h", shape(w, 1), Draw.uniform(-1, 1));
  }

  private static Operand gates(Words w, String name, int times) {
    return Operand.real(name, shape(w, times), Draw.uniform(0.05, 0.95));
  }

  private static Operand peepholes(Words w) {
    return Operand.wide("peepholes", Shape.of(3, w.number('h')), Draw.normal(0, 0.5));
  }
}
