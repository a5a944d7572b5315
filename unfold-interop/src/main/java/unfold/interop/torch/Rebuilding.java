package unfold.interop.torch;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import unfold.interop.torch.PickleValue.Entries;
import unfold.interop.torch.PickleValue.Global;
import unfold.interop.torch.PickleValue.Items;
import unfold.interop.torch.PickleValue.Nothing;
import unfold.interop.torch.PickleValue.Storage;
import unfold.interop.torch.PickleValue.Text;
import unfold.interop.torch.PickleValue.Tuple;
import unfold.interop.torch.PickleValue.View;
import unfold.interop.torch.PickleValue.Whole;
import unfold.tensor.Shape;

/// What the arguments of a known name describe, checked before anything believes it.
///
/// @source PyTorch, `torch/_utils.py` and `torch/serialization.py`
final class Rebuilding {
  private final Cursor in;
  private final TorchLimits limits;
  private final Map<String, Storage> storages = new HashMap<>();

  Rebuilding(Cursor in, TorchLimits limits) {
    this.in = in;
    this.limits = limits;
  }

  PickleValue describe(Known known, List<PickleValue> arguments) {
    return switch (known) {
      case Known.Form form ->
          switch (form) {
            case ORDERED_DICT, COUNTER -> map(arguments);
            case SIZE -> only(arguments);
            case TENSOR -> tensor(arguments, 4);
            case TENSOR_V2 -> tensor(arguments, 6);
            case PARAMETER -> parameter(arguments);
          };
      case Known.StorageOf _, Known.TypeName _ ->
          throw in.bad("the pickle makes a storage by itself, outside of the file's tensors");
    };
  }

  /// What stands for a storage of the file: ('storage', type, key, place, number of elements).
  Storage storage(PickleValue reference) {
    if (!(reference instanceof Tuple(List<PickleValue> parts))
        || parts.size() < 5
        || parts.size() > 6
        || !parts.get(0).equals(new Text("storage"))
        || !(parts.get(1) instanceof Global(Known.StorageOf type))
        || !(parts.get(2) instanceof Text key)
        || !(parts.get(3) instanceof Text)) {
      throw in.bad("the pickle refers to something else than a storage of this file");
    }
    if (parts.size() == 6 && parts.get(5) != Nothing.NONE) {
      throw in.bad("a view of a storage, as PyTorch before 0.4 wrote them: save it anew");
    }
    var storage =
        new Storage(
            key.value(), type.type(), whole(parts.get(4), "a storage's size", Long.MAX_VALUE));
    Storage known = storages.putIfAbsent(storage.key(), storage);
    if (known != null && !known.equals(storage)) {
      throw in.bad(
          "storage '" + storage.key() + "' is first " + words(known) + ", then " + words(storage));
    }
    return storage;
  }

  private static String words(Storage s) {
    return s.elements() + " × " + s.type();
  }

  private PickleValue only(List<PickleValue> arguments) {
    if (arguments.size() == 1 && arguments.getFirst() instanceof Tuple size) {
      return size;
    }
    throw in.bad("a size that is no tuple");
  }

  private PickleValue parameter(List<PickleValue> arguments) {
    if (arguments.size() >= 1 && arguments.getFirst() instanceof View view) {
      return view;
    }
    throw in.bad("a parameter without a tensor");
  }

  /// An empty map, a copy of one, or one of pairs.
  private Entries map(List<PickleValue> arguments) {
    var map = new Entries();
    if (arguments.isEmpty()) {
      return map;
    }
    if (arguments.size() == 1 && arguments.getFirst() instanceof Entries other) {
      map.entries().putAll(other.entries());
      return map;
    }
    if (arguments.size() == 1 && arguments.getFirst() instanceof Items pairs) {
      for (PickleValue pair : pairs.items()) {
        put(map, pair(pair));
      }
      return map;
    }
    throw in.bad("an ordered map of something else than pairs");
  }

  private List<PickleValue> pair(PickleValue pair) {
    List<PickleValue> items =
        switch (pair) {
          case Tuple t -> t.items();
          case Items l -> l.items();
          case PickleValue _ -> List.of();
        };
    if (items.size() != 2) {
      throw in.bad("an ordered map of something else than pairs");
    }
    return items;
  }

