package unfold.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import unfold.data.Splits;
import unfold.error.InputException;
import unfold.model.Model;

/// Several runs of one network that differ in their seeds alone, to answer together ([Ensemble]).
///
/// Each is a run of its own below the folder, `seed-1`, `seed-2` and so on from the config's seed.
/// Stopped, the same goes on: runs that are finished stay as they are, the one that was stopped is
/// resumed.
///
/// @param count how many
/// @source Krizhevsky, Sutskever, Hinton: ImageNet classification with deep convolutional neural
///   networks (2012), 6: five networks, 18.2 % top-5 error to 16.4 %
public record Siblings(Path folder, RunConfig config, Model model, Splits data, int count) {
  public Siblings {
    if (count < 2) {
      throw new InputException("an ensemble is of at least 2 networks, not " + count);
    }
  }

  /// A run with what came of it.
  public record Done(RunFolder folder, Outcome outcome) {}

  /// Trains what is not trained yet, one after the other.
  ///
  /// @param how settings, weights to start from, who listens
  /// @return the runs so far; fewer than asked if one was stopped
  /// @throws InputException if the folder holds a run of another config
  public List<Done> run(UnaryOperator<Trainer> how, Reporter reporter, Stop stop) {
    var done = new ArrayList<Done>();
    for (int k = 0; k < count; k++) {
      RunConfig own = config.recipe(config.recipe().seed(config.recipe().seed() + k));
      Path path = folder.resolve("seed-" + own.recipe().seed());
      reporter.note("network " + (k + 1) + " of " + count + ": " + path);
      RunFolder run;
      Trainer trainer;
      if (Files.exists(path.resolve("config.json"))) {
        run = RunFolder.open(path);
        if (!run.config().sameAs(own)) {
          throw new InputException(
              path
                  + ": holds a run that was asked for something else (its config.json); an ensemble"
                  + " goes on as it began: give the same settings, or another folder");
        }
        trainer = Trainer.resume(run, model, data);
      } else {
        run = RunFolder.create(path);
        trainer = Trainer.start(run, own, model, data);
      }
      Outcome outcome = how.apply(trainer).reporter(reporter).run(stop);
      done.add(new Done(run, outcome));
      if (outcome.end() == Outcome.End.STOPPED) {
        break;
      }
    }
    return List.copyOf(done);
  }
}
