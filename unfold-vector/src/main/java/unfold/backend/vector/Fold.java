package unfold.backend.vector;

import unfold.op.Reduction;

/// What a reduction does: numbers into one number. Sums of a piece are taken in f32, of pieces in
/// f64.
enum Fold {
  SUM(0),
  MAX(Double.NEGATIVE_INFINITY),
  MIN(Double.POSITIVE_INFINITY);

  final double neutral;

  Fold(double neutral) {
    this.neutral = neutral;
  }

  static Fold of(Reduction.Fold fold) {
    return switch (fold) {
      case SUM, MEAN -> SUM;
      case MAX -> MAX;
      case MIN -> MIN;
    };
  }

  double join(double a, double b) {
    return switch (this) {
      case SUM -> a + b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
    };
  }

  /// Of n elements on a line, a multiple of the vector length.
  double line(boolean bf16, long x, int n) {
    return switch (this) {
      case SUM -> ReduceLoops.sum(bf16, x, n);
      case MAX -> ReduceLoops.largest(bf16, x, n);
      case MIN -> ReduceLoops.smallest(bf16, x, n);
    };
  }

  /// One more row of n elements into `s`.
  void row(boolean bf16, long x, int n, long s) {
    switch (this) {
      case SUM -> ReduceLoops.sumsOfRow(bf16, x, n, s);
      case MAX -> ReduceLoops.largestOfRow(bf16, x, n, s);
      case MIN -> ReduceLoops.smallestOfRow(bf16, x, n, s);
    }
  }
}
