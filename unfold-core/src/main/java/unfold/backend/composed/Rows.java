package unfold.backend.composed;

import java.lang.foreign.MemorySegment;
import unfold.backend.Workers;
import unfold.tensor.TensorType;

/// Some rows of values of many, and room where they lie one behind the other: copied there and back
/// on all threads. Which rows they are is said by their numbers, from `first` of an array.
final class Rows {
  private final Workers workers;
  private final int[] numbers;
  private final Moved[] moved;
  private final Workers.Body gathering = part -> each(part, Move.GATHER);
  private final Workers.Body scattering = part -> each(part, Move.SCATTER);
  private final Workers.Body zeroing = part -> each(part, Move.ZERO);
  private int first;
  private int count;

  private enum Move {
    GATHER,
    SCATTER,
    ZERO
  }

  /// A value of many rows and room for some of them.
  ///
  /// @param bytes of a row
  record Moved(MemorySegment all, MemorySegment some, long bytes) {
    /// A row is what lies along the last axis.
    static Moved of(MemorySegment all, TensorType type, MemorySegment some) {
      return new Moved(all, some, (long) type.shape().dim(-1) * type.dtype().bytes());
    }

    /// Rows of the room become zeros.
    void zero(int from, int to) {
      if (to > from) {
        some.asSlice(from * bytes, (to - from) * bytes).fill((byte) 0);
      }
    }
  }

  Rows(Workers workers, int[] numbers, Moved... moved) {
    this.workers = workers;
    this.numbers = numbers;
    this.moved = moved;
  }

  /// Rows numbers[from] … become rows 0 … rows − 1 of the room.
  void gather(int from, int rows) {
    run(gathering, from, rows);
  }

  /// The reverse.
  void scatter(int from, int rows) {
    run(scattering, from, rows);
  }

  /// Rows numbers[from] … become zeros, of which the room has none.
  void zero(int from, int rows) {
    run(zeroing, from, rows);
  }

  private void run(Workers.Body body, int from, int rows) {
    first = from;
    count = rows;
    if (rows > 0) {
      workers.run(Math.min(workers.threads(), rows), body);
    }
  }

  private void each(int part, Move move) {
    int parts = Math.min(workers.threads(), count);
    int begin = first + (int) ((long) count * part / parts);
    int end = first + (int) ((long) count * (part + 1) / parts);
    for (Moved m : moved) {
      for (int i = begin; i < end; i++) {
        long there = numbers[i] * m.bytes;
        long here = (i - first) * m.bytes;
        switch (move) {
          case GATHER -> MemorySegment.copy(m.all, there, m.some, here, m.bytes);
          case SCATTER -> MemorySegment.copy(m.some, here, m.all, there, m.bytes);
          case ZERO -> m.all.asSlice(there, m.bytes).fill((byte) 0);
        }
      }
    }
  }
}
