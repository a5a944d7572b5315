package unfold.error;

/// A file or stream that is not what it should be: names the file, the byte offset where known, and
/// what was expected there.
public final class FormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public FormatException(String message) {
    super(message);
  }

  public FormatException(String message, Throwable cause) {
    super(message, cause);
  }

  /// `file: at byte offset: problem`.
  public static FormatException at(String file, long offset, String problem) {
    return new FormatException(file + ": at byte " + offset + ": " + problem);
  }
}
