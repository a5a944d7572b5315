package unfold.optimizer;

import java.util.ArrayList;
import java.util.List;
import unfold.layer.Zeros;
import unfold.op.Lookup.Fill;
import unfold.op.Updates;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;
import unfold.trace.Declaration;
import unfold.trace.Mode;
import unfold.trace.Scope;
import unfold.trace.Traced;
import unfold.trace.Tracer;
import unfold.trace.Var;

/// A training step in several parts: one program gathers the gradients of a part of the batch and
/// is run for each, then another one updates. So a batch may be larger than memory allows at once.
///
/// Every loss is a mean and the parts are of one size, so the mean of their gradients is the
/// gradient of the whole batch, up to rounding. What looks at the batch as a whole sees a part: the
/// statistics of batch norm.
///
/// @param parts of a batch, two or more
public record Accumulation(int parts) {
  private static final String SUM = "gradient";
  private static final TensorType NUMBER = new TensorType(DType.F32, Shape.SCALAR);

  public Accumulation {
    if (parts < 2) {
      throw new IllegalArgumentException("a batch in " + parts + " parts");
    }
  }

  /// Appends to a program with gradients (results `d:NAME`) that it adds them, divided by the
  /// number of parts, to states `optimizer.gradient.NAME`. A loss that is not finite adds nothing.
  public Traced gather(Traced step) {
    var tracer = Tracer.resume(step, Mode.TRAIN);
    var learning = step.trainable();
    Var loss = tracer.result("loss").orElseThrow();
    Scope s = tracer.root().child("optimizer");
    Scope sums = s.child(SUM);
    // Sums move against their gradients, so the scale is −1 instead of 1.
    Var guard = loss.affine(0, 1);
    var operands = new ArrayList<>(List.of(guard.divide(parts), guard.negate()));
    learning.forEach(d -> operands.add(sums.state(d.name(), d.type(), new Zeros())));
    for (Declaration d : learning) {
      operands.add(tracer.result("d:" + d.name()).orElseThrow());
      tracer.drop("d:" + d.name());
    }
    var made = s.applyAll(new Updates.Sgd(0, 0, false, 0), operands.toArray(Var[]::new)).iterator();
    learning.forEach(d -> sums.update(d.name(), made.next()));
    return tracer.build();
  }

  /// The program that follows the last part: updates by the gathered gradients and makes their sums
  /// zero again. Feed `loss` is the mean loss of the parts; a loss that is not finite changes
  /// nothing but the sums.
  ///
  /// @param gathering what [#gather] made
  public Traced update(Traced gathering, Optimizer optimizer, Updating settings) {
    var tracer = new Tracer("update", Mode.TRAIN);
    Scope root = tracer.root();
    Scope sums = root.child("optimizer").child(SUM);
    tracer.result("loss", tracer.feed("loss", NUMBER));
    for (Declaration d : gathering.states()) {
      if (d.trainable()) {
        root.parameter(d.name(), d.type().shape(), d.initializer());
        tracer.result("d:" + d.name(), sums.state(d.name(), d.type(), new Zeros()));
      } else if (settings.average() > 0 && !d.parameter() && !d.name().startsWith(sums.path())) {
        root.state(d.name(), d.type(), d.initializer());
      }
    }
    var updated = Tracer.resume(optimizer.trace(tracer.build(), settings), Mode.TRAIN);
    Scope again = updated.root().child("optimizer");
    for (Declaration d : gathering.trainable()) {
      again.child(SUM).update(d.name(), again.apply(new Fill(d.type(), 0)));
    }
    return updated.build();
  }
}
