package unfold.backend.onednn;

import java.util.List;
import java.util.Optional;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// From the layouts of the planner to oneDNN's descriptors and back.
final class Layouts {
  static final View PLAIN = new View.Plain();

  private final Dnnl dnnl;

  Layouts(Dnnl dnnl) {
    this.dnnl = dnnl;
  }

  /// What a packed layout's descriptor is: an order of elements, and how a value is seen as one.
  record Packing(Md md, View view) {}

  /// The descriptor of a value in standard layout.
  Md standard(TensorType type) {
    return strided(type, Layout.standard(type.shape()), PLAIN);
  }

  Md strided(TensorType type, Layout.Strided layout, View view) {
    return Md.strided(
        dnnl, type.dtype(), view.dims(type.shape()), view.strides(type.shape(), layout.strides()));
  }

  Md any(TensorType type, View view) {
    return Md.any(dnnl, type.dtype(), view.dims(type.shape()));
  }

  /// The descriptor of a value in any layout that is known here.
  Optional<Md> of(TensorType type, Layout layout, View view) {
    return switch (layout) {
      case Layout.Strided s -> Optional.of(strided(type, s, view));
      case Layout.Packed p ->
          p.descriptor() instanceof Packing packing && packing.view().equals(view)
              ? Optional.of(packing.md())
              : Optional.empty();
    };
  }

  /// How a layout sees its value.
  static Optional<View> view(Layout layout) {
    return layout instanceof Layout.Packed p && p.descriptor() instanceof Packing packing
        ? Optional.of(packing.view())
        : Optional.empty();
  }

  /// The layout that a descriptor means: the standard one or other strides if those say it all.
  static Layout layout(Md md, Shape shape, View view) {
    if (md.plain()) {
      var strides = view.logical(shape, md.strides());
      if (strides.isPresent()) {
        var strided = new Layout.Strided(strides.get());
        return Layout.isStandard(strided, shape) ? Layout.standard(shape) : strided;
      }
    }
    return new Layout.Packed(
        OneDnnBackend.NAME,
        new Packing(md, view),
        md.size(),
        md.label(view.letters(md.dims().length)));
  }

  /// The offer of one chain on values in standard layout.
  static Offer standardCandidate(Chain chain, Call call, Candidate.InPlace... inPlace) {
    return Offer.of(chain.build(standard(call.inputs()), standard(call.outputs()), inPlace));
  }

  private static List<Layout> standard(List<TensorType> types) {
    return types.stream().map(t -> (Layout) Layout.standard(t.shape())).toList();
  }

  /// Whether there is anything to compute, in types that oneDNN has.
  static boolean computable(TensorType type) {
    return type.shape().size() > 0 && type.dtype() != DType.F64 && type.shape().rank() <= 12;
  }
}
