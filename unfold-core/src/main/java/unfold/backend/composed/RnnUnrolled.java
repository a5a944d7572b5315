package unfold.backend.composed;

import static unfold.backend.composed.Steps.part;

import java.lang.foreign.MemorySegment;
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
  private static final int WEIGHT = 2;

  private RnnUnrolled() {}

  /// p, h → h′.
  private record Forward(Candidate product, Candidate gates, Room.Piece sum) implements OneStep {
    @Override
    public List<Candidate> parts() {
      return List.of(product, gates);
    }

    @Override
    public List<Kernel> bind(
        List<MemorySegment> layer,
        List<MemorySegment> operands,
        List<MemorySegment> results,
        MemorySegment scratch,
        MemorySegment shared) {
      MemorySegment u = sum.in(scratch);
      return List.of(
          product.bind(List.of(operands.get(1), layer.get(WEIGHT)), List.of(u), shared),
          gates.bind(List.of(operands.get(0), u), results, shared));
    }
  }

  static Candidate forward(RnnSequence op, Call call, Parts parts) {
    TensorType h = call.inputs().get(1);
    TensorType w = call.inputs().get(WEIGHT);
    int units = h.shape().dim(1);
    var steps = new Steps(op.reverse(), call.inputs().get(0).shape().dim(0), h.shape().dim(0));
    var room = new Room();
    var sum = room.take(h.with(DType.F32).bytes());
    var stepping =
        Stepping.of(
            call,
            parts,
            op.lengthsOperand(),
            steps,
            room,
            List.of(h, h),
            List.of(h),
            rows -> {
              TensorType of = h.with(Shape.of(rows, units));
              return new Forward(
                  parts.product(true, of, w, Optional.empty(), Parts.Weight.ANY),
                  parts.gates(
                      new RnnStep(op.activation()), List.of(of, of.with(DType.F32)), List.of(true)),
                  sum);
            });
    long bytes = h.bytes();
    return new Composition(
        call,
        stepping.label(),
        Composition.inputs(call, WEIGHT, stepping.weight()),
        room.bytes(),
        (in, out, scratch) -> {
          var kernels = stepping.start(in, scratch);
          MemorySegment states = out.getFirst();
          kernels.add(Reals.copy(in.get(1), part(states, steps.initial(), bytes)));
          for (int k = 0; k < steps.count(); k++) {
            int t = steps.step(k);
            kernels.step(
                t,
                List.of(part(in.get(0), t, bytes), part(states, steps.from(t), bytes)),
                List.of(Result.keep(part(states, steps.to(t), bytes), 1)));
          }
          return kernels.all();
        });
  }

  /// Gradients of h′ from outside and from later steps, h′ → gradients of p, and of h for the step
  /// before.
  private record Backward(Candidate product, Candidate gates) implements OneStep {
    @Override
    public List<Candidate> parts() {
      return List.of(product, gates);
    }

    @Override
    public List<Kernel> bind(
        List<MemorySegment> layer,
        List<MemorySegment> operands,
        List<MemorySegment> results,
        MemorySegment scratch,
        MemorySegment shared) {
      MemorySegment d = results.get(0);
      return List.of(
          gates.bind(operands, List.of(d), shared),
          product.bind(List.of(d, layer.get(WEIGHT)), List.of(results.get(1)), shared));
    }
  }

  static Candidate backward(RnnSequenceGrad op, Call call, Parts parts) {
    TensorType states = call.inputs().get(1);
    TensorType w = call.inputs().get(WEIGHT);
    int units = states.shape().dim(2);
    TensorType h = states.with(Shape.of(states.shape().dim(1), units));
    TensorType wide = h.with(DType.F32);
    DType real = h.dtype();
    var steps = new Steps(op.reverse(), states.shape().dim(0) - 1, states.shape().dim(1));
    var room = new Room();
    var laters = List.of(room.take(wide.bytes()), room.take(wide.bytes()));
    var spare = room.takeUnless(call.wanted().get(0), call.outputs().get(0).bytes());
    var stepping =
        Stepping.of(
            call,
            parts,
            op.lengthsOperand(),
            steps,
            room,
            List.of(h, wide, h),
            List.of(h, wide),
            rows -> {
              TensorType of = h.with(Shape.of(rows, units));
              return new Backward(
                  parts.product(false, of, w, Optional.empty(), Parts.Weight.ANY),
                  parts.gates(
                      new RnnStepGrad(op.activation()),
                      List.of(of, of.with(DType.F32), of),
                      List.of(true)));
            });
    long bytes = h.bytes();
    return new Composition(
        call,
        stepping.label(),
        Composition.inputs(call, WEIGHT, stepping.weight()),
        room.bytes(),
        (in, out, scratch) -> {
          var kernels = stepping.start(in, scratch);
          MemorySegment dp = call.wanted().get(0) ? out.get(0) : spare.in(scratch);
          MemorySegment later = laters.get(0).in(scratch);
          kernels.add(Reals.zero(later));
          for (int k = steps.count() - 1; k >= 0; k--) {
            int t = steps.step(k);
            MemorySegment next = laters.get((steps.count() - k) % 2).in(scratch);
            kernels.step(
                t,
                List.of(
                    part(in.get(0), steps.to(t), bytes),
                    later,
                    part(in.get(1), steps.to(t), bytes)),
                List.of(Result.zero(part(dp, t, bytes)), Result.sum(next, real, 0, 1)));
            later = next;
          }
          if (call.wanted().get(1)) {
            MemorySegment outside = part(in.get(0), steps.initial(), bytes);
            kernels.add(Reals.add(real, outside, later, out.get(1)));
          }
          return kernels.all();
        });
  }
}
