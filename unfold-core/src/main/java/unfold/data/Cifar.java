package unfold.data;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import unfold.data.image.PictureShape;
import unfold.error.FormatException;

/// The binary format of CIFAR: records of label bytes and a 32×32 picture, all red numbers, then
/// all green, then all blue. CIFAR-10 has one label byte; CIFAR-100 has two, of which the second
/// (the fine class) counts.
///
/// @source A. Krizhevsky: The CIFAR-10 dataset, "Binary version"
final class Cifar {
  private static final PictureShape SHAPE = new PictureShape(32, 32, 3);
  private static final int AREA = 32 * 32;

  private final int labelBytes;
  private final List<String> classes;

  /// @param labelBytes before each picture; the last one is the class
  Cifar(int labelBytes, List<String> classes) {
    this.labelBytes = labelBytes;
    this.classes = classes;
  }

  /// The records of these files one after the other, all in memory.
  MemoryDataset read(String name, Path folder, List<Path> files) {
    int[] counts = files.stream().mapToInt(this::records).toArray();
    int total = 0;
    for (int count : counts) {
      total = Math.addExact(total, count);
    }
    MemorySegment pixels = Arena.ofAuto().allocate((long) total * SHAPE.bytes(), 64);
    int[] labels = new int[total];
    int first = 0;
    for (int k = 0; k < counts.length; k++) {
      read(files.get(k), counts[k], pixels, labels, first);
      first += counts[k];
    }
    return new MemoryDataset(
        name, SHAPE, pixels, labels, classes, Fingerprint.ofFiles(folder, files));
  }

  private int records(Path path) {
    int record = labelBytes + SHAPE.bytes();
    try (DataFile file = DataFile.open(path)) {
      long bytes = file.declaredBytes();
      if (bytes == 0 || bytes % record != 0 || bytes / record > Integer.MAX_VALUE) {
        throw FormatException.at(
            path.toString(),
            bytes - bytes % record,
            bytes
                + " bytes are not a whole number of records of "
                + record
                + " bytes: the file is truncated or no CIFAR file");
      }
      return (int) (bytes / record);
    }
  }

  private void read(Path path, int count, MemorySegment pixels, int[] labels, int first) {
    byte[] record = new byte[labelBytes + SHAPE.bytes()];
    byte[] interleaved = new byte[SHAPE.bytes()];
    MemorySegment target = MemorySegment.ofArray(record);
    try (DataFile file = DataFile.open(path)) {
      for (int i = first; i < first + count; i++) {
        file.read(target);
        labels[i] = record[labelBytes - 1] & 0xFF;
        if (labels[i] >= classes.size()) {
          throw FormatException.at(
              path.toString(),
              (long) (i - first) * record.length + labelBytes - 1,
              "label "
                  + labels[i]
                  + " is out of range: there are "
                  + classes.size()
                  + " classes (0 to "
                  + (classes.size() - 1)
                  + ")");
        }
        for (int p = 0, o = 0; p < AREA; p++, o += 3) {
          interleaved[o] = record[labelBytes + p];
          interleaved[o + 1] = record[labelBytes + AREA + p];
          interleaved[o + 2] = record[labelBytes + 2 * AREA + p];
        }
        MemorySegment.copy(
            interleaved, 0, pixels, ValueLayout.JAVA_BYTE, (long) i * SHAPE.bytes(), SHAPE.bytes());
      }
      file.requireEnd();
    }
  }
}
