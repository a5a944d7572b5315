package unfold.train;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import unfold.error.FormatException;
import unfold.interop.weights.Fit;
import unfold.run.States;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Copies tensors of a file into states, if they are the right ones.
final class StateFile {
  private StateFile() {}

  /// @param needed the states to set; the file must have these and no others
  /// @throws FormatException naming what does not fit; the states are then as they were
  static void copy(
      String file, Map<String, Tensor> tensors, Map<String, TensorType> needed, States into) {
    needed.forEach((name, type) -> requireType(file, name, tensors.get(name), type));
    for (String name : tensors.keySet()) {
      if (!needed.containsKey(name)) {
        throw new FormatException(
            file
                + ": has "
                + name
                + ", which the model does not: it belongs to another model or optimiser");
      }
    }
    tensors.forEach(into::set);
  }

  private static void requireType(
      String file, String name, @Nullable Tensor found, TensorType type) {
    if (found == null) {
      throw new FormatException(
          file + ": has no " + name + " " + type + ": it belongs to another model or optimiser");
    }
    if (!found.type().equals(type)) {
      throw new FormatException(
          file + ": " + name + " is " + found.type() + ", but the model needs " + type);
    }
    Fit.requireFinite(file, name, found);
  }
}
