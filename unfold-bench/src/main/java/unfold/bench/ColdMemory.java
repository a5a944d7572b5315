package unfold.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.tensor.TensorType;

/// Memory for kernels that are timed: each is bound to so many places that its operands are in no
/// cache when their turn comes again. To be kept as long as the kernels run.
final class ColdMemory {
  /// More than any cache holds.
  private static final long COLD_BYTES = 96L << 20;

  private final MemorySegment pool = Arena.ofAuto().allocate(1L << 30, 4096);

  ColdMemory() {
    // Words whose two halves are the same harmless bf16, so that they are harmless f32, too.
    for (long i = 0; i < pool.byteSize() / Integer.BYTES; i++) {
      int half = 0x3f00 | (int) (i * 31 % 0x80);
      pool.setAtIndex(ValueLayout.JAVA_INT, i, half | half << 16);
    }
  }

  /// The same kernel at one place after the other.
  Kernel[] bind(Call call, Candidate candidate) {
    var sizes = new ArrayList<Long>();
    for (int i = 0; i < call.inputs().size(); i++) {
      sizes.add(bytes(candidate.inputs().get(i), call.inputs().get(i)));
    }
    for (int i = 0; i < call.outputs().size(); i++) {
      sizes.add(bytes(candidate.outputs().get(i), call.outputs().get(i)));
    }
    sizes.add(pages(candidate.scratchBytes()));
    long set = sizes.stream().mapToLong(Long::longValue).sum();
    int copies = (int) Math.clamp(COLD_BYTES / set + 1, 2, Math.max(2, pool.byteSize() / set));
    var kernels = new Kernel[copies];
    for (int k = 0; k < copies; k++) {
      var parts = new ArrayList<MemorySegment>();
      long offset = k * set;
      for (long size : sizes) {
        parts.add(pool.asSlice(offset, size));
        offset += size;
      }
      int inputs = call.inputs().size();
      kernels[k] =
          candidate.bind(
              parts.subList(0, inputs), parts.subList(inputs, parts.size() - 1), parts.getLast());
    }
    return kernels;
  }

  private static long bytes(Layout layout, TensorType type) {
    return pages(layout.bytes(type));
  }

  private static long pages(long bytes) {
    return (bytes + 4095) / 4096 * 4096;
  }
}
