package unfold.backend.onednn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Convolution;
import unfold.op.Convolution.Conv2d;
import unfold.op.Convolution.Conv2dWeightGrad;
import unfold.op.Convolution.ConvTranspose2d;
import unfold.op.Window;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Convolutions in three directions. Activations are channels-last; weights lie as the
/// implementation likes (packed orders are worth up to a third, and a fixed order of activations
/// costs next to nothing).
final class Convolutions {
  private final Dnnl dnnl;
  private final Workers workers;
  private final Layouts layouts;

  Convolutions(Dnnl dnnl, Workers workers) {
    this.dnnl = dnnl;
    this.workers = workers;
    this.layouts = new Layouts(dnnl);
  }

  Offer offer(Convolution op, Call call) {
    return switch (op) {
      case Conv2d c -> forward(c, call);
      case ConvTranspose2d c -> backwardData(c, call);
      case Conv2dWeightGrad c -> backwardWeights(c, call);
    };
  }

  private static View view(int groups) {
    return groups == 1 ? Layouts.PLAIN : new View.Grouped(groups);
  }

  private Offer forward(Conv2d op, Call call) {
    if (call.inputs().get(0).dtype() != call.inputs().get(1).dtype()) {
      return Offer.declined("oneDNN convolves pictures and weights of one type");
    }
    var view = view(op.groups());
    var x = layouts.standard(call.inputs().get(0));
    var y = layouts.standard(call.outputs().get(0));
    var w = layouts.any(call.inputs().get(1), view);
    Optional<Md> bias =
        call.inputs().size() > 2
            ? Optional.of(layouts.standard(call.inputs().get(2)))
            : Optional.empty();
    boolean adds = call.inputs().size() > 3;
    var postOps = new ArrayList<PostOp>();
    if (adds) {
      postOps.add(new PostOp.Sum());
    }
    if (!op.activation().isIdentity()) {
      postOps.add(new PostOp.Apply(Eltwise.of(op.activation())));
    }
    var found =
        PrimitiveDesc.choices(dnnl, s -> forward(dnnl, s, x, w, bias, y, op.window(), postOps));
    return offer(
        call,
        Preference.of(call.inputs().get(1).shape(), op.groups()).sorted(found),
        desc -> {
          Md weights = desc.argument(Constants.ARG_WEIGHTS).orElse(w);
          var ports = new ArrayList<PrimitiveCandidate.Port>();
          ports.add(standard(Constants.ARG_SRC, x, call.inputs().get(0)));
          ports.add(port(Constants.ARG_WEIGHTS, weights, call.inputs().get(1), view));
          bias.ifPresent(b -> ports.add(standard(Constants.ARG_BIAS, b, call.inputs().get(2))));
          var out = standard(Constants.ARG_DST, y, call.outputs().get(0));
          if (!adds) {
            return candidate(desc, ports, out, ports.get(1));
          }
          ports.add(PrimitiveCandidate.Port.unused(y, out.layout()));
          return new AddingCandidate(
              candidate(desc, ports, out, ports.get(1)),
              apart(op, desc, ports, out, weights, x, bias, y));
        });
  }

  /// The same implementation with the addend in memory of its own.
  private Optional<PrimitiveCandidate> apart(
      Conv2d op,
      PrimitiveDesc inPlace,
      List<PrimitiveCandidate.Port> ports,
      PrimitiveCandidate.Port out,
      Md weights,
      Md x,
      Optional<Md> bias,
      Md y) {
    var postOps = new ArrayList<PostOp>();
    postOps.add(new PostOp.Combine(Constants.BINARY_ADD, y));
    if (!op.activation().isIdentity()) {
      postOps.add(new PostOp.Apply(Eltwise.of(op.activation())));
    }
    var separate = new ArrayList<>(ports);
    separate.set(
        separate.size() - 1,
        PrimitiveCandidate.Port.of(
            Constants.ARG_ATTR_MULTIPLE_POST_OP_BASE | Constants.ARG_SRC_1, y, out.layout()));
    return PrimitiveDesc.first(
            dnnl, s -> forward(dnnl, s, x, weights, bias, y, op.window(), postOps))
        .filter(desc -> desc.implementation().equals(inPlace.implementation()))
        .map(desc -> candidate(desc, separate, out, ports.get(1)));
  }

