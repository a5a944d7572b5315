package unfold.cli;

import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine;
import unfold.train.RunFolder;
import unfold.train.Stop;
import unfold.train.Trainer;

/// A sitting of a run that learns to label sequences or their parts, or to foretell words, with
/// what is printed before and after.
final class LabellingRun {
  private final RunFolder folder;
  private final CommandLine command;
  private final boolean json;

  LabellingRun(RunFolder folder, CommandLine command, boolean json) {
    this.folder = folder;
    this.command = command;
    this.json = json;
  }

  /// @param test measures the best network at last, prints it and adds it to the result
  /// @return the exit status
  int run(Trainer trainer, Stop stop, Consumer<Json> test) {
    var sitting = Sitting.of(trainer, folder, command, stop);
    Map<String, String> options = folder.config().model().options();
    String words = options.getOrDefault("vocabulary", "2");
    int classes = Integer.parseInt(options.getOrDefault("classes", words));
    sitting.advise(classes);
    sitting.tellIfStopped(Sitting::accuracy);
    Json result = sitting.result();
    sitting.history().best().ifPresent(best -> result.with("best_epoch", best.epoch()));
    if (sitting.ended() && !sitting.dry()) {
      test.accept(result);
    }
    return sitting.end("", json);
  }
}
