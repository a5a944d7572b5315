package unfold.plan;

import java.util.ArrayList;
import java.util.List;

/// A piece of the arena while its plan is being made, shared by values that follow each other in
/// place.
final class Block {
  final long bytes;

  /// First step that writes it; −1 if the caller does.
  final int first;

  /// Last step that reads or writes it; the number of steps if it must be intact after a run.
  int last;

  final List<Draft> roots = new ArrayList<>();
  long offset;

  Block(long bytes, int first, int last) {
    this.bytes = bytes;
    this.first = first;
    this.last = last;
  }

  boolean overlapsInTime(Block other) {
    return first <= other.last && other.first <= last;
  }
}
