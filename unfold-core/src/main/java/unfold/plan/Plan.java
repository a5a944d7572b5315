package unfold.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A graph ready to run: kernels in order and an address for every value. Prints as a table.
///
/// @param prologue how many of the first steps need to run again only when a state that they read
///   has changed
/// @param feeds what the caller writes before a run, in standard layout
/// @param results what the caller reads after a run, in standard layout
/// @param kept more values that are still there after a run
/// @param buffers all pieces of the arena with their lifetimes
/// @param declines who did not want to compute what, and why
/// @param warnings what makes the program slow, for people
/// @param choices of the chooser, to be given to a resumed run
/// @param conversions for host access to states in packed layouts
public record Plan(
    String name,
    List<Step> steps,
    int prologue,
    Map<String, Stored> feeds,
    Map<String, Stored> results,
    Map<String, Stored> kept,
    List<State> states,
    List<Constant> constants,
    List<Buffer> buffers,
    Memory memory,
    List<Decline> declines,
    List<String> warnings,
    Map<String, String> choices,
    Conversions conversions) {

  /// A state that the program reads, writes or both.
  ///
  /// @param updated whether a run changes it
  /// @param inPrologue whether the prologue reads it
  public record State(Stored stored, String name, boolean updated, boolean inPrologue) {}

  /// Numbers that are part of the program: one for all elements, or one each in row-major order.
  public record Constant(Stored stored, List<Double> values) {
    public Constant {
      values = List.copyOf(values);
    }
  }

  /// A piece of the arena.
  ///
  /// @param first step that writes it, −1 for feeds
  /// @param last step that needs it, the number of steps if it is there after a run
  /// @param what the values that lie there one after the other
  public record Buffer(long offset, long bytes, int first, int last, String what) {}

  /// Bytes by kind.
  public record Memory(long arenaBytes, long stateBytes, long constantBytes, long scratchBytes) {
    public long totalBytes() {
      return arenaBytes + stateBytes + constantBytes + scratchBytes;
    }
  }

  /// A backend that did not take a node.
  public record Decline(String scope, String op, String backend, String reason) {}

  public Plan {
    steps = List.copyOf(steps);
    feeds = Collections.unmodifiableMap(new LinkedHashMap<>(feeds));
    results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
    kept = Collections.unmodifiableMap(new LinkedHashMap<>(kept));
    states = List.copyOf(states);
    constants = List.copyOf(constants);
    buffers = List.copyOf(buffers);
    declines = List.copyOf(declines);
    warnings = List.copyOf(warnings);
    choices = Collections.unmodifiableMap(new LinkedHashMap<>(choices));
  }

  /// Conversions among the steps.
  public List<Step> converting() {
    return steps.stream().filter(s -> s.kind() == Step.Kind.CONVERT).toList();
  }

  public long flops() {
    return steps.stream().mapToLong(Step::flops).sum();
  }

  /// The arena as a table: a line for each buffer with its offset, size, lifetime and values.
  public String memoryTable() {
    return PlanReport.memory(this);
  }

  @Override
  public String toString() {
    return PlanReport.text(this);
  }
}
