package unfold.error;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

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

  /// A file that was to be read, and what the system said instead.
  public static InputException unreadable(Path file, IOException e) {
    String why =
        switch (e) {
          case NoSuchFileException _ -> "there is no such file";
          case AccessDeniedException _ -> "no permission to read it";
          default -> "cannot be read: " + e.getMessage();
        };
    return new InputException(file + ": " + why, e);
  }
}
