package unfold.cli;

import java.nio.file.Path;
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

  @Option(names = "--cell", description = "lstm, gru or rnn (default: ${DEFAULT-VALUE})")
  String cell = "lstm";

  @Option(names = "--rnn-size", description = "units of a layer (default: ${DEFAULT-VALUE})")
  int rnnSize = 200;

  @Option(names = "--num-layers", description = "layers (default: ${DEFAULT-VALUE})")
  int numLayers = 1;

  @Option(
      names = "--dropout",
      description = "between layers and before the last one (default: ${DEFAULT-VALUE})")
  double dropout = 0.4;

  @Mixin LearningOptions learning = new LearningOptions(50, 4, "adam(4e-3)", "onecycle", 5);

  @Override
  public Integer call() {
    try (var stop = Stop.onInterrupt()) {
      ChordModel model =
          ChordRnn.model(
              Map.of(
                  "notes", Integer.toString(Music.NOTES),
                  "cell", cell,
                  "rnn-size", Integer.toString(rnnSize),
                  "num-layers", Integer.toString(numLayers),
                  "dropout", Double.toString(dropout)));
      Music.read(Path.of(data));
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
