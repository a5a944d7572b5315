package unfold.backend.vector;

import unfold.backend.Kernel;
import unfold.backend.Workers;

/// Folds the innermost axis in memory: each line of `n` elements into one number.
final class LineFold {
  private static final int PIECE = 1 << 14;

  private LineFold() {}

  /// Parts of one line if there is only one, else parts of the lines.
  static int parts(Workers workers, long lines, long n, long bytes) {
    return Split.parts(workers, lines == 1 ? n / PIECE : lines, bytes);
  }

  static Kernel bind(
      Workers workers,
      int parts,
      boolean bf16,
      boolean toBf16,
      Fold fold,
      double factor,
      long lines,
      long n,
      long x,
      long y,
      long scratch) {
    if (lines > 1) {
      return Split.share(
          workers,
          parts,
          lines,
          (_, from, to) -> {
            for (long i = from; i < to; i++) {
              Raw.put(toBf16, y, i, (float) (factor * line(fold, bf16, x, i * n, (i + 1) * n)));
            }
          });
    }
    Kernel sums =
        Split.share(
            workers,
            parts,
            n,
            (part, from, to) -> Raw.putF64(scratch, part, line(fold, bf16, x, from, to)));
    return () -> {
      sums.run();
      double all = fold.neutral;
      for (int part = 0; part < parts; part++) {
        all = fold.join(all, Raw.getF64(scratch, part));
      }
      Raw.put(toBf16, y, 0, (float) (factor * all));
    };
  }

  private static double line(Fold fold, boolean bf16, long x, long from, long to) {
    double all = fold.neutral;
    long at = from;
    while (to - at >= Raw.L) {
      int n = (int) Math.min(PIECE, (to - at) / Raw.L * Raw.L);
      all = fold.join(all, fold.line(bf16, x + (at << Raw.shift(bf16)), n));
      at += n;
    }
    for (; at < to; at++) {
      all = fold.join(all, Raw.get(bf16, x, at));
    }
    return all;
  }
}
