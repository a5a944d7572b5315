package unfold.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import unfold.error.InputException;
import unfold.error.Nearest;

/// Opens data sets.
public final class Datasets {
  private static final List<FolderKind> KINDS =
      List.of(new IdxFolder(), new CifarFolder(), new ImageFolder());
  private static final int MAX_DESCENT = 3;
  private static final String BUILT_IN = "digits";

  private Datasets() {}

  /// The built-in handwritten digits: 60,000 for training and 10,000 for testing, 28×28 grey, drawn
  /// on demand, the same on every machine.
  public static Splits digits() {
    return Splits.of(new DigitsDataset("train", 60_000)).test(new DigitsDataset("test", 10_000));
  }

  /// `digits`, or else the folder of this name.
  public static Splits named(String name) {
    if (name.equals(BUILT_IN)) {
      return digits();
    }
    Path folder = Path.of(name);
    if (!Files.exists(folder) && folder.getNameCount() == 1) {
      throw new InputException(
          name
              + ": there is no such folder"
              + Nearest.meant(name, List.of(BUILT_IN))
              + ", and the one data set built in is "
              + BUILT_IN);
    }
    return open(folder);
  }

  /// The data set in a folder. What kind it is shows in the names of its files:
  ///
  /// - idx, plain or `.gz`: MNIST, Fashion-MNIST and others with their file names;
  /// - `.bin`, plain or `.gz`: CIFAR-10 and CIFAR-100 in their binary version;
  /// - JPEG and PNG pictures in a folder per class, perhaps below `train`, `val`, `test`;
  /// - the folder may also hold nothing but one folder with these.
  public static Splits open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new InputException(
          folder + (Files.exists(folder) ? ": not a folder" : ": there is no such folder"));
    }
    Path at = folder;
    for (int depth = 0; depth < MAX_DESCENT; depth++) {
      for (FolderKind kind : KINDS) {
        Optional<Splits> found = kind.open(at);
        if (found.isPresent()) {
          String packed = packed(at);
          return packed.isEmpty() ? found.get() : found.get().note(at + packed);
        }
      }
      List<Path> inner = Folder.list(at);
      if (inner.size() != 1 || !Files.isDirectory(inner.getFirst())) {
        break;
      }
      at = inner.getFirst();
    }
    String packed = packed(at);
    throw new InputException(
        folder
            + ": no data set here: it needs idx files (train-images-idx3-ubyte[.gz] and so on),"
            + " CIFAR files (data_batch_1.bin[.gz] and so on) or a folder of JPEG or PNG pictures"
            + " for each class"
            + (packed.isEmpty() ? "" : "; " + folder + packed));
  }

  /// What to tell the user of archives beside the files of a set.
  private static String packed(Path folder) {
    List<String> archives =
        Folder.files(folder, file -> file.matches(".*\\.(tar|tgz|tar\\.\\w+|zip|7z)")).stream()
            .map(Folder::nameOf)
            .toList();
    return archives.isEmpty()
        ? ""
        : ": archives are not read, only what is unpacked: " + String.join(", ", archives);
  }

  /// What to tell the user when nothing was held out by the makers of a set.
  static String onlyTraining(Path folder) {
    return folder + ": only the training files are here; hold a part out to measure on";
  }
}
