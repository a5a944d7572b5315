package unfold.trace;

/// What a program is for. Layers such as dropout and batch norm differ between the two.
public enum Mode {
  /// one step of learning
  TRAIN,
  /// answers only
  EVAL
}
