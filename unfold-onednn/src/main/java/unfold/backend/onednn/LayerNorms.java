package unfold.backend.onednn;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import unfold.backend.Call;
import unfold.backend.Candidate.InPlace;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.op.Normalization.LayerNorm;
import unfold.op.Normalization.LayerNormGrad;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Layer normalisation of row-major values, seen as rows × features. oneDNN speaks of variances,
/// our ops of σ⁻¹: a short loop turns one into the other.
final class LayerNorms {
  private static final int FLAGS = Constants.USE_SCALE | Constants.USE_SHIFT;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final Dnnl dnnl;
  private final Layouts layouts;

  LayerNorms(Dnnl dnnl) {
    this.dnnl = dnnl;
    this.layouts = new Layouts(dnnl);
  }

  Offer forward(LayerNorm op, Call call) {
    var sizes = Sizes.of(call.inputs().get(0), op.axes());
    var x = sizes.rows(layouts, call.inputs().get(0));
    var statistics = sizes.statistics(layouts);
    var features = sizes.features(layouts);
    return PrimitiveDesc.first(dnnl, s -> forward(s, x, statistics, (float) op.epsilon()))
        .map(desc -> {
          var chain = new Chain(dnnl, call);
          var mean = chain.output(1);
          var deviation = chain.output(2);
          chain.then(
              desc,
              new Chain.Use(Constants.ARG_SRC, x, new Slot.In(0)),
              new Chain.Use(Constants.ARG_SCALE, features, new Slot.In(1)),
              new Chain.Use(Constants.ARG_SHIFT, features, new Slot.In(2)),
              new Chain.Use(Constants.ARG_DST, x, chain.output(0)),
              new Chain.Use(Constants.ARG_MEAN, statistics, mean),
              new Chain.Use(Constants.ARG_VARIANCE, statistics, deviation));
          if (call.wanted().get(2)) {
            chain.then(memory -> {
              var values = memory.of(deviation);
              return () -> invert(values, sizes.rows(), op.epsilon());
            });
          }
          return offer(chain, call);
        })
        .orElseGet(() -> none(call));
  }

  Offer backward(LayerNormGrad op, Call call) {
    var sizes = Sizes.of(call.inputs().get(0), op.axes());
    var dy = sizes.rows(layouts, call.inputs().get(0));
    var statistics = sizes.statistics(layouts);
    var features = sizes.features(layouts);
    return PrimitiveDesc.first(dnnl, s -> forward(s, dy, statistics, 0))
        .flatMap(forward ->
            forward.gradient((s, hint) ->
                Dnnl.ifImplemented(
                    "the gradient of a layer norm of " + dy,
                    out ->
                        dnnl.floats()
                            .layerNormBackward(
                                out,
                                dnnl.engine(),
                                Constants.BACKWARD,
                                s.of(dy),
                                s.of(dy),
                                s.of(dy),
                                s.of(statistics),
                                0f,
                                FLAGS,
                                hint,
                                PostOp.attributes(s, List.of())))))
        .map(desc -> {
          var chain = new Chain(dnnl, call);
          var variance = chain.temporary(call.inputs().get(4));
          chain.then(memory -> {
            var inverse = memory.of(new Slot.In(4));
            var values = memory.of(variance);
            return () -> variances(inverse, values, sizes.rows());
          });
          chain.then(
              desc,
              new Chain.Use(Constants.ARG_DIFF_DST, dy, new Slot.In(0)),
              new Chain.Use(Constants.ARG_SRC, dy, new Slot.In(1)),
              new Chain.Use(Constants.ARG_SCALE, features, new Slot.In(2)),
              new Chain.Use(Constants.ARG_MEAN, statistics, new Slot.In(3)),
              new Chain.Use(Constants.ARG_VARIANCE, statistics, variance),
              new Chain.Use(Constants.ARG_DIFF_SRC, dy, chain.output(0)),
              new Chain.Use(Constants.ARG_DIFF_SCALE, features, chain.output(1)),
              new Chain.Use(Constants.ARG_DIFF_SHIFT, features, chain.output(2)));
          return offer(chain, call);
        })
        .orElseGet(() -> none(call));
  }

  private OptionalLong forward(Scope s, Md x, Md statistics, float epsilon) {
    return Dnnl.ifImplemented(
        "a layer norm of " + x,
        out ->
            dnnl.floats()
                .layerNormForward(
                    out,
                    dnnl.engine(),
                    Constants.FORWARD_TRAINING,
                    s.of(x),
                    s.of(x),
                    s.of(statistics),
                    epsilon,
                    FLAGS,
                    PostOp.attributes(s, List.of())));
  }

  private static Offer none(Call call) {
    return Offer.declined("oneDNN has no layer norm of " + call.inputs() + " on this CPU");
  }

  private static Offer offer(Chain chain, Call call) {
    return Offer.of(
        chain.build(rowMajor(call.inputs()), rowMajor(call.outputs()), new InPlace(0, 0)));
  }

  private static List<Layout> rowMajor(List<TensorType> types) {
    var all = new ArrayList<Layout>();
    types.forEach(t -> all.add(Layout.rowMajor(t.shape())));
    return all;
  }

  /// σ² to 1/√(σ² + ε), in place.
  static void invert(MemorySegment values, long count, double epsilon) {
    for (long i = 0; i < count; i++) {
      double variance = values.getAtIndex(FLOAT, i);
      values.setAtIndex(FLOAT, i, (float) (1 / Math.sqrt(variance + epsilon)));
    }
  }

  /// σ⁻¹ to the variance that has it with ε = 0.
  static void variances(MemorySegment inverse, MemorySegment variance, long count) {
    for (long i = 0; i < count; i++) {
      double r = inverse.getAtIndex(FLOAT, i);
      variance.setAtIndex(FLOAT, i, (float) (1 / (r * r)));
    }
  }

  /// Rows, and features in each.
  private record Sizes(int rows, int features) {
    static Sizes of(TensorType x, int axes) {
      long features = 1;
      for (int i = 1; i <= axes; i++) {
        features *= x.shape().dim(-i);
      }
      return new Sizes((int) (x.shape().size() / features), (int) features);
    }

    Md rows(Layouts layouts, TensorType type) {
      return layouts.standard(type.with(Shape.of(rows, features)));
    }

    Md statistics(Layouts layouts) {
      return layouts.standard(TensorType.f32(rows));
    }

    Md features(Layouts layouts) {
      return layouts.standard(TensorType.f32(features));
    }
  }
}