  private Offer backwardData(ConvTranspose2d op, Call call) {
    var view = view(op.groups());
    var dy = layouts.standard(call.inputs().get(0));
    var dx = layouts.standard(call.outputs().get(0));
    var w = layouts.any(call.inputs().get(1), view);
    var hint =
        PrimitiveDesc.first(
            dnnl, s -> forward(dnnl, s, dx, w, Optional.empty(), dy, op.window(), List.of()));
    if (hint.isEmpty()) {
      return none(call);
    }
    var found =
        hint.get()
            .gradientChoices((s, forward) -> {
              var window = Geometry.of(s, op.window());
              return dnnl.ifImplemented(
                  "the gradient of a convolution " + dx + " by " + w + " to " + dy,
                  "dnnl_convolution_backward_data_primitive_desc_create",
                  dnnl.engine(),
                  Constants.CONVOLUTION_DIRECT,
                  s.of(dx),
                  s.of(w),
                  s.of(dy),
                  window.strides(),
                  window.dilations(),
                  window.before(),
                  window.after(),
                  forward,
                  PostOp.attributes(s, List.of()));
            });
    return offer(
        call,
        Preference.of(call.inputs().get(1).shape(), op.groups()).sorted(found),
        desc -> {
          var packed =
              port(
                  Constants.ARG_WEIGHTS,
                  desc.argument(Constants.ARG_WEIGHTS).orElse(w),
                  call.inputs().get(1),
                  view);
          return candidate(
              desc,
              List.of(standard(Constants.ARG_DIFF_DST, dy, call.inputs().get(0)), packed),
              standard(Constants.ARG_DIFF_SRC, dx, call.outputs().get(0)),
              packed);
        });
  }

  private Offer backwardWeights(Conv2dWeightGrad op, Call call) {
    var view = view(op.groups());
    var x = layouts.standard(call.inputs().get(0));
    var dy = layouts.standard(call.inputs().get(1));
    var dw = layouts.any(call.outputs().get(0), view);
    var w = layouts.any(call.outputs().get(0).with(call.inputs().get(0).dtype()), view);
    var hint =
        PrimitiveDesc.first(
            dnnl, s -> forward(dnnl, s, x, w, Optional.empty(), dy, op.window(), List.of()));
    if (hint.isEmpty()) {
      return none(call);
    }
    var found =
        hint.get()
            .gradientChoices((s, forward) -> {
              var window = Geometry.of(s, op.window());
              return dnnl.ifImplemented(
                  "the weight gradient of a convolution " + x + " to " + dy,
                  "dnnl_convolution_backward_weights_primitive_desc_create",
                  dnnl.engine(),
                  Constants.CONVOLUTION_DIRECT,
                  s.of(x),
                  s.of(dw),
                  0,
                  s.of(dy),
                  window.strides(),
                  window.dilations(),
                  window.before(),
                  window.after(),
                  forward,
                  PostOp.attributes(s, List.of()));
            });
    var candidates = new ArrayList<Candidate>();
    for (var desc : Preference.of(call.outputs().get(0).shape(), op.groups()).sorted(found)) {
      var out =
          port(
              Constants.ARG_DIFF_WEIGHTS,
              desc.argument(Constants.ARG_DIFF_WEIGHTS).orElse(dw),
              call.outputs().get(0),
              view);
      candidates.add(
          candidate(
              desc,
              List.of(
                  standard(Constants.ARG_SRC, x, call.inputs().get(0)),
                  standard(Constants.ARG_DIFF_DST, dy, call.inputs().get(1))),
              out,
              out));
    }
    product(op, call)
        .ifPresent(product -> {
          if (candidates.size() > 1) {
            // A pointwise kernel; the general ones after it are far behind.
            candidates.subList(1, candidates.size()).clear();
          }
          candidates.add(preferProduct(call, candidates) ? 0 : candidates.size(), product);
        });
    strips(op, call).ifPresent(candidates::addFirst);
    if (!pointwise(op)) {
      // Among the first three, which are timed when time is short.
      PatchProduct.of(dnnl, workers, op, call)
          .ifPresent(product -> candidates.add(Math.min(2, candidates.size()), product));
    }
    return candidates.isEmpty() ? none(call) : new Offer.Accepted(candidates);
  }

  /// Whether the product is the faster way, by the timings of [Preference].
  private static boolean preferProduct(Call call, List<Candidate> others) {
    TensorType x = call.inputs().get(0);
    return others.stream().noneMatch(c -> c.label().contains("amx"))
        && (x.dtype() == DType.F32 || x.shape().dim(1) >= 256);
  }

