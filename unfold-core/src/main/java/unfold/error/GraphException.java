package unfold.error;

/// A graph that breaks its own rules: a bug in Unfold or in code that rewrites graphs. The message
/// shows the neighbourhood.
public final class GraphException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public GraphException(String message) {
    super(message);
  }

  public GraphException(String message, Throwable cause) {
    super(message, cause);
  }
}
