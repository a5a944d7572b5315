package unfold.backend.onednn;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import unfold.backend.Call;
import unfold.backend.Candidate.InPlace;
import unfold.backend.Offer;
import unfold.op.Activation;
import unfold.op.Normalization;
import unfold.op.Normalization.BatchNormInference;
import unfold.op.Normalization.BatchNormTrain;
import unfold.op.Normalization.BatchNormTrainGrad;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// Batch normalisation. oneDNN fuses neither an addend nor any activation but ReLU (and that only
/// with a workspace of its own), so these run as primitives of their own, in place. In bf16 each
/// would round once more: then activations are widened to f32 first and rounded at the end.
/// Statistics are a short loop over channels.
final class BatchNorms {
  private static final int FLAGS = Constants.USE_SCALE | Constants.USE_SHIFT;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final Dnnl dnnl;
  private final Layouts layouts;
  private final Pointwises pointwises;

  BatchNorms(Dnnl dnnl) {
    this.dnnl = dnnl;
    this.layouts = new Layouts(dnnl);
    this.pointwises = new Pointwises(dnnl);
  }

  /// oneDNN has no implementation of a part.
  private static final class Unimplemented extends Exception {}

  Offer offer(Normalization op, Call call) {
    try {
      return switch (op) {
        case BatchNormTrain n -> train(n, call);
        case BatchNormInference n -> inference(n, call);
        case BatchNormTrainGrad n -> gradient(n, call);
        case Normalization n -> throw new IllegalArgumentException(n.name());
      };
    } catch (Unimplemented _) {
      return Offer.declined(
          "oneDNN has no " + op.name() + " of " + call.inputs().getFirst() + " on this CPU");
    }
  }

  private Offer train(BatchNormTrain op, Call call) throws Unimplemented {
    var flow = new Flow(call, op.activation(), 5);
    var channel = flow.channel;
    var y = flow.result(0);
    var mean = flow.chain.output(1);
    var deviation = flow.chain.output(2);
    flow.chain.then(
        forward(flow.md, Constants.FORWARD_TRAINING, (float) op.epsilon(), FLAGS),
        new Chain.Use(Constants.ARG_SRC, flow.md, flow.operand(0)),
        new Chain.Use(Constants.ARG_SCALE, channel, new Slot.In(1)),
        new Chain.Use(Constants.ARG_SHIFT, channel, new Slot.In(2)),
        new Chain.Use(Constants.ARG_DST, flow.md, y),
        new Chain.Use(Constants.ARG_MEAN, channel, mean),
        new Chain.Use(Constants.ARG_VARIANCE, channel, deviation));
    var runningMean = flow.chain.output(3);
    var runningVariance = flow.chain.output(4);
    int channels = call.inputs().get(0).shape().dim(1);
    double n = (double) call.inputs().get(0).shape().size() / channels;
    flow.chain.then(memory -> {
      var m = memory.of(mean);
      var v = memory.of(deviation);
      var oldMean = memory.of(new Slot.In(3));
      var oldVariance = memory.of(new Slot.In(4));
      var newMean = memory.of(runningMean);
      var newVariance = memory.of(runningVariance);
      return () -> {
        move(oldMean, m, newMean, channels, op.momentum(), 1);
        move(oldVariance, v, newVariance, channels, op.momentum(), n / (n - 1));
        LayerNorms.invert(v, channels, op.epsilon());
      };
    });
    flow.finish(op.activation(), y, 5);
    flow.store(y, 0);
    return Layouts.standardCandidate(flow.chain, call, new InPlace(3, 3), new InPlace(4, 4));
  }

  /// next = (1 − momentum)·old + momentum·factor·batch.
  private static void move(
      MemorySegment old,
      MemorySegment batch,
      MemorySegment next,
      int count,
      double momentum,
      double factor) {
    for (int i = 0; i < count; i++) {
      double moved =
          (1 - momentum) * old.getAtIndex(FLOAT, i)
              + momentum * factor * batch.getAtIndex(FLOAT, i);
      next.setAtIndex(FLOAT, i, (float) moved);
    }
  }

