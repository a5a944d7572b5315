package unfold.plan;

import unfold.backend.Layout;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Comparing and showing layouts.
final class Layouts {
  private Layouts() {}

  static Layout standard(TensorType type) {
    return Layout.standard(type.shape());
  }

  /// Whether elements lie at the same places; strides of axes of extent 1 do not matter.
  static boolean same(Layout a, Layout b, Shape shape) {
    if (!(a instanceof Layout.Strided s) || !(b instanceof Layout.Strided t)) {
      return a.equals(b);
    }
    for (int i = 0; i < shape.rank(); i++) {
      if (shape.dim(i) > 1 && !s.strides().get(i).equals(t.strides().get(i))) {
        return false;
      }
    }
    return true;
  }

  /// `f32[2x3]`, with the layout behind it if it is not the standard one.
  static String show(Layout layout, TensorType type) {
    return Layout.isStandard(layout, type.shape()) ? type.toString() : type + "@" + layout;
  }
}
