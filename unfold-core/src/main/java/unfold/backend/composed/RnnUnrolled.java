package unfold.backend.composed;

import static unfold.backend.composed.Steps.part;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.op.RecurrentSequence.RnnSequence;
import unfold.op.RecurrentSequence.RnnSequenceGrad;
import unfold.op.RecurrentStep.RnnStep;
import unfold.op.RecurrentStep.RnnStepGrad;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Plain recurrent layers.
final class RnnUnrolled {
  private RnnUnrolled() {}

  static Candidate forward(RnnSequence op, Call call, Parts parts) {
    TensorType h = call.inputs().get(1);
    TensorType wide = h.with(DType.F32);
    var steps = new Steps(op.reverse(), call.inputs().get(0).shape().dim(0), h.shape().dim(0));
    Candidate product =
        parts.product(true, h, call.inputs().get(2), Optional.empty(), Parts.Weight.ANY);
    Candidate gates = parts.gates(new RnnStep(op.activation()), List.of(h, wide), List.of(true));
    var room = new Room();
    var u = room.take(wide.bytes());
    room.share(product);
    room.share(gates);
    long bytes = h.bytes();
    return new Composition(
        call,
        "steps " + product.label(),
        Composition.inputs(call, 2, product.inputs().get(1)),
        room.bytes(),
        (in, out, scratch) -> {
          var kernels = new ArrayList<Kernel>();
          var ended = new Ended(in, 3, steps.rows(), kernels);
          MemorySegment states = out.getFirst();
          MemorySegment shared = room.shared(scratch);
          MemorySegment sum = u.in(scratch);
          kernels.add(Reals.copy(in.get(1), part(states, steps.initial(), bytes)));
          for (int k = 0; k < steps.count(); k++) {
            int t = steps.step(k);
            MemorySegment before = part(states, steps.from(t), bytes);
            MemorySegment after = part(states, steps.to(t), bytes);
            kernels.add(product.bind(List.of(before, in.get(2)), List.of(sum), shared));
            kernels.add(
                gates.bind(List.of(part(in.get(0), t, bytes), sum), List.of(after), shared));
            ended.keep(t, before, after);
          }
          return kernels;
        });
  }

  static Candidate backward(RnnSequenceGrad op, Call call, Parts parts) {
    TensorType states = call.inputs().get(1);
    int rows = states.shape().dim(1);
    TensorType h = states.with(Shape.of(rows, states.shape().dim(2)));
    TensorType wide = h.with(DType.F32);
    DType real = h.dtype();
    var steps = new Steps(op.reverse(), states.shape().dim(0) - 1, rows);
    Candidate product =
        parts.product(false, h, call.inputs().get(2), Optional.empty(), Parts.Weight.ANY);
    Candidate gates =
        parts.gates(new RnnStepGrad(op.activation()), List.of(h, wide, h), List.of(true));
    var room = new Room();
    var laters = List.of(room.take(wide.bytes()), room.take(wide.bytes()));
    var spare = room.takeUnless(call.wanted().get(0), call.outputs().get(0).bytes());
    room.share(product);
    room.share(gates);
    long bytes = h.bytes();
    return new Composition(
        call,
        "steps " + product.label(),
        Composition.inputs(call, 2, product.inputs().get(1)),
        room.bytes(),
        (in, out, scratch) -> {
          var kernels = new ArrayList<Kernel>();
          var ended = new Ended(in, 3, rows, kernels);
          MemorySegment shared = room.shared(scratch);
          MemorySegment dp = call.wanted().get(0) ? out.get(0) : spare.in(scratch);
          MemorySegment later = laters.get(0).in(scratch);
          kernels.add(Reals.zero(later));
          for (int k = steps.count() - 1; k >= 0; k--) {
            int t = steps.step(k);
            MemorySegment outside = part(in.get(0), steps.to(t), bytes);
            MemorySegment after = part(in.get(1), steps.to(t), bytes);
            MemorySegment d = part(dp, t, bytes);
            MemorySegment next = laters.get((steps.count() - k) % 2).in(scratch);
            kernels.add(gates.bind(List.of(outside, later, after), List.of(d), shared));
            ended.zero(t, d);
            kernels.add(product.bind(List.of(d, in.get(2)), List.of(next), shared));
            ended.pass(t, real, outside, later, next);
            later = next;
          }
          if (call.wanted().get(1)) {
            MemorySegment outside = part(in.get(0), steps.initial(), bytes);
            kernels.add(Reals.add(real, outside, later, out.get(1)));
          }
          return kernels;
        });
  }
}
