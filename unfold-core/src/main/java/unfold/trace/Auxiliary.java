package unfold.trace;

/// A second answer of a network, which counts only while it is trained.
///
/// @param path of the head that gives it
/// @param answer logits like the network's own
/// @param weight of its loss beside the network's
public record Auxiliary(String path, Var answer, double weight) {}
