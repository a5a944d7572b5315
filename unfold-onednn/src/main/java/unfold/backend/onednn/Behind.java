package unfold.backend.onednn;

import java.lang.foreign.MemorySegment;
import java.util.List;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;

/// A candidate that is known to be slower than another one of the same offer; for callers who need
/// its layouts.
record Behind(Candidate candidate) implements Candidate {
  @Override
  public boolean yields() {
    return true;
  }

  @Override
  public String label() {
    return candidate.label();
  }

  @Override
  public List<Layout> inputs() {
    return candidate.inputs();
  }

  @Override
  public List<Layout> outputs() {
    return candidate.outputs();
  }

  @Override
  public List<InPlace> inPlace() {
    return candidate.inPlace();
  }

  @Override
  public long scratchBytes() {
    return candidate.scratchBytes();
  }

  @Override
  public Kernel bind(
      List<MemorySegment> inputs, List<MemorySegment> outputs, MemorySegment scratch) {
    return candidate.bind(inputs, outputs, scratch);
  }
}
