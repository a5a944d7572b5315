package unfold.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import unfold.error.InputException;

/// A folder of pictures with one folder per class, whose names in order are the classes. The class
/// folders may lie below `train`, and below `val` (or `valid`, `validation`) and `test`, which must
/// then have no classes that `train` has not.
final class ImageFolder implements FolderKind {
  private static final List<String> VALIDATION = List.of("val", "valid", "validation");

  @Override
  public Optional<Splits> open(Path folder) {
    String name = Folder.nameOf(folder.toAbsolutePath());
    Path trainFolder = folder.resolve("train");
    List<Path> inner = Folder.folders(folder);
    if (!inner.contains(trainFolder)) {
      Map<String, List<Path>> files = classFiles(folder);
      return files.values().stream().allMatch(List::isEmpty)
          ? Optional.empty()
          : Optional.of(
              Splits.of(set(name, folder, files, List.copyOf(files.keySet())))
                  .note(Datasets.onlyTraining(folder)));
    }
    Map<String, List<Path>> files = classFiles(trainFolder);
    List<String> classes = List.copyOf(files.keySet());
    if (files.values().stream().allMatch(List::isEmpty)) {
      return Optional.empty();
    }
    Splits splits = Splits.of(set(name + " train", trainFolder, files, classes));
    for (String validation : VALIDATION) {
      Path part = folder.resolve(validation);
      if (inner.contains(part)) {
        splits = splits.validation(set(name + " " + validation, part, classFiles(part), classes));
      }
    }
    Path test = folder.resolve("test");
    if (inner.contains(test)) {
      splits = splits.test(set(name + " test", test, classFiles(test), classes));
    }
    return Optional.of(
        splits.heldOut().isPresent() ? splits : splits.note(Datasets.onlyTraining(folder)));
  }

  /// The pictures of each class, classes and pictures in order of their names.
  private static Map<String, List<Path>> classFiles(Path folder) {
    Map<String, List<Path>> files = new TreeMap<>();
    for (Path part : Folder.folders(folder)) {
      files.put(Folder.nameOf(part), Folder.files(part, ImageFolder::isPicture));
    }
    return files;
  }

  private static boolean isPicture(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".jpg") || lower.endsWith(".jpeg") || lower.endsWith(".png");
  }

  private static Dataset set(
      String name, Path folder, Map<String, List<Path>> files, List<String> classes) {
    List<Path> pictures = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    files.forEach((label, paths) -> {
      int k = classes.indexOf(label);
      if (k < 0) {
        throw new InputException(
            folder.resolve(label) + ": the training folder has no class '" + label + "'");
      }
      if (paths.isEmpty()) {
        throw new InputException(
            folder.resolve(label) + ": no JPEG or PNG picture in this class folder");
      }
      for (Path path : paths) {
        pictures.add(path);
        labels.add(k);
      }
    });
    if (classes.size() < 2) {
      throw new InputException(
          folder
              + ": only one class folder ('"
              + classes.getFirst()
              + "'): a set needs two or more");
    }
    if (pictures.isEmpty()) {
      throw new InputException(folder + ": no class folders with pictures");
    }
    int[] label = labels.stream().mapToInt(Integer::intValue).toArray();
    return new ImageDataset(name, folder, pictures, label, classes);
  }
}
