package unfold.backend.composed;

import java.lang.foreign.MemorySegment;

/// The steps of a layer in the order in which they happen, and where their values lie.
record Steps(boolean reverse, int count, int rows) {

  /// The step that happens as the k-th.
  int step(int k) {
    return reverse ? count - 1 - k : k;
  }

  /// The moment that step t starts from.
  int from(int t) {
    return reverse ? t + 1 : t;
  }

  /// The moment that step t leads to.
  int to(int t) {
    return reverse ? t : t + 1;
  }

  int initial() {
    return reverse ? count : 0;
  }

  /// Values of one step or moment, `bytes` long, among those of all.
  static MemorySegment part(MemorySegment all, int number, long bytes) {
    return all.asSlice(number * bytes, bytes);
  }
}
