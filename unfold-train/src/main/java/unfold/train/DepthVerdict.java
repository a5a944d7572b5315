package unfold.train;

import java.util.Optional;

/// What four training errors say about depth with and without shortcuts.
///
/// @param plain20 to `residual56`: training errors of the last epoch as fractions
/// @source He, Zhang, Ren, Sun: Deep residual learning for image recognition (2016), 4.2
public record DepthVerdict(double plain20, double plain56, double residual20, double residual56) {

  /// From the rows of the four CIFAR networks, once all are there.
  public static Optional<DepthVerdict> of(Comparison.Summary summary) {
    return summary.complete()
        ? Optional.of(
            new DepthVerdict(
                summary.row("plain20_cifar").error(),
                summary.row("plain56_cifar").error(),
                summary.row("resnet20_cifar").error(),
                summary.row("resnet56_cifar").error()))
        : Optional.empty();
  }

  /// Whether the deeper plain network learns its own training pictures worse than the shallow one.
  public boolean plainSuffers() {
    return plain56 > plain20;
  }

  /// Whether the deeper residual network learns them better.
  public boolean residualGains() {
    return residual56 < residual20;
  }

  /// Two sentences.
  public String text() {
    return Text.format(
        "plain: 20 layers %s, 56 layers %s training error: depth %s.%n"
            + "residual: 20 layers %s, 56 layers %s training error: depth %s.%n",
        Text.percent(plain20),
        Text.percent(plain56),
        plainSuffers() ? "makes it worse" : "does not make it worse here",
        Text.percent(residual20),
        Text.percent(residual56),
        residualGains() ? "makes it better" : "does not make it better here (yet)");
  }
}
