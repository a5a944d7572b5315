package unfold.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.model.ChordModel;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Stop;
import unfold.train.Trainer;
import unfold.train.music.Music;
import unfold.train.music.MusicSubject;
import unfold.zoo.sequence.ChordRnn;

/// `unfold train chorales`
@Command(
    name = "chorales",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Trains a recurrent network to foretell which of 88 notes sound next in pieces of music. Judged"
          + " by nats a step, summed over the notes, as the figures for the JSB chorales are.",
    },
    footer = {
      "",
      "Examples:",
      "  ./unfold train chorales --data data/jsb-chorales",
      "  ./unfold eval runs/chorales --json",
      "  ./unfold train --resume runs/chorales",
    })
final class TrainChoralesCommand implements Callable<Integer> {
  @CommandLine.Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FOLDER|FILE",
      description =
          "JSON with the lists train, valid and test of pieces, or a folder with "
              + Music.FILE
              + " in it")
  String data = "";

  @Mixin RecurrentOptions recurrent = new RecurrentOptions(200, 1, 0.4);

  @Mixin LearningOptions learning = new LearningOptions(50, 4, "adam(4e-3)", "onecycle", 5);

  @Override
  public Integer call() {
    try (var stop = Stop.onInterrupt()) {
      ChordModel model = ChordRnn.model(recurrent.with(Map.of("notes", Music.NOTES)));
      var config =
          new RunConfig(
              MusicSubject.network(model),
              new RunConfig.Music(data),
              learning.recipe(),
              learning.limits());
      RunFolder folder = learning.folder(ChordRnn.NAME);
      Trainer trainer = Trainer.start(folder, config, MusicRuns::subject);
      return MusicRuns.run(trainer, folder, spec.commandLine(), stop, learning.json);
    }
  }
}
