package unfold.backend.onednn;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;

/// A primitive that adds to what its output held before: fastest if the planner lets the output
/// share the last input's memory, and right if not.
///
/// @param sharing the primitive with a sum post-op
/// @param apart the same reading the last input from memory of its own, if oneDNN has it
record AddingCandidate(PrimitiveCandidate sharing, Optional<PrimitiveCandidate> apart)
    implements Candidate {
  @Override
  public String label() {
    return sharing.label();
  }

  @Override
  public List<Layout> inputs() {
    return sharing.inputs();
  }

  @Override
  public List<Layout> outputs() {
    return sharing.outputs();
  }

  @Override
  public List<InPlace> inPlace() {
    return List.of(new InPlace(0, inputs().size() - 1));
  }

  @Override
  public long scratchBytes() {
    return Math.max(sharing.scratchBytes(), apart.map(PrimitiveCandidate::scratchBytes).orElse(0L));
  }

  @Override
  public Kernel bind(
      List<MemorySegment> inputs, List<MemorySegment> outputs, MemorySegment scratch) {
    var addend = inputs.getLast();
    var out = outputs.getFirst();
    if (addend.address() == out.address()) {
      return sharing.bind(inputs, outputs, scratch);
    }
    if (apart.isPresent()) {
      return apart.get().bind(inputs, outputs, scratch);
    }
    var kernel = sharing.bind(inputs, outputs, scratch);
    long bytes = sharing.outputPorts().getFirst().md().size();
    return () -> {
      MemorySegment.copy(addend, 0, out, 0, bytes);
      kernel.run();
    };
  }
}
