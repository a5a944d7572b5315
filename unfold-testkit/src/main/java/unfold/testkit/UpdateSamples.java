package unfold.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.op.Op;
import unfold.op.Updates;
import unfold.op.Updates.Adagrad;
import unfold.op.Updates.Adam;
import unfold.op.Updates.GlobalNorm;
import unfold.op.Updates.RmsProp;
import unfold.op.Updates.Sgd;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// Optimisers: the shapes of the parameters and the settings of the op; `scale=` multiplies the
/// gradients (`NaN` must leave everything as it is).
final class UpdateSamples {
  private UpdateSamples() {}

  static List<String> names() {
    return """
    sgd 37
    sgd ()
    sgd 6x1x5x5 6 16x6x5x5 10x84 scale=0.5
    sgd 37 4x3 momentum=0.9
    sgd 300x201 17 64x32x3x3 momentum=0.9 decay=5.0E-4
    sgd 6x1x5x5 6 16x6x5x5 10x84 momentum=0.9 decay=5.0E-4
    sgd 37 4x3 momentum=0.9 nesterov=true decay=1.0E-4
    sgd 37 4x3 momentum=0.9 dampening=0.1 scale=0.25
    sgd 37 4x3 momentum=0.9 scale=NaN
    sgd 37 4x3 scale=Infinity
    adam 37 4x3
    adam 300x201 17 64x32x3x3
    adam 6x1x5x5 6 16x6x5x5 10x84 decay=0.01
    adam 37 4x3 decay=0.01 decoupled=true scale=0.5
    adam 37 4x3 scale=NaN
    rmsprop 37 4x3
    rmsprop 37 16x6x5x5 momentum=0.9 decay=1.0E-4 scale=0.5
    rmsprop 37 4x3 momentum=0.9 scale=NaN
    adagrad 37 4x3
    adagrad 37 16x6x5x5 decay=1.0E-4 scale=0.5
    adagrad 37 scale=-Infinity
    global_norm 37
    global_norm 300x201 17
    global_norm 6x1x5x5 6 16x6x5x5 10x84
    """
        .lines()
        .toList();
  }

  static @Nullable Sample read(Words w) {
    return switch (w.op()) {
      case "sgd" ->
          update(w, Op.read("sgd", w.settings("momentum=0 dampening=0 nesterov=false decay=0")));
      case "adam" ->
          update(
              w,
              Op.read("adam", w.settings("beta1=0.9 beta2=0.99 eps=1e-8 decay=0 decoupled=false")));
      case "rmsprop" ->
          update(w, Op.read("rmsprop", w.settings("alpha=0.99 eps=1e-8 momentum=0 decay=0")));
      case "adagrad" -> update(w, Op.read("adagrad", w.settings("eps=1e-10 decay=0")));
      case "global_norm" -> {
        var operands = new ArrayList<Operand>();
        for (int i = 0; i < w.shapeCount(); i++) {
          operands.add(Operand.real("g" + i, w.shape(i)));
        }
        var all = operands.toArray(Operand[]::new);
        yield Sample.of(w, _ -> new GlobalNorm(), all).in(DType.F64, DType.F32);
      }
      default -> null;
    };
  }

  private static @Nullable Sample update(Words w, Op op) {
    if (!(op instanceof Updates update)) {
      return null;
    }
    var operands = new ArrayList<Operand>();
    operands.add(scalar("rate", 0.125));
    operands.add(scalar("scale", w.real("scale", 1)));
    if (update.countsSteps()) {
      operands.add(scalar("step", 3));
    }
    each(w, "p", Draw.normal(), operands);
    each(w, "g", Draw.normal(), operands);
    for (int state = 0; state < update.states(); state++) {
      each(w, "state" + state + "_", state(update, state), operands);
    }
    return Sample.fixed(w, op, operands.toArray(Operand[]::new));
  }

  /// Sums of squares are positive.
  private static Draw state(Updates update, int state) {
    boolean squares =
        switch (update) {
          case Sgd _, GlobalNorm _ -> false;
          case Adam _ -> state == 1;
          case RmsProp _, Adagrad _ -> state == 0;
        };
    return squares ? Draw.uniform(0.5, 2) : Draw.normal();
  }

  private static Operand scalar(String name, double value) {
    return Operand.fixed(name, Shape.SCALAR, DType.F32, Draw.value(value));
  }

  private static void each(Words w, String name, Draw draw, List<Operand> to) {
    for (int i = 0; i < w.shapeCount(); i++) {
      to.add(Operand.fixed(name + i, w.shape(i), DType.F32, draw));
    }
  }
}
