package unfold.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import unfold.interop.weights.Closest;
import unfold.interop.weights.Fit;
import unfold.interop.weights.Needs;
import unfold.model.Model;
import unfold.trace.Freeze;
import unfold.train.Weights;
import unfold.zoo.Zoo;

/// Refuses weights that do not fit a network, and names the one of the zoo that they look like.
final class WeightsCheck {
  private WeightsCheck() {}

  /// To answer, all must be there.
  static void whole(Weights file, Model model) {
    Fit fit = Fit.of(file.contents(), Needs.toAnswer(model));
    if (!fit.whole()) {
      throw fit.refusal(closest(file, model));
    }
  }

  /// To learn on, the last layer may be for other classes.
  ///
  /// @param partial whether it is enough that half of the network is there
  /// @param head layers that start anew, whatever the file has for them
  static void start(Weights file, Model model, boolean partial, List<String> head) {
    Freeze anew = new Freeze(head, List.of());
    Fit fit = Fit.of(file.contents(), Needs.toLearn(model)).without(anew::covers);
    if (partial ? fit.foreign() : !fit.whole() && !fit.wholeButHead()) {
      throw fit.refusal(closest(file, model));
    }
  }

  /// Letters that two names begin with: of networks with the same weights, such as `plain20_cifar`
  /// and `resnet20_cifar`, the first in this order is named.
  private static int common(String a, String b) {
    int n = 0;
    while (n < Math.min(a.length(), b.length()) && a.charAt(n) == b.charAt(n)) {
      n++;
    }
    return n;
  }

  private static Optional<String> closest(Weights file, Model but) {
    Stream<Needs> others =
        Zoo.list().stream()
            .filter(v -> !v.name().equals(but.name()))
            .sorted(Comparator.comparingInt(v -> -common(v.name(), but.name())))
            .map(v -> Needs.toAnswer(v.model()));
    return Closest.of(file.contents(), others);
  }
}
