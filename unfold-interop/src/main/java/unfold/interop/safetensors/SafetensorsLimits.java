package unfold.interop.safetensors;

/// What a file may ask of us at most.
///
/// @param headerBytes longest header
/// @param tensors largest number of tensors
/// @param rank largest rank
public record SafetensorsLimits(int headerBytes, int tensors, int rank) {
  public static final SafetensorsLimits DEFAULT = new SafetensorsLimits(16 << 20, 100_000, 8);
}
