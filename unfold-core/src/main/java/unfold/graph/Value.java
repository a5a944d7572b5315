package unfold.graph;

import unfold.tensor.TensorType;

/// A result assigned once in a graph; the id is unique there. Prints as `%7`.
public record Value(int id, TensorType type) {
  @Override
  public String toString() {
    return "%" + id;
  }
}
