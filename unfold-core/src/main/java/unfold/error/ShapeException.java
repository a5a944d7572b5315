package unfold.error;

/// Shapes or element types that do not fit together, found while a graph is built.
public final class ShapeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ShapeException(String message) {
    super(message);
  }

  /// The same complaint, with the layer that made the call in front.
  public ShapeException at(String scope) {
    if (scope.isEmpty()) {
      return this;
    }
    var located = new ShapeException(scope + ": " + getMessage());
    located.setStackTrace(getStackTrace());
    return located;
  }
}
