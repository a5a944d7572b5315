package unfold.train.video;

import unfold.data.digits.MovingDigits;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// Films side by side, time by time: frame t of film n is picture t·N + n.
final class FilmBatch {
  /// A label that does not count.
  static final int NONE = -1;

  private final int rows;
  private final int steps;
  private final Tensor pictures;
  private final Tensor labels;

  FilmBatch(int rows, int steps) {
    this.rows = rows;
    this.steps = steps;
    this.pictures = Tensor.zeros(DType.U8, rows * steps, MovingDigits.SIDE, MovingDigits.SIDE, 1);
    this.labels = Tensor.zeros(DType.I32, rows * steps);
  }

  int rows() {
    return rows;
  }

  /// @shape u8 [T·N×H×W×C]
  Tensor pictures() {
    return pictures;
  }

  /// @shape i32 [T·N]
  Tensor labels() {
    return labels;
  }

  void set(int row, MovingDigits.Film film) {
    for (int t = 0; t < steps; t++) {
      int place = t * rows + row;
      film.write(t, pictures.data(), (long) place * MovingDigits.SIDE * MovingDigits.SIDE);
      labels.set(place, film.label(t));
    }
  }

  /// Counts only frames that were hidden, or only those that were not.
  void keep(int row, MovingDigits.Film film, boolean hidden) {
    for (int t = 0; t < steps; t++) {
      if (film.hidden(t) != hidden) {
        labels.set(t * rows + row, NONE);
      }
    }
  }

  /// Nothing of this row counts.
  void clear(int row) {
    for (int t = 0; t < steps; t++) {
      labels.set(t * rows + row, NONE);
    }
  }
}
