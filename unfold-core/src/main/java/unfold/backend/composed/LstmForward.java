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
import unfold.op.RecurrentStep.LstmStep;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// An LSTM layer forwards.
///
/// @param product h·wᵀ
/// @param projecting the projection, if there is one
record LstmForward(
    LstmSequence op,
    Call call,
    Steps steps,
    Candidate product,
    Candidate gates,
    Optional<Candidate> projecting,
    Room room,
    Room.Piece sum,
    Room.Piece projected,
    List<Room.Piece> cells,
    Room.Piece hidden,
    Room.Piece narrow) {

  static Candidate of(LstmSequence op, Call call, Parts parts) {
    TensorType h = call.inputs().get(1);
    TensorType c = call.inputs().get(2);
    int rows = h.shape().dim(0);
    int units = c.shape().dim(1);
    TensorType p = h.with(Shape.of(rows, 4 * units));
    var steps = new Steps(op.reverse(), call.inputs().get(0).shape().dim(0), rows);
    Candidate product =
        parts.product(true, h, call.inputs().get(3), Optional.empty(), Parts.Weight.ANY);
    var types = new ArrayList<>(List.of(p, p.with(DType.F32), c));
    if (op.peepholes()) {
      types.add(call.inputs().get(LstmSequence.PEEPHOLES));
    }
    Candidate gates =
        parts.gates(new LstmStep(op.peepholes()), types, List.of(true, true, call.wanted().get(3)));
    TensorType hidden = h.with(Shape.of(rows, units));
    Optional<Candidate> projecting =
        op.projection()
            ? Optional.of(
                parts.product(
                    true,
                    hidden,
                    call.inputs().get(op.projectionOperand()),
                    Optional.empty(),
                    Parts.Weight.ROW_MAJOR))
            : Optional.empty();
    var room = new Room();
    var sum = room.take(p.with(DType.F32).bytes());
    var projected = room.takeUnless(projecting.isEmpty(), h.with(DType.F32).bytes());
    boolean keepsCells = call.wanted().get(2);
    var cells =
        List.of(room.takeUnless(keepsCells, c.bytes()), room.takeUnless(keepsCells, c.bytes()));
    boolean keepsHidden = projecting.isEmpty() || call.wanted().get(4);
    var spare = room.takeUnless(keepsHidden, hidden.bytes());
    var zeros = room.takeUnless(projecting.isEmpty(), h.bytes());
    var states = room.takeUnless(call.wanted().get(0), call.outputs().get(0).bytes());
    room.share(product);
    room.share(gates);
    projecting.ifPresent(room::share);
    var layer =
        new LstmForward(
            op, call, steps, product, gates, projecting, room, sum, projected, cells, spare, zeros);
    return new Composition(
        call,
        "steps " + product.label(),
        Composition.inputs(call, 3, product.inputs().get(1)),
        room.bytes(),
        (in, out, scratch) ->
            layer.bind(in, out, scratch, call.wanted().get(0) ? out.get(0) : states.in(scratch)));
  }

  private List<Kernel> bind(
      List<MemorySegment> in,
      List<MemorySegment> out,
      MemorySegment scratch,
      MemorySegment states) {
    var kernels = new ArrayList<Kernel>();
    var ended = new Ended(in, op.lengthsOperand(), steps.rows(), kernels);
    long bytes = call.inputs().get(1).bytes();
    long cellBytes = call.inputs().get(2).bytes();
    long gateBytes = call.outputs().get(3).bytes() / steps.count();
    MemorySegment shared = room.shared(scratch);
    MemorySegment u = sum.in(scratch);
    MemorySegment c = in.get(2);
    kernels.add(Reals.copy(in.get(1), part(states, steps.initial(), bytes)));
    for (int k = 0; k < steps.count(); k++) {
      int t = steps.step(k);
      MemorySegment before = part(states, steps.from(t), bytes);
      MemorySegment after = part(states, steps.to(t), bytes);
      MemorySegment next =
          call.wanted().get(2) ? part(out.get(2), t, cellBytes) : cells.get(k % 2).in(scratch);
      MemorySegment activated =
          call.wanted().get(3) ? part(out.get(3), t, gateBytes) : MemorySegment.NULL;
      MemorySegment h = projecting.isEmpty() ? after : hidden(out, t, scratch);
      kernels.add(product.bind(List.of(before, in.get(3)), List.of(u), shared));
      var operands = new ArrayList<>(List.of(part(in.get(0), t, gateBytes), u, c));
      if (op.peepholes()) {
        operands.add(in.get(LstmSequence.PEEPHOLES));
      }
      kernels.add(gates.bind(operands, List.of(h, next, activated), shared));
      if (projecting.isPresent()) {
        project(kernels, h, in.get(op.projectionOperand()), after, scratch);
        ended.zero(t, h);
      }
      ended.keep(t, before, after);
      ended.keep(t, c, next);
      if (call.wanted().get(3)) {
        ended.zero(t, activated);
      }
      c = next;
    }
    if (call.wanted().get(1)) {
      kernels.add(Reals.copy(c, out.get(1)));
    }
    return kernels;
  }

  private MemorySegment hidden(List<MemorySegment> out, int t, MemorySegment scratch) {
    return call.wanted().get(4)
        ? part(out.get(4), t, call.outputs().get(4).bytes() / steps.count())
        : hidden.in(scratch);
  }

  private void project(
      List<Kernel> kernels,
      MemorySegment h,
      MemorySegment weight,
      MemorySegment after,
      MemorySegment scratch) {
    MemorySegment wide = projected.in(scratch);
    MemorySegment zeros = narrow.in(scratch);
    kernels.add(
        projecting.orElseThrow().bind(List.of(h, weight), List.of(wide), room.shared(scratch)));
    kernels.add(Reals.zero(zeros));
    kernels.add(Reals.add(call.inputs().get(1).dtype(), zeros, wide, after));
  }
}
