package unfold.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import unfold.error.InputException;

/// A folder with the files of MNIST or a set in its clothes, plain or `.gz`:
/// `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and `t10k-…` for testing. Class names come
/// from a file `classes.txt`, one a line; without it they are those of Fashion-MNIST if the
/// folder's name says so, and else the ten digits.
final class IdxFolder implements FolderKind {
  private static final List<String> DIGITS =
      List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
  private static final List<String> FASHION =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  @Override
  public Optional<Splits> open(Path folder) {
    String folderName = Folder.nameOf(folder.toAbsolutePath());
    boolean fashion = folderName.toLowerCase(Locale.ROOT).contains("fashion");
    Optional<Dataset> train = part(folder, "train", folderName + " train", fashion);
    Optional<Dataset> test = part(folder, "t10k", folderName + " test", fashion);
    if (train.isEmpty() && test.isPresent()) {
      throw new InputException(
          folder
              + ": has the test files (t10k-…), but not train-images-idx3-ubyte[.gz] and"
              + " train-labels-idx1-ubyte[.gz]");
    }
    return train.map(t ->
        test.map(Splits.of(t)::test)
            .orElseGet(() -> Splits.of(t).note(Datasets.onlyTraining(folder))));
  }

  private static Optional<Dataset> part(Path folder, String prefix, String name, boolean fashion) {
    Optional<Path> pictures = either(folder, prefix + "-images", "idx3-ubyte");
    Optional<Path> labels = either(folder, prefix + "-labels", "idx1-ubyte");
    if (pictures.isPresent() != labels.isPresent()) {
      String there = pictures.or(() -> labels).map(Folder::nameOf).orElse("");
      String missing =
          prefix + (pictures.isPresent() ? "-labels-idx1-ubyte" : "-images-idx3-ubyte");
      throw new InputException(folder + ": has " + there + ", but not " + missing + "[.gz]");
    }
    List<String> classes =
        Folder.classNames(folder, "classes.txt").orElse(fashion ? FASHION : DIGITS);
    return pictures.flatMap(p -> labels.map(l -> Idx.read(name, p, l, classes)));
  }

  private static Optional<Path> either(Path folder, String begin, String end) {
    return Folder.file(folder, begin + "-" + end).or(() -> Folder.file(folder, begin + "." + end));
  }
}
