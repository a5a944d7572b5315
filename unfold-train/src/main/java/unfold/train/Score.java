package unfold.train;

/// How well a network answered.
///
/// @param items that were counted
/// @param loss mean cross-entropy over them, in nats
/// @param accuracy fraction whose class got the highest logit
/// @param top5 fraction whose class got one of the five highest logits
/// @param counted what the items are
public record Score(long items, double loss, double accuracy, double top5, Counted counted) {
  /// What runs are compared by: the accuracy, or the loss in nats.
  public double measure() {
    return counted.byAccuracy() ? accuracy : loss;
  }

  /// The same, so that more is better.
  public double merit() {
    return counted.byAccuracy() ? accuracy : -loss;
  }

  /// e to the loss: among how many equally likely answers the network seems to choose.
  public double perplexity() {
    return Math.exp(loss);
  }

  /// The loss in bits.
  public double bits() {
    return loss / Math.log(2);
  }
}
