package unfold.train;

/// How well a network answered.
///
/// @param items pictures that were counted
/// @param loss mean cross-entropy over them, in nats
/// @param accuracy fraction whose class got the highest logit
/// @param top5 fraction whose class got one of the five highest logits
public record Score(long items, double loss, double accuracy, double top5) {}
