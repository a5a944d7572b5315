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
import unfold.op.RecurrentSequence.GruSequenceGrad;
import unfold.op.RecurrentStep.GruMixGrad;
import unfold.op.RecurrentStep.GruResetGrad;
import unfold.op.RecurrentStep.GruStepGrad;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// A GRU layer backwards. The gradient of h comes by two ways: through the products of the later
/// step, and around them (z∘, and r∘ where the reset is before the product).
final class GruBackward {
  private static final int LENGTHS = 5;

  private GruBackward() {}

  static Candidate of(GruSequenceGrad op, Call call, Parts parts) {
    Shape states = call.inputs().get(1).shape();
    var types = GruForward.Types.of(call.inputs().get(1), states.dim(1), states.dim(2));
    var steps = new Steps(op.reverse(), states.dim(0) - 1, states.dim(1));
    var room = new Room();
    var sums = new Sums(room, types);
    return op.resetAfter()
        ? after(call, parts, types, steps, room, sums)
        : before(call, parts, types, steps, room, sums);
  }

  /// Gradients of h on both ways, by turns.
  private record Sums(List<Room.Piece> later, List<Room.Piece> around) {
    Sums(Room room, GruForward.Types types) {
      this(
          List.of(room.take(types.wide().bytes()), room.take(types.wide().bytes())),
          List.of(room.take(types.wide().bytes()), room.take(types.wide().bytes())));
    }

    void start(List<Kernel> kernels, MemorySegment scratch) {
      kernels.add(Reals.zero(later.get(0).in(scratch)));
      kernels.add(Reals.zero(around.get(0).in(scratch)));
    }
  }

  private static Candidate after(
      Call call, Parts parts, GruForward.Types types, Steps steps, Room room, Sums sums) {
    Candidate product =
        parts.product(
            false, types.gates(), call.inputs().get(4), Optional.empty(), Parts.Weight.ANY);
    Candidate gates =
        parts.gates(
            new GruStepGrad(),
            List.of(types.h(), types.wide(), types.wide(), types.h(), types.gates(), types.h()),
            List.of(true, true, true));
    var dp = room.takeUnless(call.wanted().get(0), types.gates().bytes());
    var dq = room.takeUnless(call.wanted().get(2), types.gates().bytes());
    room.share(product);
    room.share(gates);
    return new Composition(
        call,
        "steps " + product.label(),
        Composition.inputs(call, 4, product.inputs().get(1)),
        room.bytes(),
        (in, out, scratch) -> {
          var kernels = new ArrayList<Kernel>();
          var at = new Places(call, steps, types, sums, in, out, scratch, kernels);
          MemorySegment shared = room.shared(scratch);
          sums.start(kernels, scratch);
          for (int k = steps.count() - 1; k >= 0; k--) {
            int t = steps.step(k);
            MemorySegment d = at.result(0, t, dp);
            MemorySegment q = at.result(2, t, dq);
            kernels.add(
                gates.bind(
                    List.of(
                        at.outside(t),
                        at.later(k),
                        at.around(k),
                        at.h(t),
                        at.gates(t),
                        at.inner(t)),
                    List.of(d, q, at.nextAround(k)),
                    shared));
            at.ended().zero(t, d);
            at.ended().zero(t, q);
            kernels.add(product.bind(List.of(q, in.get(4)), List.of(at.nextLater(k)), shared));
            at.pass(k);
          }
          at.finish();
          return kernels;
        });
  }

