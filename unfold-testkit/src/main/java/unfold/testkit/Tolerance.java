package unfold.testkit;

import unfold.tensor.DType;

/// How far a result may be from the reference: |got − want| ≤ relative·|want| +
/// ofLargest·max|want|.
///
/// @param reason why not less
public record Tolerance(double relative, double ofLargest, String reason) {
  /// What a kernel may lose that computes in f32 (f64 for f64) and rounds its result once.
  public static Tolerance of(DType result) {
    return switch (result) {
      case F64 -> new Tolerance(1e-11, 1e-11, "sums in another order");
      case F32 -> new Tolerance(1e-5, 1e-5, "f32 sums in another order, polynomials for exp");
      case BF16 -> new Tolerance(0x1.02p-7, 2e-5, "one rounding to 8 bits, which may fall over");
      case I32, U8 -> new Tolerance(0, 0, "whole numbers are exact");
    };
  }

  /// Wider by a factor.
  public Tolerance times(double factor, String why) {
    return new Tolerance(relative * factor, ofLargest * factor, why);
  }

  /// More, in proportion to the largest number.
  Tolerance drift(double share) {
    return share == 0 ? this : new Tolerance(relative, ofLargest + share, reason);
  }

  @Override
  public String toString() {
    return "%.2g of the number + %.2g of the largest (%s)".formatted(relative, ofLargest, reason);
  }
}
