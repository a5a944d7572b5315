package unfold.plan;

import java.util.List;
import java.util.Optional;
import unfold.backend.Candidate;

/// A step while its plan is being made.
record DraftStep(
    Step.Kind kind,
    String scope,
    String op,
    String backend,
    Candidate candidate,
    List<Draft> inputs,
    List<Optional<Draft>> outputs,
    long flops) {
  DraftStep {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  boolean reads(Draft root) {
    return inputs.stream().anyMatch(d -> d.root() == root);
  }

  long bytes() {
    long sum = 0;
    for (Draft d : inputs) {
      sum += d.bytes();
    }
    for (var d : outputs) {
      sum += d.isPresent() ? d.get().bytes() : 0;
    }
    return sum;
  }
}
