package unfold.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import unfold.error.InputException;

/// A folder with the binary version of CIFAR-10 (`data_batch_1.bin` and so on, `test_batch.bin`) or
/// CIFAR-100 (`train.bin`, `test.bin`), plain or `.gz`. Class names come from `batches.meta.txt` or
/// `fine_label_names.txt`; without them CIFAR-10's are known and CIFAR-100's are numbers.
final class CifarFolder implements FolderKind {
  private static final List<String> TEN =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  @Override
  public Optional<Splits> open(Path folder) {
    List<Path> train = parts(folder, "data_batch_\\d+\\w*");
    List<Path> test = parts(folder, "test_batch\\w*");
    if (!train.isEmpty() || !test.isEmpty()) {
      List<String> names = Folder.classNames(folder, "batches.meta.txt").orElse(TEN);
      return Optional.of(splits(folder, train, test, new Cifar(1, names), "data_batch_1.bin"));
    }
    train = parts(folder, "train");
    test = parts(folder, "test");
    if (!train.isEmpty() || !test.isEmpty()) {
      List<String> names =
          Folder.classNames(folder, "fine_label_names.txt")
              .orElseGet(() -> IntStream.range(0, 100).mapToObj(Integer::toString).toList());
      return Optional.of(splits(folder, train, test, new Cifar(2, names), "train.bin"));
    }
    return Optional.empty();
  }

  private static Splits splits(
      Path folder, List<Path> train, List<Path> test, Cifar format, String needed) {
    if (train.isEmpty()) {
      throw new InputException(folder + ": has the test files, but not " + needed + "[.gz]");
    }
    String name = Folder.nameOf(folder.toAbsolutePath());
    Splits splits = Splits.of(format.read(name + " train", folder, train));
    return test.isEmpty()
        ? splits.note(Datasets.onlyTraining(folder))
        : splits.test(format.read(name + " test", folder, test));
  }

  /// The `.bin` files with this name, each plain or else gzipped.
  private static List<Path> parts(Path folder, String name) {
    List<Path> all = Folder.files(folder, file -> file.matches(name + "\\.bin(\\.gz)?"));
    return all.stream().filter(p -> !isPackedCopy(p, all)).toList();
  }

  private static boolean isPackedCopy(Path file, List<Path> all) {
    String name = Folder.nameOf(file);
    return name.endsWith(".gz")
        && all.contains(file.resolveSibling(name.substring(0, name.length() - 3)));
  }
}
