package unfold.data.fetch;

import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import unfold.error.InputException;
import unfold.error.Nearest;

/// A public data set that can be fetched.
///
/// @param name what a user calls it
/// @param about what it is and whose, in a line
/// @param bases addresses below which its files lie, the first to be tried first
/// @param members files to unpack if the one file is a `.tar.gz`, as they are called in it
public record RemoteSet(
    String name, String about, List<URI> bases, List<RemoteFile> files, List<String> members) {
  public RemoteSet {
    bases = List.copyOf(bases);
    files = List.copyOf(files);
    members = List.copyOf(members);
  }

  /// The same set from elsewhere, such as a mirror in one's own network.
  public RemoteSet from(URI base) {
    return new RemoteSet(name, about, List.of(base), files, members);
  }

  public long bytes() {
    return files.stream().mapToLong(RemoteFile::bytes).sum();
  }

  /// All sets that are known, with the checksums that their makers' files have had for years.
  public static List<RemoteSet> known() {
    return List.of(mnist(), fashionMnist(), cifar10(), cifar100());
  }

  public static RemoteSet named(String name) {
    List<String> names = known().stream().map(RemoteSet::name).toList();
    return known().stream()
        .filter(set -> set.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new InputException(
                "unknown data set '"
                    + name
                    + "'"
                    + Nearest.meant(name, names)
                    + "; known are "
                    + String.join(", ", names)));
  }

  private static RemoteSet mnist() {
    return new RemoteSet(
        "mnist",
        "handwritten digits, 60,000 + 10,000, 28x28 grey; LeCun, Cortes, Burges",
        addresses(
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/"),
        List.of(
            new RemoteFile(
                "train-images-idx3-ubyte.gz",
                9_912_422,
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
            new RemoteFile(
                "train-labels-idx1-ubyte.gz",
                28_881,
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
            new RemoteFile(
                "t10k-images-idx3-ubyte.gz",
                1_648_877,
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
            new RemoteFile(
                "t10k-labels-idx1-ubyte.gz",
                4_542,
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")),
        List.of());
  }

  private static RemoteSet fashionMnist() {
    return new RemoteSet(
        "fashion-mnist",
        "clothes, 60,000 + 10,000, 28x28 grey; Zalando Research",
        addresses(
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
        List.of(
            new RemoteFile(
                "train-images-idx3-ubyte.gz",
                26_421_880,
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            new RemoteFile(
                "train-labels-idx1-ubyte.gz",
                29_515,
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            new RemoteFile(
                "t10k-images-idx3-ubyte.gz",
                4_422_102,
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            new RemoteFile(
                "t10k-labels-idx1-ubyte.gz",
                5_148,
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")),
        List.of());
  }

  private static RemoteSet cifar10() {
    return new RemoteSet(
        "cifar10",
        "photographs in 10 classes, 50,000 + 10,000, 32x32 colour; Krizhevsky, Nair, Hinton",
        addresses("https://www.cs.toronto.edu/~kriz/", "https://cave.cs.toronto.edu/kriz/"),
        List.of(
            new RemoteFile(
                "cifar-10-binary.tar.gz",
                170_052_171,
                "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")),
        Stream.concat(
                IntStream.rangeClosed(1, 5).mapToObj(k -> "data_batch_" + k + ".bin"),
                Stream.of("test_batch.bin", "batches.meta.txt"))
            .map(file -> "cifar-10-batches-bin/" + file)
            .toList());
  }

  private static RemoteSet cifar100() {
    return new RemoteSet(
        "cifar100",
        "photographs in 100 classes, 50,000 + 10,000, 32x32 colour; Krizhevsky, Nair, Hinton",
        addresses("https://www.cs.toronto.edu/~kriz/", "https://cave.cs.toronto.edu/kriz/"),
        List.of(
            new RemoteFile(
                "cifar-100-binary.tar.gz",
                168_513_733,
                "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec")),
        Stream.of("train.bin", "test.bin", "fine_label_names.txt")
            .map(file -> "cifar-100-binary/" + file)
            .toList());
  }

  private static List<URI> addresses(String... texts) {
    return Stream.of(texts).map(URI::create).toList();
  }
}
