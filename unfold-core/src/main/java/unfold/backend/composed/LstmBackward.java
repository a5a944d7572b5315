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
/// @param product the gradient of h from that of the gates
/// @param projecting the gradient of what is projected, if there is a projection
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
    Candidate product,
    Candidate gates,
    Optional<Candidate> projecting,
    Room room,
    List<Room.Piece> laters,
    List<Room.Piece> cells,
    Room.Piece dp,
    Room.Piece whole,
    Room.Piece inner,
    Room.Piece zeros) {
  /// Operands in front of the peepholes and the projection, more than the layer has.
  private static final int MORE = 2;

  static Candidate of(LstmSequenceGrad op, Call call, Parts parts) {
    LstmSequence layer = op.forward();
    TensorType states = call.inputs().get(0);
    TensorType c = call.inputs().get(2);
    int rows = c.shape().dim(0);
    TensorType h = states.with(Shape.of(rows, states.shape().dim(2)));
    TensorType gate = h.with(Shape.of(rows, 4 * c.shape().dim(1)));
    TensorType hidden = h.with(c.shape());
    TensorType wide = h.with(DType.F32);
    var steps = new Steps(op.reverse(), states.shape().dim(0) - 1, rows);
    Candidate product =
        parts.product(false, gate, call.inputs().get(5), Optional.empty(), Parts.Weight.ANY);
    var types = new ArrayList<>(List.of(hidden, c, c, c, c, gate));
    if (op.peepholes()) {
      types.add(call.inputs().get(LstmSequence.PEEPHOLES + MORE));
    }
    Candidate gates = parts.gates(new LstmStepGrad(op.peepholes()), types, List.of(true, true));
    Optional<Candidate> projecting =
        op.projection()
            ? Optional.of(
                parts.product(
                    false,
                    h,
                    call.inputs().get(layer.projectionOperand() + MORE),
                    Optional.empty(),
                    Parts.Weight.ROW_MAJOR))
            : Optional.empty();
    boolean plain = projecting.isEmpty();
    var room = new Room();
    var laters = List.of(room.take(wide.bytes()), room.take(wide.bytes()));
    var cells = List.of(room.take(c.bytes()), room.take(c.bytes()));
    var dp = room.takeUnless(call.wanted().get(0), call.outputs().get(0).bytes());
    var whole = room.takeUnless(plain || call.wanted().get(3), h.bytes());
    var inner = room.takeUnless(plain, c.bytes());
    var zeros = room.takeUnless(plain, hidden.bytes());
    room.share(product);
    room.share(gates);
    projecting.ifPresent(room::share);
    var made =
        new LstmBackward(
            op,
            call,
            steps,
            product,
            gates,
            projecting,
            room,
            laters,
            cells,
            dp,
            whole,
            inner,
            zeros);
    return new Composition(
        call,
        "steps " + product.label(),
        Composition.inputs(call, 5, product.inputs().get(1)),
        room.bytes(),
        made::bind);
  }

  private List<Kernel> bind(
      List<MemorySegment> in, List<MemorySegment> out, MemorySegment scratch) {
    var kernels = new ArrayList<Kernel>();
    var ended = new Ended(in, op.lengthsOperand(), steps.rows(), kernels);
    DType real = call.inputs().get(0).dtype();
    long bytes = call.inputs().get(0).bytes() / (steps.count() + 1);
    long cellBytes = call.inputs().get(2).bytes();
    long gateBytes = call.inputs().get(4).bytes() / steps.count();
    MemorySegment shared = room.shared(scratch);
    MemorySegment all = call.wanted().get(0) ? out.get(0) : dp.in(scratch);
    MemorySegment later = laters.get(0).in(scratch);
    MemorySegment dc = in.get(1);
    kernels.add(Reals.zero(later));
    if (projecting.isPresent()) {
      kernels.add(Reals.zero(zeros.in(scratch)));
    }
    for (int k = steps.count() - 1; k >= 0; k--) {
      int t = steps.step(k);
      int turn = (steps.count() - k) % 2;
      MemorySegment outside = part(in.get(0), steps.to(t), bytes);
      MemorySegment c = k == 0 ? in.get(2) : part(in.get(3), steps.step(k - 1), cellBytes);
      MemorySegment next = laters.get(turn).in(scratch);
      MemorySegment before = cells.get(turn).in(scratch);
      MemorySegment d = part(all, t, gateBytes);
      var operands = new ArrayList<MemorySegment>();
      if (projecting.isPresent()) {
        MemorySegment sum = call.wanted().get(3) ? part(out.get(3), t, bytes) : whole.in(scratch);
        kernels.add(Reals.add(real, outside, later, sum));
        ended.zero(t, sum);
        MemorySegment weight = in.get(op.forward().projectionOperand() + MORE);
        kernels.add(
            projecting.get().bind(List.of(sum, weight), List.of(inner.in(scratch)), shared));
        operands.add(zeros.in(scratch));
        operands.add(inner.in(scratch));
      } else {
        operands.add(outside);
        operands.add(later);
      }
      operands.add(dc);
      operands.add(c);
      operands.add(part(in.get(3), t, cellBytes));
      operands.add(part(in.get(4), t, gateBytes));
      if (op.peepholes()) {
        operands.add(in.get(LstmSequence.PEEPHOLES + MORE));
      }
      kernels.add(gates.bind(operands, List.of(d, before), shared));
      ended.zero(t, d);
      ended.keep(t, dc, before);
      kernels.add(product.bind(List.of(d, in.get(5)), List.of(next), shared));
      ended.pass(t, real, outside, later, next);
      later = next;
      dc = before;
    }
    if (call.wanted().get(1)) {
      kernels.add(Reals.add(real, part(in.get(0), steps.initial(), bytes), later, out.get(1)));
    }
    if (call.wanted().get(2)) {
      kernels.add(Reals.copy(dc, out.get(2)));
    }
    return kernels;
  }
}
