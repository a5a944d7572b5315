package unfold.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.model.Captioner;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Stop;
import unfold.train.Trainer;
import unfold.train.caption.CaptionSubject;
import unfold.zoo.sequence.Captions;

/// `unfold train captions`
@Command(
    name = "captions",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Trains a CNN with a recurrent network behind it to write a sentence about a picture: what it"
          + " shows, how thick, how wide, and where it leans. What is right is measured of the"
          + " picture itself.",
    },
    footer = {
      "",
      "Examples:",
      "  ./unfold train captions",
      "  ./unfold train captions --data data/fashion-mnist",
      "  ./unfold eval runs/captions --json",
      "  ./unfold predict runs/captions seven.png",
      "  ./unfold train --resume runs/captions",
    })
final class TrainCaptionsCommand implements Callable<Integer> {
  @CommandLine.Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "digits|FOLDER",
      description = "the pictures, as of `unfold train` (default: ${DEFAULT-VALUE})")
  String data = "digits";

  @Option(
      names = "--pictures",
      description = "pictures to learn from at most (default: ${DEFAULT-VALUE})")
  int pictures = 20_000;

  @Mixin RecurrentOptions recurrent = new RecurrentOptions(128, 1, 0);

  @Option(names = "--embedding-size", description = "numbers of a word (default: ${DEFAULT-VALUE})")
  int embeddingSize = 64;

  @Mixin LearningOptions learning = new LearningOptions(5, 64, "adamw(2e-3)", "onecycle", 5);

  @Override
  public Integer call() {
    try (var stop = Stop.onInterrupt()) {
      var asked = new RunConfig.Captions(data, pictures);
      CaptionSubject.Task task = CaptionSubject.task(asked);
      Captioner model =
          Captions.model(
              recurrent.with(
                  Map.of(
                      "channels", task.shape().channels(),
                      "height", task.shape().height(),
                      "width", task.shape().width(),
                      "vocabulary", task.words(),
                      "embedding-size", embeddingSize)));
      var config =
          new RunConfig(CaptionSubject.network(model), asked, learning.recipe(), learning.limits());
      RunFolder folder = learning.folder(Captions.NAME);
      Trainer trainer = Trainer.start(folder, config, CaptionRuns::subject);
      return CaptionRuns.run(trainer, folder, spec.commandLine(), stop, learning.json);
    }
  }
}
