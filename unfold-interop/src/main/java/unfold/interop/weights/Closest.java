package unfold.interop.weights;

import java.util.Optional;
import java.util.stream.Stream;
import unfold.interop.TensorFile;

/// The network that a file of weights is most likely of.
public final class Closest {
  private static final double ENOUGH = 0.8;

  private Closest() {}

  private record Candidate(String name, double share) {}

  /// The one of these whose tensors are nearly all in the file, in their shapes, and nearly all of
  /// the file; nothing if no one's are. The number of classes does not matter.
  public static Optional<String> of(TensorFile file, Stream<Needs> networks) {
    return networks
        .map(needs -> candidate(Fit.of(file, needs)))
        .filter(c -> c.share() >= ENOUGH)
        .reduce((a, b) -> b.share() > a.share() ? b : a)
        .map(Candidate::name);
  }

  private static Candidate candidate(Fit fit) {
    int fits = fit.loaded().size() + (fit.otherClasses().isPresent() ? fit.different().size() : 0);
    int all = fit.needs().tensors().size() + fit.unexpected().size();
    return new Candidate(fit.needs().network(), fits / (double) Math.max(1, all));
  }
}
