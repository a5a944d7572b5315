package unfold.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import unfold.data.image.Picture;
import unfold.data.image.PictureFile;
import unfold.data.image.PictureShape;

/// Picture files of any size, each decoded when it is asked for.
final class ImageDataset implements Dataset {
  private final String name;
  private final List<Path> files;
  private final int[] labels;
  private final List<String> classes;
  private final Supplier<String> fingerprint;

  ImageDataset(String name, Path root, List<Path> files, int[] labels, List<String> classes) {
    this.name = name;
    this.files = List.copyOf(files);
    this.labels = labels;
    this.classes = classes;
    this.fingerprint = Fingerprint.ofFiles(root, files);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int i) {
    return labels[i];
  }

  @Override
  public Optional<PictureShape> shape() {
    return Optional.empty();
  }

  @Override
  public Picture picture(int i) {
    return PictureFile.read(files.get(i));
  }

  @Override
  public String source(int i) {
    return files.get(i).toString();
  }

  @Override
  public String fingerprint() {
    return fingerprint.get();
  }

  @Override
  public String toString() {
    return name;
  }
}
