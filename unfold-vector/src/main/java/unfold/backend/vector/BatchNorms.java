package unfold.backend.vector;

import java.util.ArrayList;
import java.util.List;
import unfold.backend.Call;
import unfold.backend.Candidate.InPlace;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Normalization.BatchNormInference;
import unfold.op.Normalization.BatchNormTrain;
import unfold.op.Normalization.BatchNormTrainGrad;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Offers for batch normalisation: f32 and bf16, channels last, any number of channels, any
/// activation.
final class BatchNorms {
  private final Workers workers;

  BatchNorms(Workers workers) {
    this.workers = workers;
  }

  Offer train(BatchNormTrain op, Call call) {
    boolean bf16 = call.inputs().getFirst().dtype() == DType.BF16;
    var act = Activated.of(op.activation());
    Grid grid = grid(call, 0, bf16 && !act.widens(true));
    long bytes = BatchNormForward.scratchBytes(workers, bf16, grid, act);
    var pairs = new ArrayList<>(List.of(new InPlace(0, 0), new InPlace(3, 3), new InPlace(4, 4)));
    if (call.inputs().size() > 5) {
      pairs.add(new InPlace(0, 5));
    }
    return Offer.of(
        Ours.standard(
                call,
                grid.label(),
                bytes,
                (in, out, scratch) ->
                    new BatchNormForward(
                        workers,
                        bf16,
                        grid,
                        new BatchNormForward.Memory(
                            in[0],
                            in[1],
                            in[2],
                            in[3],
                            in[4],
                            in.length > 5 ? in[5] : 0,
                            out[0],
                            out[1],
                            out[2],
                            out[3],
                            out[4]),
                        op.epsilon(),
                        op.momentum(),
                        act,
                        scratch))
            .omits(1, 2, 3, 4)
            .inPlace(pairs.toArray(InPlace[]::new))
            .sees(act.widens(bf16) ? Sees.BOTH : Sees.of(call)));
  }

  Offer trainGrad(BatchNormTrainGrad op, Call call) {
    TensorType x = call.inputs().get(1);
    boolean bf16 = x.dtype() == DType.BF16;
    var act = Activated.of(op.activation());
    Grid grid = grid(call, 1, bf16 && !act.widens(true));
    boolean addend = call.inputs().size() > 6;
    boolean fromOutput = op.activation().differentiableFromOutput();
    if (addend && !fromOutput) {
      return Offer.declined("the derivative of " + op.activation().kind() + " needs z, not y");
    }
    boolean masked = act.cutsOnly() && !addend;
    boolean toAddend = addend && call.wanted().get(3);
    long work = BatchNormBackward.scratchBytes(workers, bf16, grid, act);
    boolean widens = act.widens(bf16);
    boolean toScratch = widens || !masked && !toAddend && !call.wanted().get(0);
    long gBytes = (widens ? 4L : x.dtype().bytes()) * x.shape().size();
    return Offer.of(
        Ours.standard(
                call,
                grid.label(),
                work + (toScratch ? gBytes : 0),
                (in, out, scratch) ->
                    new BatchNormBackward(
                        workers,
                        bf16,
                        grid,
                        new BatchNormBackward.Memory(
                            in[0],
                            in[1],
                            in[2],
                            in[3],
                            in[4],
                            in[5],
                            addend ? in[6] : 0,
                            out[0],
                            out[1],
                            out[2],
                            widens && toAddend ? out[3] : 0,
                            masked
                                ? in[0]
                                : toScratch ? scratch + work : toAddend ? out[3] : out[0]),
                        act,
                        fromOutput,
                        scratch))
            .omits(0, 1, 2, 3)
            .inPlace(inPlace(masked, toScratch, toAddend))
            .sees(widens ? Sees.BOTH : Sees.of(call)));
  }

  /// dx may lie on x only if the first pass writes nothing there, and on dy only if dy has been
  /// used up by then. The second pass reads x and g; the first has used up dy and y by then.
  private static InPlace[] inPlace(boolean masked, boolean toScratch, boolean toAddend) {
    if (masked) {
      return new InPlace[] {new InPlace(0, 0), new InPlace(0, 1)};
    }
    if (toAddend) {
      return new InPlace[] {
        new InPlace(0, 0),
        new InPlace(0, 1),
        new InPlace(0, 6),
        new InPlace(3, 0),
        new InPlace(3, 6)
      };
    }
    return toScratch ? new InPlace[] {new InPlace(0, 0), new InPlace(0, 1)} : new InPlace[] {};
  }

  Offer inference(BatchNormInference op, Call call) {
    Grid grid = grid(call, 0, false);
    boolean bf16 = call.inputs().getFirst().dtype() == DType.BF16;
    var act = Activated.of(op.activation());
    int parts = BatchNormForward.parts(workers, bf16, grid);
    long room = BatchNormApply.roomBytes(bf16, grid, act);
    var pairs = new ArrayList<>(List.of(new InPlace(0, 0)));
    if (call.inputs().size() > 5) {
      pairs.add(new InPlace(0, 5));
    }
    return Offer.of(
        Ours.standard(
                call,
                grid.label(),
                3 * grid.rowBytes() + parts * room,
                (in, out, scratch) -> {
                  var apply =
                      Split.share(
                          workers,
                          parts,
                          grid.rows(),
                          (part, from, to) ->
                              BatchNormApply.backwards(
                                  bf16,
                                  grid,
                                  from,
                                  to,
                                  part == parts - 1,
                                  in[0],
                                  in.length > 5 ? in[5] : 0,
                                  out[0],
                                  scratch,
                                  act,
                                  scratch + 3 * grid.rowBytes() + part * room));
                  return () -> {
                    coefficients(grid, in, op.epsilon(), scratch);
                    apply.run();
                  };
                })
            .inPlace(pairs.toArray(InPlace[]::new))
            .sees(act.widens(bf16) ? Sees.BOTH : Sees.of(call)));
  }

  private static void coefficients(Grid grid, long[] in, double epsilon, long tile) {
    for (int c = 0; c < grid.channels(); c++) {
      double inverseStd = 1 / Math.sqrt(Raw.getF32(in[4], c) + epsilon);
      Raw.putF32(tile, c, Raw.getF32(in[3], c));
      Raw.putF32(tile, grid.period() + c, (float) (inverseStd * Raw.getF32(in[1], c)));
      Raw.putF32(tile, 2L * grid.period() + c, Raw.getF32(in[2], c));
    }
    for (int row = 0; row < 3; row++) {
      grid.repeat(tile + row * grid.rowBytes());
    }
  }

  private static Grid grid(Call call, int x, boolean pairs) {
    Shape shape = call.inputs().get(x).shape();
    return pairs ? Grid.pairs(shape.size(), shape.dim(1)) : Grid.of(shape.size(), shape.dim(1));
  }
}