  /// Keys and values in turn.
  void put(Entries map, List<PickleValue> pairs) {
    if (pairs.size() % 2 != 0) {
      throw in.bad("a key without a value");
    }
    for (int i = 0; i < pairs.size(); i += 2) {
      PickleValue key = pairs.get(i);
      if (!(key instanceof Text || key instanceof Whole)) {
        throw in.bad("a key that is neither a text nor a whole number");
      }
      if (map.entries().putIfAbsent(key, pairs.get(i + 1)) != null) {
        throw in.bad("the key " + key(key) + " comes twice");
      }
    }
  }

  static String key(PickleValue key) {
    return switch (key) {
      case Text t -> t.value();
      case Whole w -> w.value().toString();
      case PickleValue other -> other.getClass().getSimpleName();
    };
  }

  /// (storage, offset, size, strides, …): what follows (gradient wanted, hooks) is not needed.
  private View tensor(List<PickleValue> arguments, int least) {
    if (arguments.size() < least
        || arguments.size() > 7
        || !(arguments.get(0) instanceof Storage storage)
        || !(arguments.get(2) instanceof Tuple(List<PickleValue> sizes))
        || !(arguments.get(3) instanceof Tuple(List<PickleValue> steps))) {
      throw in.bad("a tensor without storage, offset, size and strides");
    }
    if (sizes.size() > limits.rank() || steps.size() != sizes.size()) {
      throw in.bad(
          "a tensor with "
              + sizes.size()
              + " axes and "
              + steps.size()
              + " strides: as many of both, at most "
              + limits.rank());
    }
    int[] extents = new int[sizes.size()];
    Long[] strides = new Long[sizes.size()];
    for (int axis = 0; axis < extents.length; axis++) {
      extents[axis] = (int) whole(sizes.get(axis), "an extent", Integer.MAX_VALUE);
      strides[axis] = whole(steps.get(axis), "a stride", Long.MAX_VALUE);
    }
    long offset = whole(arguments.get(1), "an offset", Long.MAX_VALUE);
    requireInside(storage, offset, extents, strides);
    return new View(storage, offset, Shape.of(extents), List.of(strides));
  }

  /// offset + Σ (extent − 1) · stride must be an element of the storage, and a view may not have
  /// more elements than its storage: else a few bytes would unfold to gigabytes.
  private void requireInside(Storage storage, long offset, int[] extents, Long[] strides) {
    BigInteger last = BigInteger.valueOf(offset);
    BigInteger count = BigInteger.ONE;
    for (int axis = 0; axis < extents.length; axis++) {
      BigInteger steps = BigInteger.valueOf(extents[axis] - 1L);
      last = last.add(steps.multiply(BigInteger.valueOf(strides[axis])));
      count = count.multiply(BigInteger.valueOf(extents[axis]));
    }
    BigInteger elements = BigInteger.valueOf(storage.elements());
    boolean empty = count.signum() == 0;
    if (empty ? offset > storage.elements() : last.compareTo(elements) >= 0) {
      throw in.bad(
          "a tensor reaches element "
              + (empty ? BigInteger.valueOf(offset) : last)
              + " of storage '"
              + storage.key()
              + "', which has "
              + elements);
    }
    if (count.compareTo(elements) > 0) {
      throw in.bad(
          "a tensor of "
              + count
              + " elements from storage '"
              + storage.key()
              + "', which has "
              + elements);
    }
    if (empty) {
      requireCountable(extents);
    }
  }

  /// The extents beside a 0 must not overflow either.
  private void requireCountable(int[] extents) {
    long product = 1;
    for (int extent : extents) {
      if (extent != 0 && product > Long.MAX_VALUE / extent) {
        throw in.bad("an empty tensor whose extents cannot be multiplied");
      }
      product *= Math.max(1, extent);
    }
  }

  private long whole(PickleValue value, String what, long most) {
    if (value instanceof Whole(BigInteger number)
        && number.signum() >= 0
        && number.compareTo(BigInteger.valueOf(most)) <= 0) {
      return number.longValueExact();
    }
    throw in.bad(
        what + (value instanceof Whole(BigInteger n) ? " of " + n : "") + " is not in 0 … " + most);
  }
}
