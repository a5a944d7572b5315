package unfold.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The epochs of a run so far. What follows from them (which was best, whether to stop early) is
/// computed from them alone, so that a resumed run decides as one never stopped.
public record History(List<EpochRecord> epochs) {
  public static final History EMPTY = new History(List.of());

  public History {
    epochs = List.copyOf(epochs);
  }

  public History with(EpochRecord next) {
    var more = new ArrayList<>(epochs);
    more.add(next);
    return new History(more);
  }

  public int size() {
    return epochs.size();
  }

  public Optional<EpochRecord> last() {
    return epochs.isEmpty() ? Optional.empty() : Optional.of(epochs.getLast());
  }

  /// The epoch with the best score ([Score#merit]); of several the first.
  public Optional<EpochRecord> best() {
    EpochRecord best = null;
    for (EpochRecord r : epochs) {
      if (best == null || r.judged().merit() > best.judged().merit()) {
        best = r;
      }
    }
    return Optional.ofNullable(best);
  }

  /// Whether the last epoch is the best one.
  public boolean lastIsBest() {
    return last().isPresent() && last().equals(best());
  }

  /// Epochs since the best one.
  public int sinceBest() {
    return best().map(b -> size() - b.epoch()).orElse(0);
  }
}
