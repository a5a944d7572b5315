package unfold.model;

import unfold.trace.Traced;

/// A network in two numbers.
///
/// @param parameters numbers that are trained
/// @param operations for one picture in evaluation; a multiply-add counts two
public record ModelSize(long parameters, long operations) {
  public static ModelSize of(Model model) {
    Traced traced = model.inference(1);
    long operations = traced.graph().nodes().stream().mapToLong(Operations::of).sum();
    return new ModelSize(traced.parameters(), operations);
  }
}
