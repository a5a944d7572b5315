package unfold.train.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import unfold.train.EpochRecord;
import unfold.train.History;
import unfold.train.RunFolder;
import unfold.train.Weights;

/// What an experienced person would say about a character model and its text. Says nothing rather
/// than something doubtful.
///
/// @source Karpathy: the notes of char-rnn on sizes and overfitting
public final class TextAdvice {
  private static final double APART = 8;
  private static final double GAP = 0.1;
  private static final int SETTLED = 3;

  private TextAdvice() {}

  /// One sentence a finding; none if all looks well.
  public static List<String> of(RunFolder run, History history) {
    Optional<EpochRecord> last = history.last();
    var advice = new ArrayList<String>();
    if (last.isPresent() && run.config().limits().overfitBatches() == 0) {
      long parameters = Weights.read(run.best()).size();
      sizes(parameters, last.get().train().items()).ifPresent(advice::add);
      byHeart(history).ifPresent(advice::add);
    }
    return List.copyOf(advice);
  }

  /// A network has about as many parameters as its text has characters.
  static Optional<String> sizes(long parameters, long characters) {
    String both =
        String.format(
            Locale.ROOT,
            "the network has %,d parameters for %,d characters",
            parameters,
            characters);
    if (parameters > APART * characters) {
      return Optional.of(
          both + ": it will learn them by heart; make --rnn-size smaller or take more text");
    }
    return characters > APART * parameters
        ? Optional.of(both + ": it has room for more; make --rnn-size larger")
        : Optional.empty();
  }

  /// Training far better than validation, and the best epoch behind: dropout. Neither: a larger
  /// network.
  static Optional<String> byHeart(History history) {
    Optional<EpochRecord> last = history.last().filter(r -> r.epoch() >= SETTLED);
    return last.flatMap(EpochRecord::validation)
        .filter(v -> v.loss() - last.get().train().loss() > GAP)
        .map(v ->
            String.format(
                Locale.ROOT,
                "the training loss %.3f is far below the validation loss %.3f: more --dropout (0.5,"
                    + " say) or a smaller --rnn-size helps",
                last.get().train().loss(),
                v.loss()));
  }
}