  /// 1×1 over all positions.
  private static boolean pointwise(Conv2dWeightGrad op) {
    return op.kernelH() == 1 && op.kernelW() == 1 && op.window().equals(Window.UNIT);
  }

  /// [#product] in strips, if that is faster.
  private Optional<Candidate> strips(Conv2dWeightGrad op, Call call) {
    if (!pointwise(op) || op.groups() != 1) {
      return Optional.empty();
    }
    Shape x = call.inputs().get(0).shape();
    Shape dy = call.inputs().get(1).shape();
    return new StripSums(dnnl)
        .offer(
            call,
            x.size() / x.dim(1),
            new StripSums.Factor(1, dy.dim(1)),
            new StripSums.Factor(0, x.dim(1)),
            List.of(Layout.standard(x), Layout.standard(dy)),
            Layout.standard(call.outputs().getFirst().shape()));
  }

  /// A 1×1 convolution over all positions is a product, and so is its weight gradient: dw = dyᵀ·x
  /// with a row for each position.
  private Optional<Candidate> product(Conv2dWeightGrad op, Call call) {
    if (!pointwise(op) || op.groups() != 1) {
      return Optional.empty();
    }
    TensorType x = call.inputs().get(0);
    TensorType dy = call.inputs().get(1);
    long in = x.shape().dim(1);
    long out = dy.shape().dim(1);
    long rows = x.shape().size() / in;
    var a = Md.strided(dnnl, dy.dtype(), new long[] {out, rows}, new long[] {1, out});
    var b = Md.strided(dnnl, x.dtype(), new long[] {rows, in}, new long[] {in, 1});
    var y = Md.strided(dnnl, op.out(), new long[] {out, in}, new long[] {in, 1});
    return new MatMuls(dnnl)
        .primitive(a, b, y, List.of())
        .map(desc ->
            new PrimitiveCandidate(
                dnnl,
                desc,
                desc.implementation() + " product",
                List.of(standard(Constants.ARG_WEIGHTS, b, x), standard(Constants.ARG_SRC, a, dy)),
                List.of(standard(Constants.ARG_DST, y, call.outputs().get(0))),
                List.of()));
  }

  /// Asks for y = act( x∗w + bias ).
  static OptionalLong forward(
      Dnnl dnnl,
      Scope s,
      Md x,
      Md w,
      Optional<Md> bias,
      Md y,
      Window window,
      List<PostOp> postOps) {
    var geometry = Geometry.of(s, window);
    return dnnl.ifImplemented(
        "a convolution " + x + " by " + w + " to " + y,
        "dnnl_convolution_forward_primitive_desc_create",
        dnnl.engine(),
        Constants.FORWARD_TRAINING,
        Constants.CONVOLUTION_DIRECT,
        s.of(x),
        s.of(w),
        bias.map(s::of).orElse(0L),
        s.of(y),
        geometry.strides(),
        geometry.dilations(),
        geometry.before(),
        geometry.after(),
        PostOp.attributes(s, postOps));
  }

  private static Offer none(Call call) {
    return Offer.declined(
        "oneDNN has no " + call.op().name() + " of " + call.inputs() + " on this CPU");
  }

  private static Offer offer(
      Call call, List<PrimitiveDesc> found, Function<PrimitiveDesc, Candidate> candidate) {
    return found.isEmpty()
        ? none(call)
        : new Offer.Accepted(found.stream().map(candidate).toList());
  }

  private PrimitiveCandidate candidate(
      PrimitiveDesc desc,
      List<PrimitiveCandidate.Port> in,
      PrimitiveCandidate.Port out,
      PrimitiveCandidate.Port weights) {
    String label = desc.implementation() + " " + name(weights);
    return new PrimitiveCandidate(dnnl, desc, label, in, List.of(out), List.of());
  }

  private static String name(PrimitiveCandidate.Port weights) {
    return weights.md().label(weights.md().dims().length == 5 ? "goihw" : "oihw");
  }

  private PrimitiveCandidate.Port standard(int role, Md md, TensorType type) {
    return PrimitiveCandidate.Port.of(role, md, Layout.standard(type.shape()));
  }

  private PrimitiveCandidate.Port port(int role, Md md, TensorType type, View view) {
    return PrimitiveCandidate.Port.of(role, md, Layouts.layout(md, type.shape(), view));
  }
}
