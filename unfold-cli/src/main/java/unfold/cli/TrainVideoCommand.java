package unfold.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.data.digits.MovingDigits;
import unfold.model.FrameLabeller;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Stop;
import unfold.train.Trainer;
import unfold.train.video.VideoSubject;
import unfold.zoo.sequence.VideoRnn;

/// `unfold train video`
@Command(
    name = "video",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Trains a CNN with a recurrent network behind it to name the digit in every frame of a film,"
          + " also while the light is off and it must be remembered. The films are drawn by Unfold.",
    },
    footer = {
      "",
      "Examples:",
      "  ./unfold train video",
      "  ./unfold train video --cell none          the CNN alone, which sees one frame at a time",
      "  ./unfold show video runs/video --out film.png",
      "  ./unfold train --resume runs/video",
    })
final class TrainVideoCommand implements Callable<Integer> {
  @CommandLine.Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandLine.Model.CommandSpec spec;

  @Option(names = "--films", description = "films to learn from (default: ${DEFAULT-VALUE})")
  int films = 4000;

  @Option(names = "--frames", description = "frames of each (default: ${DEFAULT-VALUE})")
  int frames = 16;

  @Mixin RecurrentOptions recurrent = new RecurrentOptions(128, 1, 0);

  @Option(names = "--bidirectional", description = "also reads the film backwards")
  boolean bidirectional;

  @Mixin LearningOptions learning = new LearningOptions(4, 32, "adamw(2e-3)", "onecycle", 5);

  @Override
  public Integer call() {
    try (var stop = Stop.onInterrupt()) {
      var asked = new RunConfig.Video(RunConfig.Video.MOVING_DIGITS, films, frames);
      FrameLabeller model =
          VideoRnn.model(
              recurrent.with(
                  Map.of(
                      "channels",
                      "1",
                      "side",
                      MovingDigits.SIDE,
                      "classes",
                      MovingDigits.CLASSES,
                      "bidirectional",
                      bidirectional)));
      var config =
          new RunConfig(VideoSubject.network(model), asked, learning.recipe(), learning.limits());
      RunFolder folder = learning.folder(VideoRnn.NAME);
      Trainer trainer = Trainer.start(folder, config, VideoRuns::subject);
      return VideoRuns.run(trainer, folder, spec.commandLine(), stop, learning.json);
    }
  }
}
