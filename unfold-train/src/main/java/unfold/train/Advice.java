package unfold.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What an experienced person would say at the sight of a learning curve. Says nothing rather than
/// something doubtful.
public final class Advice {
  private static final int SETTLED = 3;
  private static final double GAP = 0.05;
  private static final double CHANCE = 0.98;
  private static final double FAR = 1.5;
  private static final double ROSE = 1.2;

  private Advice() {}

  /// One sentence a finding; none if all looks well.
  ///
  /// @param classes how many the network tells apart
  public static List<String> of(History history, int classes) {
    var advice = new ArrayList<String>();
    chance(history, classes).ifPresent(advice::add);
    if (advice.isEmpty()) {
      rising(history).ifPresent(advice::add);
      byHeart(history).ifPresent(advice::add);
      stale(history).ifPresent(advice::add);
    }
    return List.copyOf(advice);
  }

  private static Optional<String> chance(History history, int classes) {
    double chance = Math.log(classes);
    return history
        .last()
        .filter(r ->
            r.train().loss() > FAR * chance
                || r.train().loss() > CHANCE * chance && !knowsMoreByNow(r, classes))
        .map(r ->
            Text.format(
                "after epoch %d the training loss %.3f is %s",
                r.epoch(),
                r.train().loss(),
                r.train().loss() > FAR * chance
                    ? Text.format(
                        "far above that of guessing (ln %d = %.3f): the rate (%s) is too high; try"
                            + " one ten times lower, or limit the gradients (clip)",
                        classes, chance, Text.number(r.rate(), 3))
                    : Text.format(
                        "still that of guessing (ln %d = %.3f): try a rate ten times higher or"
                            + " lower, and see whether --overfit-batches 1 can learn at all",
                        classes, chance)));
  }

  /// The training loss is a mean over the epoch; held-out items are measured at its end.
  private static boolean knowsMoreByNow(EpochRecord r, int classes) {
    return r.validation()
        // Two standard errors of a share of so many items, at most.
        .filter(v -> v.accuracy() > 1.0 / classes + 1 / Math.sqrt(v.items()))
        .isPresent();
  }

  private static Optional<String> rising(History history) {
    Optional<EpochRecord> lowest =
        history.epochs().stream().min(java.util.Comparator.comparingDouble(r -> r.train().loss()));
    return history
        .last()
        .filter(r -> lowest.filter(l -> r.train().loss() > ROSE * l.train().loss()).isPresent())
        .map(r ->
            Text.format(
                "the training loss has risen from %.3f to %.3f: the rate (%s) is too high;"
                    + " lower it, warm up, or clip gradients",
                lowest.orElse(r).train().loss(), r.train().loss(), Text.number(r.rate(), 3)));
  }

  private static Optional<String> byHeart(History history) {
    return history
        .last()
        .filter(r -> r.epoch() >= SETTLED)
        .flatMap(r ->
            r.validation()
                // Two standard errors of a share of so many items, at most.
                .filter(v -> r.train().accuracy() - v.accuracy() > GAP + 1 / Math.sqrt(v.items()))
                .map(v ->
                    Text.format(
                        "the network learns by heart: %s on training %s, %s on those held out;"
                            + " more %sdropout, weight decay or %2$s help",
                        Text.percent(r.train().accuracy()),
                        v.counted().plural(),
                        Text.percent(v.accuracy()),
                        v.counted() == Counted.PICTURES ? "augmentation, " : "")));
  }

  private static Optional<String> stale(History history) {
    int since = history.sinceBest();
    return since >= 2 * SETTLED && 2 * since >= history.size()
        ? history
            .best()
            .map(b ->
                "the best epoch was "
                    + b.epoch()
                    + " of "
                    + history.size()
                    + ": a schedule that lowers the rate (cosine, plateau) would use the rest")
        : Optional.empty();
  }
}
