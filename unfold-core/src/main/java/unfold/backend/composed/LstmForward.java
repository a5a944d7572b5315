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
/// @param sum room for h·wᵀ
/// @param wide room for a projection in f32, which is then added to zeros in h's type
/// @param hidden room for what is projected, if nobody wants it
/// @param cells room for c, by turns, if nobody wants it
record LstmForward(
    LstmSequence op,
    Call call,
    Steps steps,
    Room.Piece states,
    Room.Piece sum,
    Room.Piece wide,
    Room.Piece zeros,
    Room.Piece hidden,
    List<Room.Piece> cells) {
  private static final int WEIGHT = 3;

  static Candidate of(LstmSequence op, Call call, Parts parts) {
    TensorType h = call.inputs().get(1);
    TensorType c = call.inputs().get(2);
    int rows = h.shape().dim(0);
    var steps = new Steps(op.reverse(), call.inputs().get(0).shape().dim(0), rows);
    TensorType p = h.with(Shape.of(rows, 4 * c.shape().dim(1)));
    TensorType hidden = h.with(c.shape());
    boolean plain = !op.projection();
    boolean keepsCells = call.wanted().get(2);
    var room = new Room();
    var layer =
        new LstmForward(
            op,
            call,
            steps,
            room.takeUnless(call.wanted().get(0), call.outputs().get(0).bytes()),
            room.take(p.with(DType.F32).bytes()),
            room.takeUnless(plain, h.with(DType.F32).bytes()),
            room.takeUnless(plain, h.bytes()),
            room.takeUnless(plain || call.wanted().get(4), hidden.bytes()),
            List.of(
                room.takeUnless(keepsCells, c.bytes()), room.takeUnless(keepsCells, c.bytes())));
    var results = new ArrayList<>(List.of(h, c));
    if (layer.keepsGates()) {
      results.add(p);
    }
    if (layer.keepsHidden()) {
      results.add(hidden);
    }
    var stepping =
        Stepping.of(
            call,
            parts,
            op.lengthsOperand(),
            steps,
            room,
            List.of(p, h, c),
            results,
            n -> layer.step(n, parts));
    // Gates lie where p did: a step reads its own before it writes them.
    return new Composition(
            call,
            stepping.label(),
            Composition.inputs(call, WEIGHT, stepping.weight()),
            room.bytes(),
            (in, out, scratch) -> layer.bind(in, out, scratch, stepping.start(in, scratch)))
        .inPlace(3, 0);
  }

  private boolean keepsGates() {
    return call.wanted().get(3);
  }

  private boolean keepsHidden() {
    return op.projection() && call.wanted().get(4);
  }

  private List<Kernel> bind(
      List<MemorySegment> in,
      List<MemorySegment> out,
      MemorySegment scratch,
      Stepping.Kernels kernels) {
    long bytes = call.inputs().get(1).bytes();
    long cellBytes = call.inputs().get(2).bytes();
    long gateBytes = call.outputs().get(3).bytes() / steps.count();
    MemorySegment all = call.wanted().get(0) ? out.get(0) : states.in(scratch);
    MemorySegment c = in.get(2);
    kernels.add(Reals.copy(in.get(1), part(all, steps.initial(), bytes)));
    if (op.projection()) {
      kernels.add(Reals.zero(zeros.in(scratch)));
    }
    for (int k = 0; k < steps.count(); k++) {
      int t = steps.step(k);
      MemorySegment next =
          call.wanted().get(2) ? part(out.get(2), t, cellBytes) : cells.get(k % 2).in(scratch);
      var results = new ArrayList<Result>();
      results.add(Result.keep(part(all, steps.to(t), bytes), 1));
      results.add(Result.keep(next, 2));
      if (keepsGates()) {
        results.add(Result.zero(part(out.get(3), t, gateBytes)));
      }
      if (keepsHidden()) {
        results.add(Result.zero(part(out.get(4), t, gateBytes / 4)));
      }
      kernels.step(
          t, List.of(part(in.get(0), t, gateBytes), part(all, steps.from(t), bytes), c), results);
      c = next;
    }
    if (call.wanted().get(1)) {
      kernels.add(Reals.copy(c, out.get(1)));
    }
    return kernels.all();
  }

  /// p, h, c → h′, c′, gates and what is projected if anybody wants them.
  private record Step(
      LstmForward layer,
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
      MemorySegment u = layer.sum().in(scratch);
      MemorySegment after = results.get(0);
      MemorySegment activated = layer.keepsGates() ? results.get(2) : MemorySegment.NULL;
      MemorySegment h =
          layer.keepsHidden()
              ? results.getLast()
              : op.projection() ? layer.hidden().in(scratch) : after;
      kernels.add(product.bind(List.of(operands.get(1), in.get(WEIGHT)), List.of(u), shared));
      var gated = new ArrayList<>(List.of(operands.get(0), u, operands.get(2)));
      if (op.peepholes()) {
        gated.add(in.get(LstmSequence.PEEPHOLES));
      }
      kernels.add(gates.bind(gated, List.of(h, results.get(1), activated), shared));
      if (projecting.isPresent()) {
        long bytes = layer.wide().bytes() / layer.steps().rows() * rows;
        MemorySegment wide = layer.wide().in(scratch).asSlice(0, bytes);
        MemorySegment weight = in.get(op.projectionOperand());
        kernels.add(projecting.get().bind(List.of(h, weight), List.of(wide), shared));
        kernels.add(
            Reals.add(
                layer.call().inputs().get(1).dtype(), layer.zeros().in(scratch), wide, after));
      }
      return kernels;
    }
  }

  private Step step(int rows, Parts parts) {
    TensorType h = call.inputs().get(1);
    TensorType w = call.inputs().get(WEIGHT);
    int units = call.inputs().get(2).shape().dim(1);
    TensorType before = h.with(Shape.of(rows, h.shape().dim(1)));
    TensorType c = call.inputs().get(2).with(Shape.of(rows, units));
    TensorType p = h.with(Shape.of(rows, 4 * units));
    var gated = new ArrayList<>(List.of(p, p.with(DType.F32), c));
    if (op.peepholes()) {
      gated.add(call.inputs().get(LstmSequence.PEEPHOLES));
    }
    return new Step(
        this,
        rows,
        parts.product(true, before, w, Optional.empty(), Parts.Weight.ANY),
        parts.gates(new LstmStep(op.peepholes()), gated, List.of(true, true, keepsGates())),
        op.projection()
            ? Optional.of(
                parts.product(
                    true,
                    h.with(c.shape()),
                    call.inputs().get(op.projectionOperand()),
                    Optional.empty(),
                    Parts.Weight.ROW_MAJOR))
            : Optional.empty());
  }
}
