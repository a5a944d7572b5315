package unfold.backend;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// One way to compute a call, before memory is assigned.
public interface Candidate {

  /// For people and for the file of remembered choices: `brgconv:avx512_core_bf16`. The same for
  /// the same call on the same machine.
  String label();

  /// The layout each input must have, in order.
  List<Layout> inputs();

  /// The layout each output will have, in order.
  List<Layout> outputs();

  /// Outputs that may be written over an input: the kernel is right when both are the same memory.
  default List<InPlace> inPlace() {
    return List.of();
  }

  /// Whether any other kernel is believed to be faster, so that this one is taken only where there
  /// is none, whatever the order of the backends, and is not timed against others.
  default boolean yields() {
    return false;
  }

  /// Bytes of scratch memory (64-byte aligned) that the kernel needs while it runs.
  default long scratchBytes() {
    return 0;
  }

  /// The kernel on fixed memory. Segments are 64-byte aligned unless they are views into larger
  /// values; an output that nobody wants is [MemorySegment#NULL]. The memory outlives the kernel,
  /// and all threads may use it.
  ///
  /// @throws unfold.error.GraphException if a segment is smaller than its layout says
  Kernel bind(List<MemorySegment> inputs, List<MemorySegment> outputs, MemorySegment scratch);

  /// Output `output` may share the memory of input `input`.
  record InPlace(int output, int input) {}
}