  private Offer inference(BatchNormInference op, Call call) throws Unimplemented {
    var flow = new Flow(call, op.activation(), 5);
    var y = flow.result(0);
    flow.normalize((float) op.epsilon(), flow.operand(0), 1, new Slot.In(3), new Slot.In(4), y);
    flow.finish(op.activation(), y, 5);
    flow.store(y, 0);
    return Layouts.standardCandidate(flow.chain, call);
  }

  /// dy goes back through the activation first. What that needs to know is y, which is given if
  /// there was an addend and is computed again if not.
  private Offer gradient(BatchNormTrainGrad op, Call call) throws Unimplemented {
    boolean added = call.inputs().size() > 6;
    boolean identity = op.activation().isIdentity();
    if (added && !identity && !op.activation().differentiableFromOutput()) {
      return Offer.declined("the gradient of " + op.activation() + " does not follow from y");
    }
    var flow = new Flow(call, op.activation(), 6);
    var variance = flow.chain.temporary(call.inputs().get(5));
    int channels = call.inputs().get(0).shape().dim(1);
    flow.chain.then(memory -> {
      var inverse = memory.of(new Slot.In(5));
      var values = memory.of(variance);
      return () -> LayerNorms.variances(inverse, values, channels);
    });
    var dy = flow.operand(0);
    var x = flow.operand(1);
    var dz = dy;
    if (added) {
      dz = flow.result(3);
      flow.activationGradient(op.activation(), dy, flow.operand(6), dz);
      flow.store(dz, 3);
    } else if (!identity) {
      dz = flow.chain.temporary(flow.type);
      flow.normalize(0, x, 2, new Slot.In(4), variance, dz);
      if (op.activation().differentiableFromOutput()) {
        flow.finish(op.activation(), dz, Integer.MAX_VALUE);
      }
      flow.activationGradient(op.activation(), dy, dz, dz);
    }
    var dx = flow.result(0);
    flow.chain.then(
        backward(flow.md),
        new Chain.Use(Constants.ARG_DIFF_DST, flow.md, dz),
        new Chain.Use(Constants.ARG_SRC, flow.md, x),
        new Chain.Use(Constants.ARG_SCALE, flow.channel, new Slot.In(2)),
        new Chain.Use(Constants.ARG_MEAN, flow.channel, new Slot.In(4)),
        new Chain.Use(Constants.ARG_VARIANCE, flow.channel, variance),
        new Chain.Use(Constants.ARG_DIFF_SRC, flow.md, dx),
        new Chain.Use(Constants.ARG_DIFF_SCALE, flow.channel, flow.chain.output(1)),
        new Chain.Use(Constants.ARG_DIFF_SHIFT, flow.channel, flow.chain.output(2)));
    flow.store(dx, 0);
    return Layouts.standardCandidate(flow.chain, call);
  }

  /// A chain whose activations are in the type that its steps compute in.
  private final class Flow {
    final Chain chain;
    final TensorType type;
    final Md md;
    final Md channel;
    private final Call call;
    private final boolean wide;

    /// @param addend place of the operand that is added, if there are so many operands
    Flow(Call call, Activation activation, int addend) {
      TensorType x = call.inputs().getFirst();
      boolean rounds =
          call.inputs().size() > addend
              || !(activation.isIdentity() || activation.kind() == Activation.Kind.RELU);
      this.call = call;
      this.wide = x.dtype() == DType.BF16 && rounds;
      this.type = wide ? x.with(DType.F32) : x;
      this.chain = new Chain(dnnl, call);
      this.md = layouts.standard(type);
      this.channel = layouts.standard(TensorType.f32(x.shape().dim(1)));
    }

    /// An operand of the shape of x.
    Slot operand(int i) throws Unimplemented {
      if (!wide) {
        return new Slot.In(i);
      }
      var widened = chain.temporary(type);
      copy(layouts.standard(call.inputs().get(i)), new Slot.In(i), md, widened);
      return widened;
    }

