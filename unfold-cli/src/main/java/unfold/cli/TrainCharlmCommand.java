package unfold.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import unfold.optimizer.Optimizer;
import unfold.optimizer.Schedule;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Stop;
import unfold.train.Trainer;
import unfold.train.text.TextSubject;
import unfold.train.text.Texts;
import unfold.zoo.sequence.CharRnn;

/// `unfold train charlm`
@Command(
    name = "charlm",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Trains a recurrent network to foretell a text character by character, and shows what it"
          + " writes while it learns. Flags and defaults are those of char-rnn.",
    },
    footer = {
      "",
      "Without --text it learns to write Java, from Unfold's own sources.",
      "",
      "Examples:",
      "  ./unfold train charlm",
      "  ./unfold train charlm --text tinyshakespeare.txt --validation 0.1 --rnn-size 256"
          + " --dropout 0.3",
      "  ./unfold train --resume runs/charlm",
    })
final class TrainCharlmCommand implements Callable<Integer> {
  @CommandLine.Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--text",
      paramLabel = "FILE",
      description = "UTF-8 text to learn (default: Unfold's own Java sources)")
  String text = Texts.JAVA;

  @Option(names = "--cell", description = "lstm, gru or rnn (default: ${DEFAULT-VALUE})")
  String cell = "lstm";

  @Option(names = "--rnn-size", description = "units of a layer (default: ${DEFAULT-VALUE})")
  int rnnSize = 128;

  @Option(names = "--num-layers", description = "layers (default: ${DEFAULT-VALUE})")
  int numLayers = 2;

  @Option(
      names = "--seq-length",
      description =
          "steps that the gradient goes back; the state goes on for ever (default:"
              + " ${DEFAULT-VALUE})")
  int seqLength = 50;

  @Option(names = "--batch", description = "parallel streams (default: ${DEFAULT-VALUE})")
  int batch = 50;

  @Option(
      names = "--dropout",
      description = "between layers, not between steps (default: ${DEFAULT-VALUE})")
  double dropout;

  @Option(names = "--epochs", description = "passes over the text (default: ${DEFAULT-VALUE})")
  int epochs = 50;

  @Option(
      names = "--optimizer",
      description = "as of `unfold train` (default: \"${DEFAULT-VALUE}\")")
  String optimizer = "rmsprop(2e-3,alpha=0.95)";

  @Option(names = "--lr", description = "learning rate (default: 2e-3)")
  @Nullable Double rate;

  @Option(
      names = "--schedule",
      description = "as of `unfold train` (default: \"${DEFAULT-VALUE}\")")
  String schedule = "exponential(0.97,hold=10)";

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "largest norm of all gradients, 0 for any (default: ${DEFAULT-VALUE})")
  double clip = 5;

  @Option(
      names = "--clip-value",
      paramLabel = "SIZE",
      description = "largest size of each number of a gradient (default: any)")
  double clipValue;

  @Option(
      names = "--validation",
      paramLabel = "FRACTION",
      description = "part of the text, held out (default: ${DEFAULT-VALUE})")
  double validation = 0.05;

  @Option(
      names = "--hold-out",
      paramLabel = "PLACE",
      description =
          "which part is held out: end, the last of the text (default), or streams, the last of"
              + " each of its --batch streams, as char-rnn does it")
  RunConfig.HeldOut heldOut = RunConfig.HeldOut.END;

  @Option(names = "--precision", description = "f32, bf16 or auto (default: ${DEFAULT-VALUE})")
  String precision = "auto";

  @Option(names = "--seed", description = "of everything random (default: ${DEFAULT-VALUE})")
  long seed = 1;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description = "stops after N epochs without a better score")
  int patience;

  @Option(names = "--max-time", paramLabel = "SECONDS", description = "stops after this time")
  long maxSeconds;

  @Option(
      names = "--limit-batches",
      paramLabel = "N",
      description = "a dry run: N batches an epoch")
  int limitBatches;

  @Option(
      names = "--overfit-batches",
      paramLabel = "N",
      description = "trains and measures on the same N batches: can it learn at all?")
  int overfitBatches;

  @Option(
      names = "--out",
      paramLabel = "RUN",
      description = "folder of the run (default: runs/charlm)")
  @Nullable Path out;

  @Option(names = "--json", description = "one JSON object on standard output at the end")
  boolean json;

  @Override
  public Integer call() {
    try (var stop = Stop.onInterrupt()) {
      var asked = new RunConfig.Text(text, validation, heldOut, seqLength);
      int vocabulary = TextSubject.vocabulary(asked).size();
      var model =
          CharRnn.model(
              Map.of(
                  "vocabulary", Integer.toString(vocabulary),
                  "cell", cell,
                  "rnn-size", Integer.toString(rnnSize),
                  "num-layers", Integer.toString(numLayers),
                  "dropout", Double.toString(dropout)));
      var config = new RunConfig(TextSubject.network(model), asked, recipe(), limits());
      RunFolder folder = RunFolder.create(out != null ? out : TrainCommand.free(CharRnn.NAME));
      var trainer = Trainer.start(folder, config, TextOptions::subject);
      return TextRun.run(trainer, folder, spec.commandLine(), stop, json);
    }
  }

  private RunConfig.Recipe recipe() {
    Optimizer rule = Optimizer.parse(optimizer);
    if (rate != null) {
      rule = rule.rate(rate);
    }
    return new RunConfig.Recipe(
        epochs,
        batch,
        rule.text(),
        Schedule.parse(schedule).text(),
        precision,
        0,
        clip,
        clipValue,
        seed);
  }

  private RunConfig.Limits limits() {
    return new RunConfig.Limits(patience, maxSeconds, limitBatches, overfitBatches);
  }
}
