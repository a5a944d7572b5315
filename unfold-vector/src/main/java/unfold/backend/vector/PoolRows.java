package unfold.backend.vector;

/// The rows of a picture batch as pooling reads and writes them. Loops read and write whole vectors
/// of channels, up to L − 1 elements beyond the end of a row. Where channels are no multiple of L,
/// what they write there belongs to the next rows, which are written later; only the last rows that
/// are read, and the last that a thread writes, lie in a copy with room behind its end.
///
/// @param bf16 element type in memory
/// @param elements of a row
/// @param rows in the batch
/// @param exact whether no row is read or written beyond its end
record PoolRows(boolean bf16, int elements, long rows, boolean exact) {

  static PoolRows of(boolean bf16, int width, int channels, long rows) {
    return new PoolRows(bf16, width * channels, rows, channels % Raw.L == 0);
  }

  /// Bytes of a copy of a row.
  long bufferBytes() {
    return exact ? 0 : Tail.align(4L * (elements + Raw.L));
  }

  private long bytes() {
    return (long) elements << Raw.shift(bf16);
  }

  private long placeBytes(boolean wide) {
    return (long) elements * (wide ? 4 : 1);
  }

  /// Whether there is room enough behind row i, in the rows before `end`.
  private boolean inPlace(long i, long end) {
    return exact || (end - 1 - i) * elements >= Raw.L;
  }

  /// Address at which the loops can read row i.
  long read(long base, long i, long buffer) {
    return read(base, i, bytes(), buffer);
  }

  long readPlaces(boolean wide, long base, long i, long buffer) {
    return read(base, i, placeBytes(wide), buffer);
  }

  private long read(long base, long i, long bytes, long buffer) {
    long at = base + i * bytes;
    if (inPlace(i, rows)) {
      return at;
    }
    Raw.copy(at, buffer, bytes);
    return buffer;
  }

  /// Address at which the loops can write row i; [#written] completes it.
  ///
  /// @param end the row before which this thread stops to write
  long write(long base, long i, long end, long buffer) {
    return inPlace(i, end) ? base + i * bytes() : buffer;
  }

  void written(long base, long i, long end, long buffer) {
    if (!inPlace(i, end)) {
      Raw.copy(buffer, base + i * bytes(), bytes());
    }
  }

  long writePlaces(boolean wide, long base, long i, long end, long buffer) {
    return inPlace(i, end) ? base + i * placeBytes(wide) : buffer;
  }

  void writtenPlaces(boolean wide, long base, long i, long end, long buffer) {
    if (!inPlace(i, end)) {
      Raw.copy(buffer, base + i * placeBytes(wide), placeBytes(wide));
    }
  }
}
