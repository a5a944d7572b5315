package unfold.trace;

/// Something that can be recorded: a layer, or a lambda in its place.
@FunctionalInterface
public interface Traceable {
  /// Adds to the graph of `s` what makes a result of `x`, with parameters named below `s`.
  Var apply(Scope s, Var x);
}
