package unfold.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.data.Splits;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.model.Model;

/// Several networks trained one after the other on the same pictures in the same way, and their
/// training errors drawn beside each other.
///
/// Every network has a run of its own in a folder of its name, so that a comparison that was
/// stopped goes on where it was: runs that are finished are read, the one that was stopped is
/// resumed. Beside the runs stand `errors.png`, drawn anew after every run, and `summary.json`.
///
/// @param title of the drawing
/// @param folder that the runs are in
/// @param data parts of the set that the configs name
public record Comparison(
    String title, Path folder, Splits data, List<Contestant> contestants, Settings settings) {

  /// A network with the way it learns.
  ///
  /// @param symbol for the drawing in characters
  public record Contestant(Model model, RunConfig config, char symbol) {}

  /// What came of one network.
  ///
  /// @param errors on the training pictures in each epoch, as fractions, measured while the network
  ///   learns
  /// @param validation error after the last epoch, a fraction; empty if nothing was held out
  /// @param seconds that its epochs took together
  public record Row(
      String model, List<Double> errors, Optional<Double> validation, double seconds) {
    public Row {
      errors = List.copyOf(errors);
    }

    /// In the last epoch.
    public double error() {
      return errors.getLast();
    }

    static Row of(String model, History history) {
      return new Row(
          model,
          history.epochs().stream().map(r -> 1 - r.train().accuracy()).toList(),
          history.last().flatMap(EpochRecord::validation).map(v -> 1 - v.accuracy()),
          history.epochs().stream().mapToDouble(EpochRecord::seconds).sum());
    }
  }

  /// What came of all of them.
  ///
  /// @param complete whether every network was trained to its end
  public record Summary(String title, String data, boolean complete, List<Row> rows) {
    public Summary {
      rows = List.copyOf(rows);
    }

    /// @throws InputException if this network has not finished an epoch
    public Row row(String model) {
      return rows.stream()
          .filter(row -> row.model().equals(model))
          .findFirst()
          .orElseThrow(() -> new InputException(title + ": nothing is known about " + model));
    }

    /// The training errors in percent over the epochs.
    public Chart chart(List<Contestant> contestants) {
      var lines = new ArrayList<Chart.Line>();
      for (int k = 0; k < rows.size(); k++) {
        Row row = rows.get(k);
        var x = new ArrayList<Double>();
        row.errors().forEach(_ -> x.add(x.size() + 1.0));
        lines.add(
            new Chart.Line(
                row.model(),
                contestants.get(k).symbol(),
                false,
                x,
                row.errors().stream().map(e -> 100 * e).toList()));
      }
      return new Chart(title, "epoch", "training error %", Optional.empty(), false, lines);
    }
  }

  public Comparison {
    contestants = List.copyOf(contestants);
  }

  public Path drawing() {
    return folder.resolve("errors.png");
  }

  public Path summaryFile() {
    return folder.resolve("summary.json");
  }

  /// Trains what is not trained yet.
  ///
  /// @throws InputException if the folder holds a run of another config
  public Summary run(Reporter reporter, Stop stop) {
    var rows = new ArrayList<Row>();
    boolean complete = true;
    for (Contestant c : contestants) {
      reporter.note(c.model().name() + ":");
      Outcome outcome = trainer(c).settings(settings).reporter(reporter).run(stop);
      if (outcome.history().size() > 0) {
        rows.add(Row.of(c.model().name(), outcome.history()));
        write(rows, false);
      }
      complete &= outcome.end() == Outcome.End.FINISHED || outcome.end() == Outcome.End.EARLY;
      if (outcome.end() == Outcome.End.STOPPED) {
        break;
      }
    }
    return write(rows, complete);
  }

  private Trainer trainer(Contestant c) {
    Path own = folder.resolve(c.model().name());
    if (!Files.exists(own.resolve("config.json"))) {
      return Trainer.start(RunFolder.create(own), c.config(), c.model(), data);
    }
    RunFolder old = RunFolder.open(own);
    if (!old.config().sameAs(c.config())) {
      throw new InputException(
          own
              + ": holds a run that was asked for something else (its config.json); a comparison"
              + " goes on as it began: give the same settings, or another folder");
    }
    return Trainer.resume(old, c.model(), data);
  }

  private Summary write(List<Row> rows, boolean complete) {
    var summary = new Summary(title, data.train().fingerprint(), complete, rows);
    WholeFile.write(summaryFile(), Json.pretty(summary));
    if (!rows.isEmpty()) {
      summary.chart(contestants).write(drawing());
    }
    return summary;
  }
}
