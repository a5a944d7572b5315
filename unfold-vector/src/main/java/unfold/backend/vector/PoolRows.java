package unfold.backend.vector;

/// The rows of a picture batch as pooling reads and writes them: in place where the channels are a
/// multiple of the vector length, else as f32 copies with room behind their end (places: as they
/// are).
///
/// @param bf16 element type in memory
/// @param elements of a row
record PoolRows(boolean bf16, int elements, boolean inPlace) {

  static PoolRows of(boolean bf16, int width, int channels) {
    return new PoolRows(bf16, width * channels, channels % Raw.L == 0);
  }

  /// What the loops see: bf16 only in place.
  boolean loopBf16() {
    return bf16 && inPlace;
  }

  /// Bytes of a copy of a row.
  long bufferBytes() {
    return inPlace ? 0 : Tail.align(4L * (elements + Raw.L));
  }

  private long bytes() {
    return (long) elements << Raw.shift(bf16);
  }

  /// Address at which the loops can read row i.
  long read(long base, long i, long buffer) {
    long at = base + i * bytes();
    if (inPlace) {
      return at;
    }
    Row.read(bf16, at, buffer, elements, 0);
    return buffer;
  }

  /// Address at which the loops can write row i; [#written] completes it.
  long write(long base, long i, long buffer) {
    return inPlace ? base + i * bytes() : buffer;
  }

  void written(long base, long i, long buffer) {
    if (!inPlace) {
      Row.write(bf16, buffer, base + i * bytes(), elements);
    }
  }

  long readPlaces(boolean wide, long base, long i, long buffer) {
    long bytes = (long) elements * (wide ? 4 : 1);
    if (inPlace) {
      return base + i * bytes;
    }
    Raw.copy(base + i * bytes, buffer, bytes);
    return buffer;
  }

  long writePlaces(boolean wide, long base, long i, long buffer) {
    return inPlace ? base + i * elements * (wide ? 4L : 1L) : buffer;
  }

  void writtenPlaces(boolean wide, long base, long i, long buffer) {
    if (!inPlace) {
      long bytes = (long) elements * (wide ? 4 : 1);
      Raw.copy(buffer, base + i * bytes, bytes);
    }
  }
}
