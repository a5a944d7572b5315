package unfold.backend.composed;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/// One thing for several numbers of rows, since kernels know theirs beforehand: whoever has some
/// rows takes the rung that covers them with the fewest more.
///
/// @param rows of each rung, upwards; the last is for all
/// @param rungs one for each number of rows
record Ladder<T>(List<Integer> rows, List<T> rungs) {
  /// Fewer rows a rung than this are not worth a kernel of their own.
  private static final int FINEST = 4;

  private static final int MOST_RUNGS = 16;

  Ladder {
    rows = List.copyOf(rows);
    rungs = List.copyOf(rungs);
  }

  /// The rung for all rows alone.
  static <T> Ladder<T> single(int rows, T rung) {
    return new Ladder<>(List.of(rows), List.of(rung));
  }

  /// Rungs for equally many more rows each, up to all of them.
  ///
  /// @param fits whether a rung can stand beside that for all rows; one that cannot is left out
  static <T> Ladder<T> of(int rows, IntFunction<T> make, Fits<T> fits) {
    T all = make.apply(rows);
    int apart = apart(rows);
    var numbers = new ArrayList<Integer>();
    var rungs = new ArrayList<T>();
    for (int n = apart; n < rows; n += apart) {
      T rung = make.apply(n);
      if (fits.beside(rung, all)) {
        numbers.add(n);
        rungs.add(rung);
      }
    }
    numbers.add(rows);
    rungs.add(all);
    return new Ladder<>(numbers, rungs);
  }

  private static int apart(int rows) {
    int even = (rows + MOST_RUNGS - 1) / MOST_RUNGS;
    return (even + FINEST - 1) / FINEST * FINEST;
  }

  @FunctionalInterface
  interface Fits<T> {
    boolean beside(T rung, T all);
  }

  /// The rung for all rows.
  T whole() {
    return rungs.getLast();
  }

  /// Which rung covers so many rows, for each number of them from 0.
  int[] covering() {
    int[] covering = new int[rows.getLast() + 1];
    int rung = 0;
    for (int n = 0; n < covering.length; n++) {
      if (n > rows.get(rung)) {
        rung++;
      }
      covering[n] = rung;
    }
    return covering;
  }
}
