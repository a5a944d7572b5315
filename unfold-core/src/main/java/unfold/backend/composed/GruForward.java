package unfold.backend.composed;

import static unfold.backend.composed.Steps.part;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.op.RecurrentSequence.GruSequence;
import unfold.op.RecurrentStep.GruMix;
import unfold.op.RecurrentStep.GruReset;
import unfold.op.RecurrentStep.GruStep;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// A GRU layer forwards.
///
/// With the reset after the product there are one product and one kernel of gates a step, with the
/// reset before it two of each.
final class GruForward {
  private GruForward() {}

  /// Shapes of one step.
  record Types(TensorType h, TensorType wide, TensorType gates, TensorType pair) {
    static Types of(TensorType real, int rows, int units) {
      TensorType h = real.with(Shape.of(rows, units));
      return new Types(
          h,
          h.with(DType.F32),
          h.with(Shape.of(rows, 3 * units)),
          h.with(Shape.of(rows, 2 * units)));
    }
  }

  static Candidate of(GruSequence op, Call call, Parts parts) {
    Shape h = call.inputs().get(1).shape();
    var types = Types.of(call.inputs().get(1), h.dim(0), h.dim(1));
    var steps = new Steps(op.reverse(), call.inputs().get(0).shape().dim(0), h.dim(0));
    var room = new Room();
    var values = new Values(call, steps, types, room);
    return op.resetAfter()
        ? after(op, call, parts, types, steps, room, values)
        : before(op, call, parts, types, steps, room, values);
  }

  /// Where states, gates and what r acts with lie, whether anybody wants them or not.
  private record Values(
      Call call, Steps steps, Types types, Room.Piece states, Room.Piece gates, Room.Piece inner) {
    Values(Call call, Steps steps, Types types, Room room) {
      this(
          call,
          steps,
          types,
          room.takeUnless(call.wanted().get(0), call.outputs().get(0).bytes()),
          room.takeUnless(call.wanted().get(1), types.gates().bytes()),
          room.takeUnless(call.wanted().get(2), types.h().bytes()));
    }

    MemorySegment states(List<MemorySegment> out, MemorySegment scratch) {
      return call.wanted().get(0) ? out.get(0) : states.in(scratch);
    }

    MemorySegment gates(List<MemorySegment> out, int t, MemorySegment scratch) {
      return call.wanted().get(1) ? part(out.get(1), t, types.gates().bytes()) : gates.in(scratch);
    }

    MemorySegment inner(List<MemorySegment> out, int t, MemorySegment scratch) {
      return call.wanted().get(2) ? part(out.get(2), t, types.h().bytes()) : inner.in(scratch);
    }
  }

  private static Candidate after(
      GruSequence op, Call call, Parts parts, Types types, Steps steps, Room room, Values values) {
    Candidate product =
        parts.product(
            true,
            types.h(),
            call.inputs().get(2),
            Optional.of(call.inputs().get(3)),
            Parts.Weight.ANY);
    TensorType wide = types.gates().with(DType.F32);
    Candidate gates =
        parts.gates(
            new GruStep(), List.of(types.gates(), wide, types.h()), List.of(true, true, true));
    var sum = room.take(wide.bytes());
    room.share(product);
    room.share(gates);
    long bytes = types.h().bytes();
    return new Composition(
        call,
        "steps " + product.label(),
        Composition.inputs(call, 2, product.inputs().get(1)),
        room.bytes(),
        (in, out, scratch) -> {
          var kernels = new ArrayList<Kernel>();
          var ended = new Ended(in, op.lengthsOperand(), steps.rows(), kernels);
          MemorySegment shared = room.shared(scratch);
          MemorySegment u = sum.in(scratch);
          MemorySegment states = values.states(out, scratch);
          kernels.add(Reals.copy(in.get(1), part(states, steps.initial(), bytes)));
          for (int k = 0; k < steps.count(); k++) {
            int t = steps.step(k);
            MemorySegment h = part(states, steps.from(t), bytes);
            MemorySegment next = part(states, steps.to(t), bytes);
            MemorySegment activated = values.gates(out, t, scratch);
            MemorySegment inner = values.inner(out, t, scratch);
            MemorySegment p = part(in.get(0), t, types.gates().bytes());
            kernels.add(product.bind(List.of(h, in.get(2), in.get(3)), List.of(u), shared));
            kernels.add(gates.bind(List.of(p, u, h), List.of(next, activated, inner), shared));
            ended.keep(t, h, next);
            ended.zero(t, activated);
            ended.zero(t, inner);
          }
          return kernels;
        });
  }

  private static Candidate before(
      GruSequence op, Call call, Parts parts, Types types, Steps steps, Room room, Values values) {
    TensorType w = call.inputs().get(2);
    int units = types.h().shape().dim(1);
    Candidate ofPair =
        parts.product(
            true,
            types.h(),
            w.with(Shape.of(2 * units, units)),
            Optional.empty(),
            Parts.Weight.ROW_MAJOR);
    Candidate ofCandidate =
        parts.product(
            true,
            types.h(),
            w.with(Shape.of(units, units)),
            Optional.empty(),
            Parts.Weight.ROW_MAJOR);
    TensorType widePair = types.pair().with(DType.F32);
    Candidate reset =
        parts.gates(
            new GruReset(), List.of(types.gates(), widePair, types.h()), List.of(true, true));
    Candidate mix =
        parts.gates(
            new GruMix(),
            List.of(types.gates(), types.wide(), types.pair(), types.h()),
            List.of(true, true));
    var sums = room.take(widePair.bytes());
    var pairs = room.take(types.pair().bytes());
    List.of(ofPair, ofCandidate, reset, mix).forEach(room::share);
    long bytes = types.h().bytes();
    return new Composition(
        call,
        "steps " + ofPair.label(),
        Composition.inputs(call, 2, Layout.standard(w.shape())),
        room.bytes(),
        (in, out, scratch) -> {
          var kernels = new ArrayList<Kernel>();
          var ended = new Ended(in, op.lengthsOperand(), steps.rows(), kernels);
          MemorySegment shared = room.shared(scratch);
          MemorySegment u = sums.in(scratch);
          MemorySegment one = u.asSlice(0, types.wide().bytes());
          MemorySegment pair = pairs.in(scratch);
          MemorySegment states = values.states(out, scratch);
          long square = units * bytes / steps.rows();
          MemorySegment upper = in.get(2).asSlice(0, 2 * square);
          MemorySegment lower = in.get(2).asSlice(2 * square, square);
          kernels.add(Reals.copy(in.get(1), part(states, steps.initial(), bytes)));
          for (int k = 0; k < steps.count(); k++) {
            int t = steps.step(k);
            MemorySegment h = part(states, steps.from(t), bytes);
            MemorySegment next = part(states, steps.to(t), bytes);
            MemorySegment activated = values.gates(out, t, scratch);
            MemorySegment inner = values.inner(out, t, scratch);
            MemorySegment p = part(in.get(0), t, types.gates().bytes());
            kernels.add(ofPair.bind(List.of(h, upper), List.of(u), shared));
            kernels.add(reset.bind(List.of(p, u, h), List.of(pair, inner), shared));
            kernels.add(ofCandidate.bind(List.of(inner, lower), List.of(one), shared));
            kernels.add(mix.bind(List.of(p, one, pair, h), List.of(next, activated), shared));
            ended.keep(t, h, next);
            ended.zero(t, activated);
            ended.zero(t, inner);
          }
          return kernels;
        });
  }
}
