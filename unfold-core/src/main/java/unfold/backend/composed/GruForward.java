package unfold.backend.composed;

import static unfold.backend.composed.Steps.part;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
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

/// A GRU layer forwards. A step goes p, h → h′, gates, what r acts with.
///
/// With the reset after the product there are one product and one kernel of gates a step, with the
/// reset before it two of each.
final class GruForward {
  private static final int WEIGHT = 2;
  private static final int BIAS = 3;

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

    /// The same for fewer rows.
    Types rows(int n) {
      return of(h, n, h.shape().dim(1));
    }

    int units() {
      return h.shape().dim(1);
    }
  }

  static Candidate of(GruSequence op, Call call, Parts parts) {
    Shape h = call.inputs().get(1).shape();
    var types = Types.of(call.inputs().get(1), h.dim(0), h.dim(1));
    var steps = new Steps(op.reverse(), call.inputs().get(0).shape().dim(0), h.dim(0));
    var room = new Room();
    var values = new Values(call, steps, types, room);
    var step = op.resetAfter() ? after(call, parts, types, room) : before(call, parts, types, room);
    var stepping =
        Stepping.of(
            call,
            parts,
            op.lengthsOperand(),
            steps,
            room,
            List.of(types.gates(), types.h()),
            List.of(types.h(), types.gates(), types.h()),
            step);
    // Gates lie where p did: a step reads its own before it writes them.
    return new Composition(
            call,
            stepping.label(),
            Composition.inputs(
                call,
                WEIGHT,
                op.resetAfter()
                    ? stepping.weight()
                    : Layout.standard(call.inputs().get(2).shape())),
            room.bytes(),
            (in, out, scratch) -> values.bind(in, out, scratch, stepping.start(in, scratch)))
        .inPlace(1, 0);
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

    List<Kernel> bind(
        List<MemorySegment> in,
        List<MemorySegment> out,
        MemorySegment scratch,
        Stepping.Kernels kernels) {
      long bytes = types.h().bytes();
      MemorySegment all = call.wanted().get(0) ? out.get(0) : states.in(scratch);
      kernels.add(Reals.copy(in.get(1), part(all, steps.initial(), bytes)));
      for (int k = 0; k < steps.count(); k++) {
        int t = steps.step(k);
        kernels.step(
            t,
            List.of(part(in.get(0), t, types.gates().bytes()), part(all, steps.from(t), bytes)),
            List.of(
                Result.keep(part(all, steps.to(t), bytes), 1),
                Result.zero(gates(out, t, scratch)),
                Result.zero(inner(out, t, scratch))));
      }
      return kernels.all();
    }

    private MemorySegment gates(List<MemorySegment> out, int t, MemorySegment scratch) {
      return call.wanted().get(1) ? part(out.get(1), t, types.gates().bytes()) : gates.in(scratch);
    }

    private MemorySegment inner(List<MemorySegment> out, int t, MemorySegment scratch) {
      return call.wanted().get(2) ? part(out.get(2), t, types.h().bytes()) : inner.in(scratch);
    }
  }

  private record After(Candidate product, Candidate gates, Room.Piece sum) implements OneStep {
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
      MemorySegment p = operands.get(0);
      MemorySegment h = operands.get(1);
      MemorySegment u = sum.in(scratch);
      return List.of(
          product.bind(List.of(h, layer.get(WEIGHT), layer.get(BIAS)), List.of(u), shared),
          gates.bind(List.of(p, u, h), results, shared));
    }
  }

  private static IntFunction<OneStep> after(Call call, Parts parts, Types types, Room room) {
    var sum = room.take(types.gates().with(DType.F32).bytes());
    return rows -> {
      Types of = types.rows(rows);
      return new After(
          parts.product(
              true,
              of.h(),
              call.inputs().get(WEIGHT),
              Optional.of(call.inputs().get(BIAS)),
              Parts.Weight.ANY),
          parts.gates(
              new GruStep(),
              List.of(of.gates(), of.gates().with(DType.F32), of.h()),
              List.of(true, true, true)),
          sum);
    };
  }

  private record Before(
      Types types,
      Candidate ofPair,
      Candidate ofCandidate,
      Candidate reset,
      Candidate mix,
      Room.Piece sums,
      Room.Piece pairs)
      implements OneStep {
    @Override
    public List<Candidate> parts() {
      return List.of(ofPair, ofCandidate, reset, mix);
    }

    @Override
    public List<Kernel> bind(
        List<MemorySegment> layer,
        List<MemorySegment> operands,
        List<MemorySegment> results,
        MemorySegment scratch,
        MemorySegment shared) {
      MemorySegment p = operands.get(0);
      MemorySegment h = operands.get(1);
      MemorySegment u = sums.in(scratch);
      MemorySegment one = u.asSlice(0, types.wide().bytes());
      MemorySegment pair = pairs.in(scratch);
      MemorySegment activated = results.get(1);
      MemorySegment inner = results.get(2);
      var w = Halves.of(layer.get(WEIGHT), types);
      return List.of(
          ofPair.bind(List.of(h, w.pair()), List.of(u), shared),
          reset.bind(List.of(p, u, h), List.of(pair, inner), shared),
          ofCandidate.bind(List.of(inner, w.candidate()), List.of(one), shared),
          mix.bind(List.of(p, one, pair, h), List.of(results.get(0), activated), shared));
    }
  }

  /// The weight of r and z, and that of the candidate.
  record Halves(MemorySegment pair, MemorySegment candidate) {
    static Halves of(MemorySegment weight, Types types) {
      long square = (long) types.units() * types.units() * types.h().dtype().bytes();
      return new Halves(weight.asSlice(0, 2 * square), weight.asSlice(2 * square, square));
    }
  }

  private static IntFunction<OneStep> before(Call call, Parts parts, Types types, Room room) {
    TensorType w = call.inputs().get(WEIGHT);
    int units = types.units();
    var sums = room.take(types.pair().with(DType.F32).bytes());
    var pairs = room.take(types.pair().bytes());
    return rows -> {
      Types of = types.rows(rows);
      return new Before(
          of,
          parts.product(
              true,
              of.h(),
              w.with(Shape.of(2 * units, units)),
              Optional.empty(),
              Parts.Weight.ROW_MAJOR),
          parts.product(
              true,
              of.h(),
              w.with(Shape.of(units, units)),
              Optional.empty(),
              Parts.Weight.ROW_MAJOR),
          parts.gates(
              new GruReset(),
              List.of(of.gates(), of.pair().with(DType.F32), of.h()),
              List.of(true, true)),
          parts.gates(
              new GruMix(), List.of(of.gates(), of.wide(), of.pair(), of.h()), List.of(true, true)),
          sums,
          pairs);
    };
  }
}
