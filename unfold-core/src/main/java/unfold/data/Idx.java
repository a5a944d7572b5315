package unfold.data;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import unfold.data.image.PictureShape;
import unfold.error.FormatException;

/// The idx format of MNIST and its relatives, plain or `.gz`: big-endian magic number (two zero
/// bytes, the element type, the rank), one 32-bit extent per axis, then the elements row-major.
///
/// @source Y. LeCun, C. Cortes, C. Burges: The MNIST database, "File formats"
final class Idx {
  private static final int PICTURES = 0x0803;
  private static final int LABELS = 0x0801;
  private static final int MAX_SIDE = 16_384;

  private Idx() {}

  /// Pictures (u8, rank 3) with their labels (u8, rank 1), all in memory.
  static MemoryDataset read(String name, Path pictures, Path labels, List<String> classes) {
    int[] label = readLabels(labels, classes.size());
    try (DataFile file = DataFile.open(pictures)) {
      int count = header(file, PICTURES, "pictures (type u8, rank 3)");
      int height = extent(file, "rows");
      int width = extent(file, "columns");
      if (count != label.length) {
        throw file.problem(
            "there are "
                + count
                + " pictures, but "
                + label.length
                + " labels in "
                + labels.getFileName());
      }
      var shape = new PictureShape(height, width, 1);
      long bytes = (long) count * shape.bytes();
      file.require(bytes, count + " pictures of " + height + "x" + width);
      MemorySegment pixels = Arena.ofAuto().allocate(bytes, 64);
      file.read(pixels);
      file.requireEnd();
      List<Path> files = List.of(pictures, labels);
      Path root = pictures.toAbsolutePath().resolveSibling("");
      return new MemoryDataset(
          name, shape, pixels, label, classes, Fingerprint.ofFiles(root, files));
    }
  }

  private static int[] readLabels(Path path, int classes) {
    try (DataFile file = DataFile.open(path)) {
      int count = header(file, LABELS, "labels (type u8, rank 1)");
      file.require(count, count + " labels");
      byte[] bytes = new byte[count];
      file.read(MemorySegment.ofArray(bytes));
      int[] labels = new int[count];
      for (int i = 0; i < count; i++) {
        labels[i] = bytes[i] & 0xFF;
        if (labels[i] >= classes) {
          throw FormatException.at(
              path.toString(),
              8 + i,
              "label "
                  + labels[i]
                  + " is out of range: there are "
                  + classes
                  + " classes (0 to "
                  + (classes - 1)
                  + ")");
        }
      }
      file.requireEnd();
      return labels;
    }
  }

  private static int header(DataFile file, int magic, String what) {
    int found = file.readInt();
    if (found != magic) {
      throw file.problem(
          "not an idx file of "
              + what
              + ": it begins with 0x%08x instead of 0x%08x".formatted(found, magic));
    }
    int count = file.readInt();
    if (count < 1) {
      throw file.problem(
          "the header declares " + (count & 0xFFFFFFFFL) + " items: 1 to 2147483647 can be");
    }
    return count;
  }

  private static int extent(DataFile file, String what) {
    int extent = file.readInt();
    if (extent < 1 || extent > MAX_SIDE) {
      throw file.problem(
          "the header declares "
              + (extent & 0xFFFFFFFFL)
              + " "
              + what
              + " a picture: 1 to "
              + MAX_SIDE
              + " can be");
    }
    return extent;
  }
}
