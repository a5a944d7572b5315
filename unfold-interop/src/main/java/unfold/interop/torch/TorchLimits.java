package unfold.interop.torch;

/// What a file may ask of us at most.
///
/// @param entries largest number of files in a zip archive
/// @param pickleBytes longest pickle
/// @param values largest number of values that a pickle makes, and that its result unfolds to
/// @param stack most values on the pickle's stack at a time
/// @param memo most values that a pickle remembers
/// @param depth deepest nesting
/// @param tensors largest number of tensors
/// @param rank largest rank
/// @param nameChars longest name of a tensor, joined by dots
/// @param shares how many times the bytes of the file all tensors may have together, as views of
///   the same storages
public record TorchLimits(
    int entries,
    int pickleBytes,
    int values,
    int stack,
    int memo,
    int depth,
    int tensors,
    int rank,
    int nameChars,
    int shares) {
  public static final TorchLimits DEFAULT =
      new TorchLimits(200_000, 64 << 20, 4_000_000, 10_000, 1_000_000, 200, 100_000, 8, 1000, 16);
}