    /// Where to compute a result of the shape of x.
    Slot result(int i) {
      return wide ? chain.temporary(type) : chain.output(i);
    }

    /// Brings a result to its place.
    void store(Slot result, int i) throws Unimplemented {
      if (wide && call.wanted().get(i)) {
        copy(md, result, layouts.standard(call.outputs().get(i)), new Slot.Out(i));
      }
    }

    private void copy(Md from, Slot source, Md to, Slot target) throws Unimplemented {
      chain.then(
          have(new Reorders(dnnl).primitive(from, to)),
          new Chain.Use(Constants.ARG_SRC, from, source),
          new Chain.Use(Constants.ARG_DST, to, target));
    }

    /// y = (x − mean)/√(variance + ε)·scale + shift; shift is the operand after scale.
    void normalize(float epsilon, Slot x, int scale, Slot mean, Slot variance, Slot y)
        throws Unimplemented {
      chain.then(
          forward(md, Constants.FORWARD_INFERENCE, epsilon, FLAGS | Constants.USE_GLOBAL_STATS),
          new Chain.Use(Constants.ARG_SRC, md, x),
          new Chain.Use(Constants.ARG_SCALE, channel, new Slot.In(scale)),
          new Chain.Use(Constants.ARG_SHIFT, channel, new Slot.In(scale + 1)),
          new Chain.Use(Constants.ARG_MEAN, channel, mean),
          new Chain.Use(Constants.ARG_VARIANCE, channel, variance),
          new Chain.Use(Constants.ARG_DST, md, y));
    }

    /// y = act(y + addend), the addend being the operand at this place if there are so many.
    void finish(Activation activation, Slot y, int addend) throws Unimplemented {
      if (call.inputs().size() > addend) {
        chain.then(
            have(pointwises.binary(Constants.BINARY_ADD, md, md, md, activation)),
            new Chain.Use(Constants.ARG_SRC, md, y),
            new Chain.Use(Constants.ARG_SRC_1, md, operand(addend)),
            new Chain.Use(Constants.ARG_DST, md, y));
      } else if (!activation.isIdentity()) {
        chain.then(
            have(pointwises.forward(activation, md)),
            new Chain.Use(Constants.ARG_SRC, md, y),
            new Chain.Use(Constants.ARG_DST, md, y));
      }
    }

    /// dz = dy·act′.
    void activationGradient(Activation activation, Slot dy, Slot known, Slot dz)
        throws Unimplemented {
      chain.then(
          have(pointwises.gradient(activation, md)),
          new Chain.Use(Constants.ARG_DIFF_DST, md, dy),
          new Chain.Use(Pointwises.known(activation), md, known),
          new Chain.Use(Constants.ARG_DIFF_SRC, md, dz));
    }
  }

  private static PrimitiveDesc have(Optional<PrimitiveDesc> desc) throws Unimplemented {
    return desc.orElseThrow(Unimplemented::new);
  }

  private PrimitiveDesc forward(Md x, int kind, float epsilon, int flags) throws Unimplemented {
    return have(
        PrimitiveDesc.first(
            dnnl,
            s ->
                Dnnl.ifImplemented(
                    "a batch norm of " + x,
                    out ->
                        dnnl.floats()
                            .batchNormForward(
                                out,
                                dnnl.engine(),
                                kind,
                                s.of(x),
                                s.of(x),
                                epsilon,
                                flags,
                                PostOp.attributes(s, List.of())))));
  }

  private PrimitiveDesc backward(Md x) throws Unimplemented {
    return have(
        forward(x, Constants.FORWARD_TRAINING, 0, FLAGS)
            .gradient((s, hint) ->
                Dnnl.ifImplemented(
                    "the gradient of a batch norm of " + x,
                    out ->
                        dnnl.floats()
                            .batchNormBackward(
                                out,
                                dnnl.engine(),
                                Constants.BACKWARD,
                                s.of(x),
                                s.of(x),
                                s.of(x),
                                0f,
                                FLAGS,
                                hint,
                                PostOp.attributes(s, List.of())))));
  }
}
