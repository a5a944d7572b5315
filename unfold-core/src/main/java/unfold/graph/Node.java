package unfold.graph;

import java.util.List;
import java.util.stream.Collectors;
import unfold.op.Op;

/// One application of an op. The scope is the path of the layer that asked for it, for people.
public record Node(Op op, List<Value> inputs, List<Value> outputs, String scope) {
  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  public Value input(int i) {
    return inputs.get(i);
  }

  public Value output() {
    return outputs.getFirst();
  }

  public Value output(int i) {
    return outputs.get(i);
  }

  /// One line of the text form: `%3, %4 = max_pool2d(%2) kernel=2,2 … : f32[…], u8[…] @
  /// features.2`.
  @Override
  public String toString() {
    String settings = op.attributes().toString();
    return join(outputs)
        + " = "
        + op.name()
        + "("
        + join(inputs)
        + ")"
        + (settings.isEmpty() ? "" : " " + settings)
        + " : "
        + outputs.stream().map(v -> v.type().toString()).collect(Collectors.joining(", "))
        + (scope.isEmpty() ? "" : " @ " + scope);
  }

  private static String join(List<Value> values) {
    return values.stream().map(Value::toString).collect(Collectors.joining(", "));
  }
}
