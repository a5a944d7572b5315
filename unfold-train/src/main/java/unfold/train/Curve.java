package unfold.train;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The learning curve of a run.
public final class Curve {
  private Curve() {}

  /// Losses (left axis) and accuracies in percent (right axis) over epochs.
  public static Chart of(String title, History history) {
    Function<EpochRecord, Optional<Score>> train = r -> Optional.of(r.train());
    Function<EpochRecord, Optional<Score>> held = EpochRecord::validation;
    return new Chart(
        title,
        "epoch",
        "loss",
        Optional.of("accuracy %"),
        false,
        List.of(
            line("training loss", '*', false, history, train, Score::loss),
            line("validation loss", 'o', false, history, held, Score::loss),
            line("training accuracy", '*', true, history, train, s -> 100 * s.accuracy()),
            line("validation accuracy", 'o', true, history, held, s -> 100 * s.accuracy())));
  }

  private static Chart.Line line(
      String name,
      char symbol,
      boolean atRight,
      History history,
      Function<EpochRecord, Optional<Score>> score,
      Function<Score, Double> value) {
    List<EpochRecord> measured =
        history.epochs().stream().filter(r -> score.apply(r).isPresent()).toList();
    return new Chart.Line(
        name,
        symbol,
        atRight,
        measured.stream().map(r -> (double) r.epoch()).toList(),
        measured.stream().flatMap(r -> score.apply(r).stream()).map(value).toList());
  }
}
