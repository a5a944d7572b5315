package unfold.error;

/// A graph that cannot be run as asked: no kernel for an op, or more memory than the budget.
public final class PlanException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PlanException(String message) {
    super(message);
  }
}
