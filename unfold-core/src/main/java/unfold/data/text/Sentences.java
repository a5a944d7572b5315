package unfold.data.text;

import java.util.List;
import unfold.error.ShapeException;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Sentences as numbers, and batches of them, padded to one length.
///
/// ```
/// 0  a  dog  runs  .        T×N =  a    two         lengths 4 2
/// 1  two  men                      dog  men
///                                  runs <pad>
///                                  .    <pad>
/// ```
public final class Sentences {
  private final List<int[]> tokens;

  /// @param tokens of each sentence; not to be changed afterwards
  public Sentences(List<int[]> tokens) {
    this.tokens = List.copyOf(tokens);
  }

  public int size() {
    return tokens.size();
  }

  /// Tokens of a sentence.
  public int length(int item) {
    return tokens.get(item).length;
  }

  /// The lengths of all.
  public int[] lengths() {
    return tokens.stream().mapToInt(t -> t.length).toArray();
  }

  /// The tokens of one, as a copy.
  public int[] tokens(int item) {
    return tokens.get(item).clone();
  }

  /// Writes sentences side by side, time by time. What they leave, in steps or in rows, is padding.
  ///
  /// @param items at most as many as there are rows
  /// @param padding what to fill with: [WordVocabulary#PAD], or a label that does not count
  /// @shape to i32 [T×N]
  /// @throws ShapeException if there are more sentences than rows, or one is longer than T
  public void fill(List<Integer> items, int padding, Tensor to) {
    requireType(to, 2);
    int steps = to.shape().dim(0);
    int rows = to.shape().dim(1);
    requireRows(items, rows);
    for (int n = 0; n < rows; n++) {
      int[] row = n < items.size() ? tokens.get(items.get(n)) : new int[0];
      if (row.length > steps) {
        throw new ShapeException(
            "sentence "
                + items.get(n)
                + " has "
                + row.length
                + " tokens, but the batch has "
                + steps
                + " steps");
      }
      for (int t = 0; t < steps; t++) {
        to.set((long) t * rows + n, t < row.length ? row[t] : padding);
      }
    }
  }

  /// Writes the lengths of sentences; rows without one have length 0.
  ///
  /// @shape to i32 [N]
  public void lengths(List<Integer> items, Tensor to) {
    requireType(to, 1);
    int rows = to.shape().dim(0);
    requireRows(items, rows);
    for (int n = 0; n < rows; n++) {
      to.set(n, n < items.size() ? length(items.get(n)) : 0);
    }
  }

  private static void requireType(Tensor to, int rank) {
    TensorType type = to.type();
    if (type.dtype() != DType.I32 || type.shape().rank() != rank) {
      throw new ShapeException(
          "a batch of sentences is i32 " + (rank == 2 ? "T×N" : "N") + ", not " + type);
    }
  }

  private static void requireRows(List<Integer> items, int rows) {
    if (items.size() > rows) {
      throw new ShapeException(
          items.size() + " sentences do not fit into a batch of " + rows + " rows");
    }
  }
}
