package unfold.backend.composed;

import static unfold.backend.composed.Steps.part;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
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
///
/// A step goes gradients of h′ from outside, through the later step's products and around them, h,
/// gates, what r acts with → gradients of p, of h by both ways, and with the reset after the
/// product of h·wᵀ + b.
final class GruBackward {
  private static final int WEIGHT = 4;

  private GruBackward() {}

  static Candidate of(GruSequenceGrad op, Call call, Parts parts) {
    Shape states = call.inputs().get(1).shape();
    var types = GruForward.Types.of(call.inputs().get(1), states.dim(1), states.dim(2));
    var steps = new Steps(op.reverse(), states.dim(0) - 1, states.dim(1));
    var room = new Room();
    var values = new Values(op, call, steps, types, room);
    var results = new ArrayList<>(List.of(types.gates(), types.wide(), types.wide()));
    if (op.resetAfter()) {
      results.add(types.gates());
    }
    var stepping =
        Stepping.of(
            call,
            parts,
            op.lengthsOperand(),
            steps,
            room,
            List.of(types.h(), types.wide(), types.wide(), types.h(), types.gates(), types.h()),
            results,
            op.resetAfter() ? after(call, parts, types) : before(call, parts, types, room));
    return new Composition(
        call,
        stepping.label(),
        Composition.inputs(
            call,
            WEIGHT,
            op.resetAfter()
                ? stepping.weight()
                : Layout.standard(call.inputs().get(WEIGHT).shape())),
        room.bytes(),
        (in, out, scratch) -> values.bind(in, out, scratch, stepping.start(in, scratch)));
  }

  /// Where the values of each step lie.
  ///
  /// @param later gradients of h through products, by turns
  /// @param around the others, by turns
  /// @param dp gradients of p at a step, if nobody wants them
  /// @param dq gradients of h·wᵀ + b at a step, if nobody wants them
  private record Values(
      GruSequenceGrad op,
      Call call,
      Steps steps,
      GruForward.Types types,
      List<Room.Piece> later,
      List<Room.Piece> around,
      Room.Piece dp,
      Room.Piece dq) {
    Values(GruSequenceGrad op, Call call, Steps steps, GruForward.Types types, Room room) {
      this(
          op,
          call,
          steps,
          types,
          List.of(room.take(types.wide().bytes()), room.take(types.wide().bytes())),
          List.of(room.take(types.wide().bytes()), room.take(types.wide().bytes())),
          room.takeUnless(call.wanted().get(0), types.gates().bytes()),
          room.takeUnless(!op.resetAfter() || call.wanted().get(2), types.gates().bytes()));
    }

    List<Kernel> bind(
        List<MemorySegment> in,
        List<MemorySegment> out,
        MemorySegment scratch,
        Stepping.Kernels kernels) {
      DType real = types.h().dtype();
      long bytes = types.h().bytes();
      MemorySegment sum = later.get(0).in(scratch);
      MemorySegment rest = around.get(0).in(scratch);
      kernels.add(Reals.zero(sum));
      kernels.add(Reals.zero(rest));
      for (int k = steps.count() - 1; k >= 0; k--) {
        int t = steps.step(k);
        int turn = (steps.count() - k) % 2;
        MemorySegment nextSum = later.get(turn).in(scratch);
        MemorySegment nextRest = around.get(turn).in(scratch);
        var results = new ArrayList<Result>();
        results.add(Result.zero(result(out, 0, t, dp, scratch)));
        results.add(Result.sum(nextSum, real, 0, 1));
        results.add(Result.keep(nextRest, 2));
        if (op.resetAfter()) {
          results.add(Result.zero(result(out, 2, t, dq, scratch)));
        }
        kernels.step(
            t,
            List.of(
                part(in.get(0), steps.to(t), bytes),
                sum,
                rest,
                part(in.get(1), steps.from(t), bytes),
                part(in.get(2), t, types.gates().bytes()),
                part(in.get(3), t, bytes)),
            results);
        sum = nextSum;
        rest = nextRest;
      }
      if (call.wanted().get(1)) {
        kernels.add(Reals.add(DType.F32, sum, rest, sum));
        kernels.add(Reals.add(real, part(in.get(0), steps.initial(), bytes), sum, out.get(1)));
      }
      return kernels.all();
    }

    /// Step t of a result, or the piece that stands for it.
    private MemorySegment result(
        List<MemorySegment> out, int i, int t, Room.Piece spare, MemorySegment scratch) {
      return call.wanted().get(i) ? part(out.get(i), t, types.gates().bytes()) : spare.in(scratch);
    }
  }

