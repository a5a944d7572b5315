package unfold.plan;

import java.util.List;
import java.util.Optional;
import unfold.backend.Candidate;

/// One kernel call of a plan.
///
/// @param scope the layer that asked for it
/// @param op name of the op, or `convert`
/// @param outputs in order; empty where nobody reads one
/// @param flops additions and multiplications, counted one each
/// @param bytes that must move at least: every input and output once
public record Step(
    Kind kind,
    String scope,
    String op,
    String backend,
    Candidate candidate,
    List<Stored> inputs,
    List<Optional<Stored>> outputs,
    long flops,
    long bytes) {

  /// Why there is a step.
  public enum Kind {
    /// a node of the graph
    COMPUTE,
    /// a value in another layout or element type
    CONVERT
  }

  public Step {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /// The outputs that are written.
  public List<Stored> written() {
    return outputs.stream().flatMap(Optional::stream).toList();
  }
}
