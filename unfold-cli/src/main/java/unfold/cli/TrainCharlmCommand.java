package unfold.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.data.text.Vocabulary;
import unfold.model.LanguageModel;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Stop;
import unfold.train.Trainer;
import unfold.train.Weights;
import unfold.train.text.TextSubject;
import unfold.train.text.TextWeights;
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
      "  ./unfold train charlm --text sonnets.txt --weights shakespeare.safetensors --lr 5e-4",
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

  @Option(
      names = "--dropout",
      description = "between layers, not between steps (default: ${DEFAULT-VALUE})")
  double dropout;

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

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description =
          "starts from these weights; cell and sizes follow from them, and each character takes its"
              + " own with it")
  @Nullable Path weights;

  @Option(
      names = "--vocab",
      paramLabel = "FILE",
      description =
          "with --weights: characters and their numbers as a JSON object (default: vocab.json"
              + " beside the weights)")
  @Nullable Path vocab;

  @Mixin
  LearningOptions learning =
      new LearningOptions(50, 50, "rmsprop(2e-3,alpha=0.95)", "exponential(0.97,hold=10)", 5);

  @Override
  public Integer call() {
    try (var stop = Stop.onInterrupt()) {
      var asked = new RunConfig.Text(text, validation, heldOut, seqLength);
      Vocabulary vocabulary = TextSubject.vocabulary(asked);
      Optional<Weights> first = Optional.ofNullable(weights).map(Weights::read);
      LanguageModel model = CharRnn.model(options(vocabulary, first));
      Optional<TextWeights> fitted = first.map(w -> fitted(w, vocabulary, model));
      var config =
          new RunConfig(TextSubject.network(model), asked, learning.recipe(), learning.limits());
      RunFolder folder = learning.folder(CharRnn.NAME);
      var begin = Trainer.start(folder, config, TextOptions::subject);
      var trainer = fitted.map(f -> begin.from(f.weights(), false)).orElse(begin);
      return TextRun.run(trainer, folder, spec.commandLine(), stop, learning.json);
    }
  }

  private Map<String, String> options(Vocabulary vocabulary, Optional<Weights> first) {
    var options = new LinkedHashMap<String, String>();
    if (first.isPresent()) {
      for (String size : List.of("--cell", "--rnn-size", "--num-layers")) {
        if (spec.commandLine().getParseResult().hasMatchedOption(size)) {
          throw new CommandLine.ParameterException(
              spec.commandLine(), size + " does not go with --weights, from which it follows");
        }
      }
      options.putAll(TextOptions.fitting(first.get()).options());
    } else if (vocab != null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--vocab goes with --weights: the text has its own vocabulary");
    } else {
      options.put("cell", cell);
      options.put("rnn-size", Integer.toString(rnnSize));
      options.put("num-layers", Integer.toString(numLayers));
    }
    options.put("vocabulary", Integer.toString(vocabulary.size()));
    options.put("dropout", Double.toString(dropout));
    return options;
  }

  private TextWeights fitted(Weights read, Vocabulary vocabulary, LanguageModel model) {
    Vocabulary theirs = TextOptions.vocabulary(Path.of(read.file()), vocab);
    var fitted = TextWeights.of(read, theirs, vocabulary, model, learning.seed);
    int known = vocabulary.size() - fitted.fresh().size();
    System.err.printf(
        Locale.ROOT, "%s: knows %d of %d characters", read.file(), known, vocabulary.size());
    System.err.println(
        fitted.fresh().isEmpty()
            ? ""
            : "; new: "
                + String.join(" ", fitted.fresh().stream().map(Vocabulary::shown).toList()));
    return fitted;
  }
}
