package unfold.error;

/// Something the user asked for cannot be done as asked (an unknown name, a missing file, a label
/// out of range): the message is one clear line with the remedy.
public final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InputException(String message) {
    super(message);
  }

  public InputException(String message, Throwable cause) {
    super(message, cause);
  }
}