  private record After(Candidate product, Candidate gates) implements OneStep {
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
      MemorySegment q = results.get(3);
      return List.of(
          gates.bind(operands, List.of(results.get(0), q, results.get(2)), shared),
          product.bind(List.of(q, layer.get(WEIGHT)), List.of(results.get(1)), shared));
    }
  }

  private static IntFunction<OneStep> after(Call call, Parts parts, GruForward.Types types) {
    return rows -> {
      var of = types.rows(rows);
      return new After(
          parts.product(
              false, of.gates(), call.inputs().get(WEIGHT), Optional.empty(), Parts.Weight.ANY),
          parts.gates(
              new GruStepGrad(),
              List.of(of.h(), of.wide(), of.wide(), of.h(), of.gates(), of.h()),
              List.of(true, true, true)));
    };
  }

  /// @param dn the gradient of n before its tanh, dz of z before its σ
  /// @param inner the gradient of r∘h
  /// @param half that of h around the products, without what comes by r∘h
  /// @param pairs that of r and z before their σ
  private record Before(
      GruForward.Types types,
      Candidate ofPair,
      Candidate ofCandidate,
      Candidate mix,
      Candidate reset,
      Room.Piece dn,
      Room.Piece dz,
      Room.Piece inner,
      Room.Piece half,
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
      var w = GruForward.Halves.of(layer.get(WEIGHT), types);
      MemorySegment h = operands.get(3);
      MemorySegment gates = operands.get(4);
      MemorySegment n = dn.in(scratch);
      MemorySegment z = dz.in(scratch);
      MemorySegment dinner = inner.in(scratch);
      MemorySegment partly = half.in(scratch);
      MemorySegment pair = pairs.in(scratch);
      return List.of(
          mix.bind(operands.subList(0, 5), List.of(n, z, partly), shared),
          ofCandidate.bind(List.of(n, w.candidate()), List.of(dinner), shared),
          reset.bind(
              List.of(n, z, dinner, partly, h, gates),
              List.of(results.get(0), pair, results.get(2)),
              shared),
          ofPair.bind(List.of(pair, w.pair()), List.of(results.get(1)), shared));
    }
  }

  private static IntFunction<OneStep> before(
      Call call, Parts parts, GruForward.Types types, Room room) {
    TensorType w = call.inputs().get(WEIGHT);
    int units = types.units();
    var dn = room.take(types.h().bytes());
    var dz = room.take(types.h().bytes());
    var inner = room.take(types.wide().bytes());
    var half = room.take(types.wide().bytes());
    var pairs = room.take(types.pair().bytes());
    return rows -> {
      var of = types.rows(rows);
      return new Before(
          of,
          parts.product(
              false,
              of.pair(),
              w.with(Shape.of(2 * units, units)),
              Optional.empty(),
              Parts.Weight.ROW_MAJOR),
          parts.product(
              false,
              of.h(),
              w.with(Shape.of(units, units)),
              Optional.empty(),
              Parts.Weight.ROW_MAJOR),
          parts.gates(
              new GruMixGrad(),
              List.of(of.h(), of.wide(), of.wide(), of.h(), of.gates()),
              List.of(true, true, true)),
          parts.gates(
              new GruResetGrad(),
              List.of(of.h(), of.h(), of.wide(), of.wide(), of.h(), of.gates()),
              List.of(true, true, true)),
          dn,
          dz,
          inner,
          half,
          pairs);
    };
  }
}
