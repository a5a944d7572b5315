package unfold.config;

import java.util.Locale;

/// The element type of activations and their gradients. Parameters, statistics, losses and
/// optimiser memory are f32 in any case. Prints as it is written on the command line.
public enum Precision {
  /// bf16 where the processor multiplies it faster than f32, else f32
  AUTO,
  F32,
  BF16;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
