package unfold.backend.composed;

import static unfold.backend.composed.Steps.part;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.op.RecurrentSequence.LstmSequence;
import unfold.op.RecurrentSequence.LstmSequenceGrad;
import unfold.op.RecurrentStep.LstmStepGrad;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// An LSTM layer backwards.
///
/// @param laters sums that come from later steps, by turns
/// @param cells gradients of c, by turns
/// @param dp gradients of p, if nobody wants them
/// @param whole the whole gradient of h, where there is a projection and nobody wants it
/// @param inner the gradient of what is projected
/// @param zeros in place of a gradient from outside, where a projection has added it already
record LstmBackward(
    LstmSequenceGrad op,
    Call call,
    Steps steps,
    List<Room.Piece> laters,
    List<Room.Piece> cells,
    Room.Piece dp,
    Room.Piece whole,
    Room.Piece inner,
    Room.Piece zeros) {
  /// Operands in front of the peepholes and the projection, more than the layer has.
  private static final int MORE = 2;

  private static final int WEIGHT = 5;

  static Candidate of(LstmSequenceGrad op, Call call, Parts parts) {
    TensorType states = call.inputs().get(0);
    TensorType c = call.inputs().get(2);
    int rows = c.shape().dim(0);
    TensorType h = states.with(Shape.of(rows, states.shape().dim(2)));
    TensorType gate = h.with(Shape.of(rows, 4 * c.shape().dim(1)));
    TensorType wide = h.with(DType.F32);
    boolean plain = !op.projection();
    var steps = new Steps(op.reverse(), states.shape().dim(0) - 1, rows);
    var room = new Room();
    var layer =
        new LstmBackward(
            op,
            call,
            steps,
            List.of(room.take(wide.bytes()), room.take(wide.bytes())),
            List.of(room.take(c.bytes()), room.take(c.bytes())),
            room.takeUnless(call.wanted().get(0), call.outputs().get(0).bytes()),
            room.takeUnless(plain || call.wanted().get(3), h.bytes()),
            room.takeUnless(plain, c.bytes()),
            room.takeUnless(plain, h.with(c.shape()).bytes()));
    var results = new ArrayList<>(List.of(gate, c, wide));
    if (op.projection()) {
      results.add(h);
    }
    var stepping =
        Stepping.of(
            call,
            parts,
            op.lengthsOperand(),
            steps,
            room,
            List.of(h, wide, c, c, c, gate),
            results,
            n -> layer.step(n, parts));
    // Their gradients lie where the gates did: a step needs only its own.
    return new Composition(
            call,
            stepping.label(),
            Composition.inputs(call, WEIGHT, stepping.weight()),
            room.bytes(),
            (in, out, scratch) -> layer.bind(in, out, scratch, stepping.start(in, scratch)))
        .inPlace(0, 4);
  }

  private List<Kernel> bind(
      List<MemorySegment> in,
      List<MemorySegment> out,
      MemorySegment scratch,
      Stepping.Kernels kernels) {
    DType real = call.inputs().get(0).dtype();
    long bytes = call.inputs().get(0).bytes() / (steps.count() + 1);
    long cellBytes = call.inputs().get(2).bytes();
    long gateBytes = call.inputs().get(4).bytes() / steps.count();
    MemorySegment all = call.wanted().get(0) ? out.get(0) : dp.in(scratch);
    MemorySegment later = laters.get(0).in(scratch);
    MemorySegment dc = in.get(1);
    kernels.add(Reals.zero(later));
    if (op.projection()) {
      kernels.add(Reals.zero(zeros.in(scratch)));
    }
    for (int k = steps.count() - 1; k >= 0; k--) {
      int t = steps.step(k);
      int turn = (steps.count() - k) % 2;
      MemorySegment c = k == 0 ? in.get(2) : part(in.get(3), steps.step(k - 1), cellBytes);
      MemorySegment next = laters.get(turn).in(scratch);
      MemorySegment before = cells.get(turn).in(scratch);
      var results = new ArrayList<Result>();
      results.add(Result.zero(part(all, t, gateBytes)));
      results.add(Result.keep(before, 2));
      results.add(Result.sum(next, real, 0, 1));
      if (op.projection()) {
        results.add(
            Result.zero(call.wanted().get(3) ? part(out.get(3), t, bytes) : whole.in(scratch)));
      }
      kernels.step(
          t,
          List.of(
              part(in.get(0), steps.to(t), bytes),
              later,
              dc,
              c,
              part(in.get(3), t, cellBytes),
              part(in.get(4), t, gateBytes)),
          results);
      later = next;
      dc = before;
    }
    if (call.wanted().get(1)) {
      kernels.add(Reals.add(real, part(in.get(0), steps.initial(), bytes), later, out.get(1)));
    }
    if (call.wanted().get(2)) {
      kernels.add(Reals.copy(dc, out.get(2)));
    }
    return kernels.all();
  }

  /// Gradients of h′ from outside and from later steps, of c′, then c, c′ and gates → gradients of
  /// p, of c, of h for the step before, and with a projection the whole gradient of h′.
  ///
  /// @param product the gradient of h from that of the gates
  /// @param projecting the gradient of what is projected, if there is a projection
  private record Step(
      LstmBackward layer,
      int rows,
      Candidate product,
      Candidate gates,
      Optional<Candidate> projecting)
      implements OneStep {
    @Override
    public List<Candidate> parts() {
      var parts = new ArrayList<>(List.of(product, gates));
      projecting.ifPresent(parts::add);
      return parts;
    }

    @Override
    public List<Kernel> bind(
        List<MemorySegment> in,
        List<MemorySegment> operands,
        List<MemorySegment> results,
        MemorySegment scratch,
        MemorySegment shared) {
      var op = layer.op();
      var kernels = new ArrayList<Kernel>();
      MemorySegment outside = operands.get(0);
      MemorySegment later = operands.get(1);
      MemorySegment d = results.get(0);
      var gated = new ArrayList<>(operands);
      if (projecting.isPresent()) {
        MemorySegment sum = results.get(3);
        MemorySegment inner = layer.inner().in(scratch);
        MemorySegment weight = in.get(op.forward().projectionOperand() + MORE);
        long bytes = later.byteSize() / layer.steps().rows() * rows;
        kernels.add(
            Reals.add(layer.call().inputs().get(0).dtype(), outside, later.asSlice(0, bytes), sum));
        kernels.add(projecting.get().bind(List.of(sum, weight), List.of(inner), shared));
        gated.set(0, layer.zeros().in(scratch));
        gated.set(1, inner);
      }
      if (op.peepholes()) {
        gated.add(in.get(LstmSequence.PEEPHOLES + MORE));
      }
      kernels.add(gates.bind(gated, List.of(d, results.get(1)), shared));
      kernels.add(product.bind(List.of(d, in.get(WEIGHT)), List.of(results.get(2)), shared));
      return kernels;
    }
  }

  private Step step(int rows, Parts parts) {
    TensorType states = call.inputs().get(0);
    int units = call.inputs().get(2).shape().dim(1);
    TensorType h = states.with(Shape.of(rows, states.shape().dim(2)));
    TensorType c = call.inputs().get(2).with(Shape.of(rows, units));
    TensorType gate = h.with(Shape.of(rows, 4 * units));
    var gated = new ArrayList<>(List.of(h.with(c.shape()), c, c, c, c, gate));
    if (op.peepholes()) {
      gated.add(call.inputs().get(LstmSequence.PEEPHOLES + MORE));
    }
    return new Step(
        this,
        rows,
        parts.product(false, gate, call.inputs().get(WEIGHT), Optional.empty(), Parts.Weight.ANY),
        parts.gates(new LstmStepGrad(op.peepholes()), gated, List.of(true, true)),
        op.projection()
            ? Optional.of(
                parts.product(
                    false,
                    h,
                    call.inputs().get(op.forward().projectionOperand() + MORE),
                    Optional.empty(),
                    Parts.Weight.ROW_MAJOR))
            : Optional.empty());
  }
}
