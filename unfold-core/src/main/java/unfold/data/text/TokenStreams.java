package unfold.data.text;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import unfold.error.InputException;

/// A long text as parallel streams, for truncated backpropagation through time.
///
/// The text is cut into N pieces of equal length, one for each row of a batch; a window of T steps
/// moves along all of them at once. So row n of window k+1 goes on where row n of window k ended,
/// and a network may carry its state from one to the next. What is to be foretold is the next
/// token.
///
/// ```
/// text   t h e q u i c k b r o w n f o x .     N = 2, T = 3
/// row 0  t h e | q u i                         window 0 | window 1
/// row 1  c k b | r o w                         left over: n f o x .
/// ```
///
/// What does not fill a whole window in every row, and the token to foretell after the last, is
/// left over at the end of the text.
public final class TokenStreams {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private final int[] tokens;
  private final int rows;
  private final int steps;
  private final int windows;

  /// Tokens between the beginning of one row and that of the next.
  private final int length;

  /// @param tokens of the text
  /// @param rows N
  /// @param steps T
  /// @param name of the text, for messages
  /// @throws InputException if the text is too short for one window
  public TokenStreams(int[] tokens, int rows, int steps, String name) {
    long window = (long) rows * steps;
    if (tokens.length < window + 1) {
      throw new InputException(
          name
              + ": has "
              + tokens.length
              + " characters to learn from, but "
              + rows
              + " streams of "
              + steps
              + " steps need "
              + (window + 1)
              + ": make batch or sequence length smaller, or take a longer text");
    }
    this.tokens = tokens.clone();
    this.rows = rows;
    this.steps = steps;
    this.windows = (int) ((tokens.length - 1) / window);
    this.length = windows * steps;
  }

  private TokenStreams(TokenStreams of, int windows) {
    this.tokens = of.tokens;
    this.rows = of.rows;
    this.steps = of.steps;
    this.windows = windows;
    this.length = of.length;
  }

  /// The streams up to a window.
  ///
  /// @param count windows to keep, in 1 … [#windows()]
  public TokenStreams first(int count) {
    return new TokenStreams(this, Objects.checkIndex(count - 1, windows) + 1);
  }

  /// What [#first] leaves over: the end of each stream, one after the other.
  public int[] after(int count) {
    int left = (windows - count) * steps;
    int[] ends = new int[rows * left];
    for (int n = 0; n < rows; n++) {
      System.arraycopy(tokens, n * length + count * steps, ends, n * left, left);
    }
    return ends;
  }

  /// The tokens, one stream after the other; of whole streams also what is left over at the end.
  public int[] tokens() {
    int each = windows * steps;
    if (each == length) {
      return tokens.clone();
    }
    int[] all = new int[rows * each];
    for (int n = 0; n < rows; n++) {
      System.arraycopy(tokens, n * length, all, n * each, each);
    }
    return all;
  }

  /// Windows from the beginning of the streams to their end.
  public int windows() {
    return windows;
  }

  public int rows() {
    return rows;
  }

  public int steps() {
    return steps;
  }

  /// Writes a window, time by time: inputs and what follows each.
  ///
  /// @shape both i32 T×N
  public void fill(int window, MemorySegment inputs, MemorySegment targets) {
    for (int t = 0; t < steps; t++) {
      for (int n = 0; n < rows; n++) {
        int at = n * length + window * steps + t;
        inputs.setAtIndex(INT, (long) t * rows + n, tokens[at]);
        targets.setAtIndex(INT, (long) t * rows + n, tokens[at + 1]);
      }
    }
  }
}
