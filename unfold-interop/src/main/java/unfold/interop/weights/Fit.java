package unfold.interop.weights;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import unfold.error.FormatException;
import unfold.error.InputException;
import unfold.interop.StoredTensor;
import unfold.interop.TensorFile;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// A file of tensors beside a network: what would be loaded and what not, each by name. Making one
/// reads no numbers and changes nothing; [#load] does.
///
/// @param prefix what the file's names have in front of the network's, `state_dict.module.`
/// @param loaded tensors by the network's names
/// @param missing names that the network needs and the file has not
/// @param unexpected names that the file has and the network does not know
/// @param different tensors that both have, in different shapes
/// @param ignored what is left aside on purpose: counters of batches, what an optimiser remembers,
///   and whatever lies beside the weights in a checkpoint
public record Fit(
    String file,
    Needs needs,
    String prefix,
    SequencedMap<String, StoredTensor> loaded,
    List<String> missing,
    List<String> unexpected,
    List<Difference> different,
    List<String> ignored) {

  /// A tensor of another shape.
  public record Difference(String name, StoredTensor found, TensorType needed) {
    @Override
    public String toString() {
      return name + " (" + found + " in the file, " + needed + " in the network)";
    }
  }

  private static final String COUNTER = "num_batches_tracked";
  private static final Pattern OPTIMIZER = Pattern.compile("optim(izer)?(_state(_dict)?)?\\..*");

  /// DenseNets saved by early PyTorch have `norm.1` where they now have `norm1`.
  private static final Pattern DENSE_LAYER =
      Pattern.compile("(.*denselayer\\d+\\.(?:norm|relu|conv))\\.([12]\\..*)");

  private static final int NAMED = 4;

  public Fit {
    loaded = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(loaded));
    missing = List.copyOf(missing);
    unexpected = List.copyOf(unexpected);
    different = List.copyOf(different);
    ignored = List.copyOf(ignored);
  }

  public static Fit of(TensorFile file, Needs needs) {
    String prefix = Prefix.of(file.tensors().keySet(), needs.tensors().keySet());
    var loaded = new LinkedHashMap<String, StoredTensor>();
    var different = new ArrayList<Difference>();
    var unexpected = new ArrayList<String>();
    var ignored = new ArrayList<String>();
    file.tensors()
        .forEach((full, tensor) -> {
          String name =
              full.startsWith(prefix) ? known(full.substring(prefix.length()), needs) : "";
          @Nullable TensorType needed = needs.tensors().get(name);
          if (needed != null && needed.shape().equals(tensor.shape())) {
            loaded.put(name, tensor);
          } else if (needed != null) {
            different.add(new Difference(name, tensor, needed));
          } else if (aside(full, name, needs)) {
            ignored.add(full);
          } else {
            unexpected.add(name);
          }
        });
    var missing = new LinkedHashSet<>(needs.tensors().keySet());
    missing.removeAll(loaded.keySet());
    different.forEach(d -> missing.remove(d.name()));
    return new Fit(
        file.file(), needs, prefix, loaded, List.copyOf(missing), unexpected, different, ignored);
  }

  /// The same without some of the network's tensors, which are to keep their first values whatever
  /// the file has for them: what the file has is ignored, and the network does not need it.
  public Fit without(Predicate<String> names) {
    var tensors = new LinkedHashMap<>(needs.tensors());
    tensors.keySet().removeIf(names);
    var rest = new LinkedHashMap<>(loaded);
    rest.keySet().removeIf(names);
    var aside = new ArrayList<>(ignored);
    loaded.keySet().stream().filter(names).forEach(aside::add);
    different.stream().map(Difference::name).filter(names).forEach(aside::add);
    unexpected.stream().filter(names).forEach(aside::add);
    return new Fit(
        file,
        new Needs(needs.network(), needs.classes(), tensors, needs.also()),
        prefix,
        rest,
        missing.stream().filter(names.negate()).toList(),
        unexpected.stream().filter(names.negate()).toList(),
        different.stream().filter(d -> !names.test(d.name())).toList(),
        aside);
  }

  private static String known(String name, Needs needs) {
    var old = DENSE_LAYER.matcher(name);
    return needs.tensors().containsKey(name) || !old.matches() ? name : old.group(1) + old.group(2);
  }

  private static boolean aside(String full, String name, Needs needs) {
    return name.isEmpty()
        || name.endsWith(COUNTER)
        || needs.also().contains(name)
        || OPTIMIZER.matcher(full).matches();
  }

  /// Whether the file has all that the network needs, and nothing that it does not know.
  public boolean whole() {
    return missing.isEmpty() && different.isEmpty() && unexpected.isEmpty();
  }

  /// Whether less than half of what the network needs is in the file: it is of another network.
  public boolean foreign() {
    return 2 * loaded.size() < needs.tensors().size();
  }

  /// How many classes the file's network tells apart, if that is all that is different: every
  /// tensor of another shape is as long as there are classes, on both sides.
  public OptionalInt otherClasses() {
    int classes = 0;
    for (Difference d : different) {
      List<Integer> found = d.found().shape().toList();
      List<Integer> needed = d.needed().shape().toList();
      boolean head =
          found.size() == needed.size()
              && !found.isEmpty()
              && needed.getFirst() == needs.classes()
              && (classes == 0 || found.getFirst() == classes)
              && found.subList(1, found.size()).equals(needed.subList(1, needed.size()));
      if (!head) {
        return OptionalInt.empty();
      }
      classes = found.getFirst();
    }
    return classes == 0 || !missing.isEmpty() ? OptionalInt.empty() : OptionalInt.of(classes);
  }

  /// Whether all fits but for the last layer, where the number of classes is another.
  public boolean wholeButHead() {
    return unexpected.isEmpty() && otherClasses().isPresent();
  }

  /// @throws InputException with the first names of each kind, unless all fits
  public Fit requireWhole() {
    if (!whole()) {
      throw refusal(Optional.empty());
    }
    return this;
  }

  /// @throws InputException unless all fits, or all but the last layer
  public Fit requireWholeButHead() {
    return wholeButHead() ? this : requireWhole();
  }

  /// @throws InputException if less than half of the network would be loaded
  public Fit requireRelated() {
    if (foreign()) {
      throw refusal(Optional.empty());
    }
    return this;
  }

  /// That the file does not fit, with the first names of each kind.
  ///
  /// @param closest the network that its weights look like, if one does
  public InputException refusal(Optional<String> closest) {
    OptionalInt other = otherClasses();
    return new InputException(
        file
            + (foreign() ? ": holds weights of another network than " : " does not fit ")
            + needs.network()
            + closest.map(name -> ", they look like " + name).orElse("")
            + ": "
            + counts()
            + (other.isEmpty()
                ? ""
                : ": it tells "
                    + other.getAsInt()
                    + " classes apart, the network "
                    + needs.classes()
                    + " (--option classes="
                    + other.getAsInt()
                    + ")")
            + "; `unfold inspect "
            + file
            + " --for "
            + needs.network()
            + "` lists all");
  }

  /// What happens to how many tensors, with the first names: one line.
  public String counts() {
    var text = new StringBuilder();
    text.append(loaded.size()).append(" of ").append(needs.tensors().size()).append(" fit");
    append(text, "missing", missing);
    append(text, "of another shape", different.stream().map(Difference::toString).toList());
    append(text, "unexpected", unexpected);
    return text.toString();
  }

  private static void append(StringBuilder text, String what, List<String> names) {
    if (names.isEmpty()) {
      return;
    }
    text.append(", ").append(names.size()).append(' ').append(what).append(" (");
    text.append(String.join(", ", names.subList(0, Math.min(NAMED, names.size()))));
    text.append(names.size() > NAMED ? ", …)" : ")");
  }

  /// Every name, a line each: what a dry run prints.
  public String report() {
    var text = new StringBuilder(file + " for " + needs.network() + "\n");
    if (!prefix.isEmpty()) {
      text.append("names are those below '").append(prefix).append("'\n");
    }
    list(text, "loaded", loaded.entrySet().stream().map(Fit::line).toList());
    list(text, "missing", missing.stream().map(n -> n + " " + needs.tensors().get(n)).toList());
    list(text, "shape differs", different.stream().map(Difference::toString).toList());
    list(text, "unexpected", unexpected);
    list(text, "ignored", ignored);
    return text.toString();
  }

  private static String line(Map.Entry<String, StoredTensor> e) {
    return e.getKey() + " " + e.getValue();
  }

  private static void list(StringBuilder text, String what, List<String> lines) {
    text.append(what).append(": ").append(lines.size()).append('\n');
    lines.forEach(line -> text.append("  ").append(line).append('\n'));
  }

  /// @throws FormatException if a tensor of a file holds NaN or infinity: a rectifier would make a
  ///   number of that, and the network answer as if all were well
  public static void requireFinite(String file, String name, Tensor read) {
    long bad = read.notFinite();
    if (bad > 0) {
      throw new FormatException(
          file
              + ": "
              + name
              + " holds "
              + bad
              + " NaN or infinite of "
              + read.size()
              + " numbers: the file is damaged, or was saved after the training had diverged");
    }
  }

  /// Gives each tensor that fits to the network, in the element type that it needs there.
  ///
  /// @throws FormatException if one holds NaN or infinity
  public void load(BiConsumer<String, Tensor> into) {
    loaded.forEach((name, stored) -> {
      Tensor read = stored.tensor();
      requireFinite(file, name, read);
      TensorType needed = java.util.Objects.requireNonNull(needs.tensors().get(name));
      into.accept(name, read.dtype() == needed.dtype() ? read : read.to(needed.dtype()));
    });
  }
}
