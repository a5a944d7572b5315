package unfold.backend.vector;

/// Short lines of memory, copied without a call for each.
final class CopyLoops {
  private CopyLoops() {}

  /// Copies lines of so many bytes, a multiple of [Raw#HALF_BYTES], that lie `stepFrom` and
  /// `stepTo` bytes apart.
  static void lines(long from, long to, long lines, long stepFrom, long stepTo, long bytes) {
    for (long i = 0; i < lines; i++) {
      for (long at = 0; at < bytes; at += Raw.HALF_BYTES) {
        Raw.copyHalf(from + i * stepFrom + at, to + i * stepTo + at);
      }
    }
  }
}
