package unfold.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Places blocks in one arena, the largest first, each in the smallest gap between the blocks that
/// are there at the same time.
///
/// @source Pisarchyk, Lee: Efficient memory management for deep neural net inference (2020), greedy
///   by size
final class Offsets {
  private Offsets() {}

  /// Sets the offsets of all blocks and returns the size of the arena.
  static long assign(List<Block> blocks, int alignmentBytes) {
    var bySize = new ArrayList<>(blocks);
    bySize.sort(Comparator.comparingLong((Block b) -> b.bytes).reversed());
    var placed = new ArrayList<Block>();
    long size = 0;
    for (Block b : bySize) {
      b.offset = bestGap(b, placed, alignmentBytes);
      int at = 0;
      while (at < placed.size() && placed.get(at).offset <= b.offset) {
        at++;
      }
      placed.add(at, b);
      size = Math.max(size, b.offset + align(b.bytes, alignmentBytes));
    }
    return size;
  }

  /// @param placed in order of their offsets
  private static long bestGap(Block b, List<Block> placed, int alignment) {
    long best = -1;
    long bestLength = Long.MAX_VALUE;
    long end = 0;
    for (Block other : placed) {
      if (!b.overlapsInTime(other)) {
        continue;
      }
      long length = other.offset - end;
      if (length >= b.bytes && length < bestLength) {
        best = end;
        bestLength = length;
      }
      end = Math.max(end, other.offset + align(other.bytes, alignment));
    }
    return best >= 0 ? best : end;
  }

  static long align(long bytes, int alignment) {
    return (bytes + alignment - 1) & -alignment;
  }
}
