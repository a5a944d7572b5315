package unfold.backend.onednn;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.tensor.TensorType;

/// Builds a candidate out of several primitives, and small Java loops between them, that run one
/// after the other.
final class Chain {
  /// Alignment of temporary memory.
  private static final long LINE = 64;

  private final Dnnl dnnl;
  private final Call call;
  private final List<Step> steps = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private long temporaryBytes;
  private long scratchBytes;

  Chain(Dnnl dnnl, Call call) {
    this.dnnl = dnnl;
    this.call = call;
  }

  /// Memory of a slot, once the chain is bound.
  interface Memory {
    MemorySegment of(Slot slot);
  }

  private interface Step {
    Kernel bind(Memory memory, MemorySegment scratch);
  }

  /// A role of a primitive and its memory.
  record Use(int role, Md md, Slot slot) {}

  /// Memory for a result: its own if it is wanted, else a temporary.
  Slot output(int i) {
    return call.wanted().get(i) ? new Slot.Out(i) : temporary(call.outputs().get(i));
  }

  /// Temporary memory for a dense value.
  Slot temporary(TensorType type) {
    return temporary(type.bytes());
  }

  Slot temporary(long bytes) {
    var slot = new Slot.Temporary(temporaryBytes, bytes);
    temporaryBytes += (bytes + LINE - 1) / LINE * LINE;
    return slot;
  }

  /// Appends a primitive.
  Chain then(PrimitiveDesc desc, Use... uses) {
    names.add(desc.implementation());
    scratchBytes = Math.max(scratchBytes, desc.scratchBytes());
    var all = List.of(uses);
    steps.add((memory, scratch) ->
        PrimitiveKernel.bind(
            dnnl,
            desc,
            all.stream()
                .map(u ->
                    new PrimitiveKernel.Argument(
                        u.slot().toString(), u.role(), u.md(), memory.of(u.slot())))
                .toList(),
            scratch));
    return this;
  }

  /// Appends a loop in Java.
  Chain then(Function<Memory, Kernel> loop) {
    steps.add((memory, _) -> loop.apply(memory));
    return this;
  }

  Candidate build(List<Layout> inputs, List<Layout> outputs, Candidate.InPlace... inPlace) {
    return build(String.join(" + ", names), inputs, outputs, inPlace);
  }

  /// Under a name of its own.
  Candidate build(
      String label, List<Layout> inputs, List<Layout> outputs, Candidate.InPlace... inPlace) {
    return new Chained(
        label, inputs, outputs, List.of(inPlace), temporaryBytes, scratchBytes, List.copyOf(steps));
  }

  private record Chained(
      String label,
      List<Layout> inputs,
      List<Layout> outputs,
      List<InPlace> inPlace,
      long temporaryBytes,
      long stepBytes,
      List<Step> steps)
      implements Candidate {
    @Override
    public long scratchBytes() {
      return temporaryBytes + stepBytes;
    }

    @Override
    public Kernel bind(
        List<MemorySegment> inputs, List<MemorySegment> outputs, MemorySegment scratch) {
      Memory memory = slot -> memory(slot, inputs, outputs, scratch);
      var kernels =
          steps.stream()
              .map(s -> s.bind(memory, scratch.asSlice(temporaryBytes)))
              .toArray(Kernel[]::new);
      return () -> {
        for (Kernel kernel : kernels) {
          kernel.run();
        }
      };
    }

    private static MemorySegment memory(
        Slot slot, List<MemorySegment> inputs, List<MemorySegment> outputs, MemorySegment scratch) {
      return switch (slot) {
        case Slot.In(int i) -> inputs.get(i);
        case Slot.Out(int i) -> outputs.get(i);
        case Slot.Temporary(long offset, long bytes) -> scratch.asSlice(offset, bytes);
        case Slot.Piece(Slot whole, long offset, long bytes) ->
            memory(whole, inputs, outputs, scratch).asSlice(offset, bytes);
      };
    }
  }
}
