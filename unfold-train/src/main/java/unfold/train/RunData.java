package unfold.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import unfold.data.Dataset;
import unfold.data.Datasets;
import unfold.data.Splits;
import unfold.error.InputException;
import unfold.random.Stream;

/// The pictures of a run, in the parts that its config asks for.
///
/// @param train what it learns from
/// @param heldOut what the best epoch is chosen by
/// @param test what it never saw, if there is such a part beside `heldOut`
/// @param notes how the parts came about, as far as people should know
public record RunData(
    Dataset train, Optional<Dataset> heldOut, Optional<Dataset> test, List<String> notes) {
  public RunData {
    notes = List.copyOf(notes);
  }

  /// A part of the heap that decoded pictures may take, so that files are read once and not in
  /// every epoch.
  private static final int CACHE_SHARE = 4;

  /// Opens the config's source.
  public static RunData open(RunConfig config) {
    return of(config, Datasets.named(config.pictures().source()));
  }

  /// The parts of a set that is open already.
  public static RunData of(RunConfig config, Splits set) {
    var notes = new ArrayList<>(set.notes());
    RunData parts = parts(config, cached(set), notes);
    int batch = config.recipe().batch();
    long seed = config.recipe().seed();
    RunConfig.Limits limits = config.limits();
    if (limits.overfitBatches() > 0) {
      Dataset few = some(parts.train, limits.overfitBatches(), batch, seed);
      notes.add("a dry run: learns from " + few.size() + " pictures and is measured on the same");
      return new RunData(few, Optional.of(few), parts.test, notes);
    }
    if (limits.batches() > 0) {
      Dataset few = some(parts.train, limits.batches(), batch, seed);
      notes.add("a dry run: learns from " + few.size() + " of " + parts.train.size() + " pictures");
      return new RunData(
          few,
          parts.heldOut.map(data -> some(data, limits.batches(), batch, seed)),
          parts.test,
          notes);
    }
    return new RunData(parts.train, parts.heldOut, parts.test, notes);
  }

  /// The part of this name: `train`, `validation` (what was held out) or `test`, which is the same
  /// if the set has no other.
  ///
  /// @throws InputException that names the parts there are
  public Dataset part(String name) {
    Optional<Dataset> found =
        switch (name) {
          case "train" -> Optional.of(train);
          case "validation" -> heldOut;
          case "test" -> test.or(() -> heldOut);
          default -> Optional.empty();
        };
    return found.orElseThrow(() ->
        new InputException(
            train.name()
                + ": has no part '"
                + name
                + (heldOut.isPresent()
                    ? "'; there are train, validation, test"
                    : test.isPresent() ? "'; there are train, test" : "'; there is only 'train'")));
  }

  /// Picture files are decoded once, as far as memory allows; other sets are in memory already.
  private static Splits cached(Splits set) {
    long bytes = Runtime.getRuntime().maxMemory() / CACHE_SHARE;
    UnaryOperator<Dataset> keep = d -> d.shape().isPresent() ? d : d.cached(bytes);
    return new Splits(
        keep.apply(set.train()), set.validation().map(keep), set.test().map(keep), set.notes());
  }

  private static RunData parts(RunConfig config, Splits set, List<String> notes) {
    double fraction = config.pictures().validation();
    int last = config.pictures().holdOut();
    if (last == 0 && (fraction == 0 || set.validation().isPresent())) {
      return new RunData(
          set.train(), set.heldOut(), set.validation().flatMap(_ -> set.test()), List.of());
    }
    Dataset all = set.train();
    Splits made =
        last > 0 ? all.splitLast(last) : all.splitFraction(fraction, config.recipe().seed());
    notes.add(
        all.name()
            + ": "
            + (all.size() - made.train().size())
            + " of "
            + all.size()
            + " training pictures are held out");
    return new RunData(made.train(), made.validation(), set.test(), List.of());
  }

  /// So many batches of the set, chosen by the seed: a set may be sorted by class, so its first
  /// pictures would not do.
  private static Dataset some(Dataset data, int batches, int batch, long seed) {
    long wanted = (long) batches * batch;
    if (wanted >= data.size()) {
      return data;
    }
    int[] items =
        Arrays.copyOf(
            Stream.of(seed, "train/some", 0).permutation(data.size()), Math.toIntExact(wanted));
    Arrays.sort(items);
    return data.subset(items);
  }
}
