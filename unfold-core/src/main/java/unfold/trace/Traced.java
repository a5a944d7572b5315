package unfold.trace;

import java.util.List;
import java.util.Optional;
import unfold.graph.Graph;

/// The result of tracing: a program, and what its states are, in the order of their first use.
public record Traced(Graph graph, List<Declaration> states) {
  public Traced {
    states = List.copyOf(states);
  }

  /// The same states beside a rewritten program.
  public Traced with(Graph rewritten) {
    return new Traced(rewritten, states);
  }

  public Optional<Declaration> state(String name) {
    return states.stream().filter(d -> d.name().equals(name)).findFirst();
  }

  /// The states that an optimiser changes.
  public List<Declaration> trainable() {
    return states.stream().filter(Declaration::trainable).toList();
  }

  /// Numbers in all parameters, frozen ones too.
  public long parameters() {
    return states.stream()
        .filter(Declaration::parameter)
        .mapToLong(d -> d.type().shape().size())
        .sum();
  }
}
