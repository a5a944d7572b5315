package unfold.train.music;

import java.util.function.Function;
import unfold.engine.Feed;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// Pieces side by side, time by time, each padded to the same length.
final class PieceBatch {
  private final int rows;
  private final int steps;
  private final Tensor chords;
  private final Tensor lengths;
  private final Tensor counting;
  private final Feed chordsFeed;
  private final Feed lengthsFeed;
  private final Feed countingFeed;
  private int items;

  /// @param steps foretold, at most
  /// @param feeds of a program of [unfold.model.ChordModel]
  PieceBatch(int rows, int steps, Function<String, Feed> feeds) {
    this.rows = rows;
    this.steps = steps;
    this.chords = Tensor.zeros(DType.F32, steps + 1, rows, Music.NOTES);
    this.lengths = Tensor.zeros(DType.I32, rows);
    this.counting = Tensor.zeros(DType.F32, steps * rows);
    this.chordsFeed = feeds.apply("chords");
    this.lengthsFeed = feeds.apply("lengths");
    this.countingFeed = feeds.apply("counting");
  }

  int rows() {
    return rows;
  }

  /// Nothing but padding.
  void clear() {
    chords.data().fill((byte) 0);
    lengths.data().fill((byte) 0);
    counting.data().fill((byte) 0);
    items = 0;
  }

  void set(int row, Music.Piece piece) {
    int foretold = piece.steps().size() - 1;
    for (int t = 0; t <= foretold; t++) {
      for (int key : piece.steps().get(t)) {
        chords.set(((long) t * rows + row) * Music.NOTES + key, 1);
      }
      if (t < foretold) {
        counting.set((long) t * rows + row, 1);
      }
    }
    lengths.set(row, foretold);
    items += foretold;
  }

  void write() {
    chordsFeed.write(chords);
    lengthsFeed.write(lengths);
    countingFeed.write(counting);
  }

  /// Steps that count.
  int items() {
    return items;
  }

  int steps() {
    return steps;
  }
}