  private static Candidate before(
      Call call, Parts parts, GruForward.Types types, Steps steps, Room room, Sums sums) {
    TensorType w = call.inputs().get(4);
    int units = types.h().shape().dim(1);
    TensorType h = types.h();
    TensorType wide = types.wide();
    Candidate ofCandidate =
        parts.product(
            false, h, w.with(Shape.of(units, units)), Optional.empty(), Parts.Weight.ROW_MAJOR);
    Candidate ofPair =
        parts.product(
            false,
            types.pair(),
            w.with(Shape.of(2 * units, units)),
            Optional.empty(),
            Parts.Weight.ROW_MAJOR);
    Candidate mix =
        parts.gates(
            new GruMixGrad(), List.of(h, wide, wide, h, types.gates()), List.of(true, true, true));
    Candidate reset =
        parts.gates(
            new GruResetGrad(),
            List.of(h, h, wide, wide, h, types.gates()),
            List.of(true, true, true));
    var dp = room.takeUnless(call.wanted().get(0), types.gates().bytes());
    var dn = room.take(h.bytes());
    var dz = room.take(h.bytes());
    var dinner = room.take(wide.bytes());
    var half = room.take(wide.bytes());
    var pairs = room.take(types.pair().bytes());
    List.of(ofPair, ofCandidate, reset, mix).forEach(room::share);
    return new Composition(
        call,
        "steps " + ofPair.label(),
        Composition.inputs(call, 4, Layout.standard(w.shape())),
        room.bytes(),
        (in, out, scratch) -> {
          var kernels = new ArrayList<Kernel>();
          var at = new Places(call, steps, types, sums, in, out, scratch, kernels);
          MemorySegment shared = room.shared(scratch);
          long square = units * h.bytes() / steps.rows();
          MemorySegment upper = in.get(4).asSlice(0, 2 * square);
          MemorySegment lower = in.get(4).asSlice(2 * square, square);
          MemorySegment n = dn.in(scratch);
          MemorySegment z = dz.in(scratch);
          MemorySegment inner = dinner.in(scratch);
          MemorySegment partly = half.in(scratch);
          MemorySegment pair = pairs.in(scratch);
          sums.start(kernels, scratch);
          for (int k = steps.count() - 1; k >= 0; k--) {
            int t = steps.step(k);
            MemorySegment d = at.result(0, t, dp);
            kernels.add(
                mix.bind(
                    List.of(at.outside(t), at.later(k), at.around(k), at.h(t), at.gates(t)),
                    List.of(n, z, partly),
                    shared));
            kernels.add(ofCandidate.bind(List.of(n, lower), List.of(inner), shared));
            kernels.add(
                reset.bind(
                    List.of(n, z, inner, partly, at.h(t), at.gates(t)),
                    List.of(d, pair, at.nextAround(k)),
                    shared));
            at.ended().zero(t, d);
            at.ended().zero(t, pair);
            kernels.add(ofPair.bind(List.of(pair, upper), List.of(at.nextLater(k)), shared));
            at.pass(k);
          }
          at.finish();
          return kernels;
        });
  }

  /// Where the values of each step lie.
  private record Places(
      Call call,
      Steps steps,
      GruForward.Types types,
      Sums sums,
      List<MemorySegment> in,
      List<MemorySegment> out,
      MemorySegment scratch,
      List<Kernel> kernels,
      Ended ended) {
    Places(
        Call call,
        Steps steps,
        GruForward.Types types,
        Sums sums,
        List<MemorySegment> in,
        List<MemorySegment> out,
        MemorySegment scratch,
        List<Kernel> kernels) {
      this(
          call,
          steps,
          types,
          sums,
          in,
          out,
          scratch,
          kernels,
          new Ended(in, LENGTHS, steps.rows(), kernels));
    }

    private long bytes() {
      return types.h().bytes();
    }

    private int turn(int k) {
      return (steps.count() - 1 - k) % 2;
    }

    MemorySegment outside(int t) {
      return part(in.get(0), steps.to(t), bytes());
    }

    MemorySegment h(int t) {
      return part(in.get(1), steps.from(t), bytes());
    }

    MemorySegment gates(int t) {
      return part(in.get(2), t, types.gates().bytes());
    }

    MemorySegment inner(int t) {
      return part(in.get(3), t, bytes());
    }

    /// Part t of a result, or the piece that stands for it.
    MemorySegment result(int i, int t, Room.Piece spare) {
      return call.wanted().get(i) ? part(out.get(i), t, types.gates().bytes()) : spare.in(scratch);
    }

    MemorySegment later(int k) {
      return sums.later().get(turn(k)).in(scratch);
    }

    MemorySegment nextLater(int k) {
      return sums.later().get(1 - turn(k)).in(scratch);
    }

    MemorySegment around(int k) {
      return sums.around().get(turn(k)).in(scratch);
    }

    MemorySegment nextAround(int k) {
      return sums.around().get(1 - turn(k)).in(scratch);
    }

    /// Where a row had ended, all of its gradient goes around the step.
    void pass(int k) {
      int t = steps.step(k);
      DType real = types.h().dtype();
      ended.pass(t, real, outside(t), later(k), nextLater(k));
      ended.keep(t, around(k), nextAround(k));
    }

    /// The gradient of the initial state.
    void finish() {
      if (call.wanted().get(1)) {
        DType real = types.h().dtype();
        MemorySegment sum = sums.later().get(steps.count() % 2).in(scratch);
        MemorySegment rest = sums.around().get(steps.count() % 2).in(scratch);
        kernels.add(Reals.add(DType.F32, sum, rest, sum));
        kernels.add(Reals.add(real, part(in.get(0), steps.initial(), bytes()), sum, out.get(1)));
      }
    }
  }
}
