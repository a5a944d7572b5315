package unfold.plan;

import java.lang.foreign.MemorySegment;
import java.util.List;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.error.GraphException;

/// Copies a value byte by byte into memory of the same layout.
record RawCopy(Layout layout, long lengthBytes) implements Candidate {
  @Override
  public String label() {
    return "copy";
  }

  @Override
  public List<Layout> inputs() {
    return List.of(layout);
  }

  @Override
  public List<Layout> outputs() {
    return List.of(layout);
  }

  @Override
  public Kernel bind(
      List<MemorySegment> inputs, List<MemorySegment> outputs, MemorySegment scratch) {
    MemorySegment from = inputs.getFirst();
    MemorySegment to = outputs.getFirst();
    if (from.byteSize() < lengthBytes || to.byteSize() < lengthBytes) {
      throw new GraphException(
          "copy of "
              + lengthBytes
              + " bytes bound to "
              + from.byteSize()
              + " and "
              + to.byteSize());
    }
    return () -> MemorySegment.copy(from, 0, to, 0, lengthBytes);
  }
}
