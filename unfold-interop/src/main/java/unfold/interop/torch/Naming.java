package unfold.interop.torch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import unfold.error.FormatException;
import unfold.interop.torch.PickleValue.Entries;
import unfold.interop.torch.PickleValue.Global;
import unfold.interop.torch.PickleValue.Items;
import unfold.interop.torch.PickleValue.Nothing;
import unfold.interop.torch.PickleValue.Real;
import unfold.interop.torch.PickleValue.Storage;
import unfold.interop.torch.PickleValue.Text;
import unfold.interop.torch.PickleValue.Truth;
import unfold.interop.torch.PickleValue.Tuple;
import unfold.interop.torch.PickleValue.View;
import unfold.interop.torch.PickleValue.Whole;

/// Gives what lies in nested maps and lists a name: the keys on the way to it, joined by dots. The
/// first numbers and texts become metadata.
final class Naming {
  private static final int METADATA = 200;
  private static final int METADATA_CHARS = 200;

  private final String file;
  private final TorchLimits limits;
  private final SequencedMap<String, View> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final List<String> path = new ArrayList<>();
  private int values;

  private Naming(String file, TorchLimits limits) {
    this.file = file;
    this.limits = limits;
  }

  record Named(SequencedMap<String, View> tensors, Map<String, String> metadata) {}

  static Named of(String file, PickleValue root, TorchLimits limits) {
    var naming = new Naming(file, limits);
    naming.walk(root);
    return new Named(naming.tensors, naming.metadata);
  }

  private void walk(PickleValue value) {
    if (++values > limits.values()) {
      throw bad("its maps and lists unfold to more than " + limits.values() + " values");
    }
    switch (value) {
      case Entries map -> map.entries().forEach((key, inner) -> inside(Rebuilding.key(key), inner));
      case Items list -> all(list.items());
      case Tuple tuple -> all(tuple.items());
      case View view -> tensor(view);
      case Text text -> remark(text.value());
      case Whole number -> remark(number.value().toString());
      case Real number -> remark(Double.toString(number.value()));
      case Truth truth -> remark(Boolean.toString(truth.value()));
      case Nothing _, Storage _, Global _ -> {}
    }
  }

  private void all(List<PickleValue> items) {
    for (int i = 0; i < items.size(); i++) {
      inside(Integer.toString(i), items.get(i));
    }
  }

  private void inside(String key, PickleValue value) {
    if (path.size() == limits.depth()) {
      throw bad("its maps and lists are nested deeper than " + limits.depth());
    }
    path.add(key);
    walk(value);
    path.removeLast();
  }

  private void tensor(View view) {
    if (tensors.size() == limits.tensors()) {
      throw bad("more than " + limits.tensors() + " tensors");
    }
    String name = path.isEmpty() ? "tensor" : name();
    if (tensors.put(name, view) != null) {
      throw bad("two tensors are named '" + name + "'");
    }
  }

  private String name() {
    long chars = path.stream().mapToLong(key -> key.length() + 1L).sum() - 1;
    if (chars > limits.nameChars()) {
      throw bad("a name of " + chars + " characters: " + limits.nameChars() + " are the limit");
    }
    return String.join(".", path);
  }

  private void remark(String text) {
    if (metadata.size() < METADATA && !path.isEmpty()) {
      metadata.put(
          name(), text.length() <= METADATA_CHARS ? text : text.substring(0, METADATA_CHARS) + "…");
    }
  }

  private FormatException bad(String problem) {
    return new FormatException(file + ": " + problem);
  }
}
