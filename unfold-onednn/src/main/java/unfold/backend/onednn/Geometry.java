package unfold.backend.onednn;

import unfold.op.Window;

/// A window as oneDNN takes it: addresses of arrays of two numbers (height, width). Its dilation
/// counts the gaps, so 0 is a dense kernel.
record Geometry(long strides, long dilations, long before, long after) {

  static Geometry of(Scope scope, Window w) {
    return new Geometry(
        scope.array(w.strideH(), w.strideW()),
        scope.array(w.dilationH() - 1, w.dilationW() - 1),
        scope.array(w.padTop(), w.padLeft()),
        scope.array(w.padBottom(), w.padRight()));
  }
}
