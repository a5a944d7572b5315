package unfold.plan;

/// The memory a value lies in.
public sealed interface Place {

  /// Distance from the beginning of that memory, in bytes.
  long offset();

  /// The arena of the program: what a run computes.
  record InArena(long offset) implements Place {
    @Override
    public String toString() {
      return "arena+" + offset;
    }
  }

  /// Constants, written once when the program is made.
  record InConstants(long offset) implements Place {
    @Override
    public String toString() {
      return "constants+" + offset;
    }
  }

  /// Memory of a state, outside the program.
  record InState(String name, long offset) implements Place {
    @Override
    public String toString() {
      return "state " + name + "+" + offset;
    }
  }
}
