package unfold.run;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import unfold.backend.Layout;
import unfold.error.PlanException;
import unfold.memory.Block;
import unfold.plan.Conversions;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Copies between host tensors and memory in any layout; packed ones through the kernels of the
/// backend that owns them. Not for hot loops.
final class HostCopy {
  private HostCopy() {}

  static Tensor read(MemorySegment data, TensorType type, Layout layout, Conversions conversions) {
    Tensor out = Tensor.zeros(type);
    switch (layout) {
      case Layout.Strided s -> Transfer.read(data, s, out);
      case Layout.Packed p -> {
        var standard = Layout.standard(type.shape());
        try (var arena = Arena.ofShared()) {
          MemorySegment between = Block.in(arena, type.bytes());
          convert(type, data, p, between, standard, conversions);
          Transfer.read(between, standard, out);
        }
      }
    }
    return out;
  }

  static void write(Tensor from, MemorySegment data, Layout layout, Conversions conversions) {
    switch (layout) {
      case Layout.Strided s -> Transfer.write(from, data, s);
      case Layout.Packed p -> {
        var standard = Layout.standard(from.shape());
        try (var arena = Arena.ofShared()) {
          MemorySegment between = Block.in(arena, from.type().bytes());
          Transfer.write(from, between, standard);
          convert(from.type(), between, standard, data, p, conversions);
        }
      }
    }
  }

  /// Copies from one layout to another.
  private static void convert(
      TensorType type,
      MemorySegment from,
      Layout fromLayout,
      MemorySegment to,
      Layout toLayout,
      Conversions conversions) {
    var hops =
        conversions
            .path(type, fromLayout, type, toLayout)
            .orElseThrow(() ->
                new PlanException(
                    "nobody converts " + type + " from " + fromLayout + " to " + toLayout));
    try (var arena = Arena.ofShared()) {
      MemorySegment at = from;
      for (int i = 0; i < hops.size(); i++) {
        var hop = hops.get(i);
        boolean last = i == hops.size() - 1;
        MemorySegment next = last ? to : Block.in(arena, hop.layout().bytes(type));
        MemorySegment scratch = arena.allocate(Math.max(1, hop.candidate().scratchBytes()), 64);
        hop.candidate().bind(List.of(at), List.of(next), scratch).run();
        at = next;
      }
    }
  }
}
