package unfold.backend.onednn;

/// Memory that a step of a [Chain] works on.
sealed interface Slot {

  /// An operand of the call.
  record In(int index) implements Slot {}

  /// A result that somebody wants.
  record Out(int index) implements Slot {}

  /// Scratch memory between steps.
  record Temporary(long offset, long bytes) implements Slot {}

  /// A piece of one of these.
  record Piece(Slot whole, long offset, long bytes) implements Slot {}
}
