package unfold.interop.torch;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import unfold.interop.ElementType;
import unfold.tensor.Shape;

/// All that a pickle can make here: numbers, texts, lists, maps, and descriptions of tensors. Lists
/// and maps grow while the pickle is read, and may hold each other.
sealed interface PickleValue {
  record Text(String value) implements PickleValue {}

  record Whole(BigInteger value) implements PickleValue {}

  record Real(double value) implements PickleValue {}

  record Truth(boolean value) implements PickleValue {}

  enum Nothing implements PickleValue {
    NONE
  }

  record Tuple(List<PickleValue> items) implements PickleValue {
    public Tuple {
      items = List.copyOf(items);
    }
  }

  record Items(List<PickleValue> items) implements PickleValue {
    Items() {
      this(new ArrayList<>());
    }
  }

  /// @param entries keys are texts or whole numbers
  record Entries(SequencedMap<PickleValue, PickleValue> entries) implements PickleValue {
    Entries() {
      this(new LinkedHashMap<>());
    }
  }

  /// The name of something that Python would call. Here it only says what its arguments describe.
  record Global(Known known) implements PickleValue {}

  /// Memory that tensors are views of.
  ///
  /// @param elements as declared
  record Storage(String key, ElementType type, long elements) implements PickleValue {}

  /// A view of a storage.
  record View(Storage storage, long offset, Shape shape, List<Long> strides)
      implements PickleValue {
    public View {
      strides = List.copyOf(strides);
    }
  }
}
