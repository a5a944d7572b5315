package unfold.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import unfold.config.Precision;
import unfold.data.Dataset;
import unfold.data.Datasets;
import unfold.data.Splits;
import unfold.error.InputException;
import unfold.model.Model;
import unfold.train.Trained;
import unfold.train.WholeFile;
import unfold.transfer.Transfer;
import unfold.zoo.Zoo;

/// `unfold transfer`
@Command(
    name = "transfer",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures what a trained network is worth for another task: a linear classifier on each of"
          + " its depths, and what follows from that.",
    },
    footer = {
      "",
      "Examples:",
      "  ./unfold transfer --from squeezenet1_0 --weights squeezenet1_0.safetensors --data insects",
      "  ./unfold transfer --from runs/resnet20 --data my-pictures --json",
      "  ./unfold transfer --from resnet18 --weights resnet18.pth --data insects --fine-tune",
    })
final class TransferCommand implements Callable<Integer> {
  private static final double VALIDATION = 0.25;

  @CommandLine.Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "MODEL|RUN",
      description = "a name that `unfold zoo` lists, or the folder of a training run")
  String from = "";

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "the numbers of MODEL (a run has its own)")
  @Nullable Path weights;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FOLDER",
      description = "pictures of the new task")
  String data = "";

  @Option(
      names = "--depths",
      description = "at most so many, spread evenly (default: ${DEFAULT-VALUE})")
  int depths = Transfer.Asked.USUAL.depths();

  @Option(
      names = "--pictures",
      paramLabel = "N",
      description = "at most so many to learn from and to measure on (default: ${DEFAULT-VALUE})")
  int pictures = Transfer.Asked.USUAL.pictures();

  @Option(names = "--batch", description = "pictures computed at once (default: ${DEFAULT-VALUE})")
  int batch = Transfer.Asked.USUAL.batch();

  @Option(names = "--seed", description = "of what is chosen by chance (default: ${DEFAULT-VALUE})")
  long seed = Transfer.Asked.USUAL.seed();

  @Option(
      names = "--precision",
      description = "to compute in: f32, bf16 or auto (default: ${DEFAULT-VALUE})")
  Precision precision = Precision.F32;

  @Option(names = "--out", paramLabel = "PNG", description = "draws accuracy by depth")
  @Nullable Path out;

  @Option(
      names = "--fine-tune",
      description =
          "then trains: the top first, then more and more depths, each slower than the one above"
              + " (`train --unfreeze --layer-rates`)")
  boolean fineTune;

  @Option(names = "--epochs", description = "of the fine-tuning (default: ${DEFAULT-VALUE})")
  int epochs = 9;

  @Option(names = "--lr", description = "of the fine-tuning (default: ${DEFAULT-VALUE})")
  double rate = 1e-3;

  @Option(
      names = "--head",
      paramLabel = "LAYER,…",
      description =
          "layers that start anew in the fine-tuning (default: the last one, if the number of"
              + " classes is another)")
  @Nullable String head;

  @Option(
      names = "--run",
      paramLabel = "RUN",
      description = "folder of the fine-tuning (default: runs/MODEL)")
  @Nullable Path run;

  @Option(names = "--json", description = "one JSON object instead of text")
  boolean json;

  @Override
  public Integer call() {
    if (!fineTune && (head != null || run != null)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), (head != null ? "--head" : "--run") + " goes with --fine-tune");
    }
    if (fineTune && json) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--json is for measuring alone: leave out --fine-tune");
    }
    Trained network = network();
    Splits splits = Datasets.named(data).holdOut(VALIDATION, seed);
    splits.notes().forEach(System.err::println);
    Dataset measured =
        splits.heldOut().orElseThrow(() -> new InputException(data + ": nothing to measure on"));
    var asked = new Transfer.Asked(depths, pictures, batch, 1, seed);
    Transfer t = Transfer.measure(network, splits.train(), measured, asked);
    if (out != null) {
      WholeFile.write(out, t.sheet().png());
    }
    if (json) {
      print(network, t);
    } else {
      System.out.print(t.text());
      System.out.println("train it: ./unfold " + String.join(" ", command(network, t)));
    }
    if (!fineTune) {
      return 0;
    }
    System.err.println("fine-tuning, as that would with these options: " + t.fineTuning(epochs));
    return new CommandLine(new TrainCommand())
        .setExecutionExceptionHandler(spec.root().commandLine().getExecutionExceptionHandler())
        .setOut(spec.commandLine().getOut())
        .setErr(spec.commandLine().getErr())
        .execute(fineTuning(network, t).toArray(String[]::new));
  }

  private Trained network() {
    var options = new RunOptions();
    options.name = from;
    options.weights = weights;
    options.precision = precision;
    return options.trained();
  }

  /// The training that the verdict asks for.
  private List<String> command(Trained network, Transfer t) {
    var words = start(network, t);
    words.addFirst("train");
    words.addAll(List.of(t.training().split(" ")));
    return words;
  }

  private List<String> start(Trained network, Transfer t) {
    String file = weights == null ? from + "/best.safetensors" : weights.toString();
    var words = new ArrayList<>(List.of(t.network(), "--weights", file, "--data", data));
    changes(network.model())
        .forEach((key, word) -> words.addAll(List.of("--option", key + "=" + word)));
    return words;
  }

  /// The options in which a network is not as its name says, but for the number of classes, which
  /// the new pictures decide.
  private static Map<String, String> changes(Model net) {
    var changes = new LinkedHashMap<>(net.options().toMap());
    changes.entrySet().removeAll(Zoo.variant(net.name()).defaults().toMap().entrySet());
    changes.remove("classes");
    return changes;
  }

  private List<String> fineTuning(Trained network, Transfer t) {
    var words = start(network, t);
    words.addAll(List.of(t.fineTuning(epochs).split(" ")));
    words.addAll(List.of("--lr", Double.toString(rate), "--seed", Long.toString(seed)));
    if (head != null) {
      words.addAll(List.of("--head", head));
    }
    if (run != null) {
      words.addAll(List.of("--out", run.toString()));
    }
    return words;
  }

  private void print(Trained network, Transfer t) {
    var rows = new ArrayList<Object>();
    for (Transfer.AtDepth a : t.depths()) {
      rows.add(
          new Json()
              .with("depth", a.depth().name())
              .with("layer", a.depth().layer())
              .with("output", a.depth().output().toList())
              .with("features", a.probe().features())
              .with("l2", a.probe().l2())
              .with("training_accuracy", a.probe().training())
              .with("accuracy", a.probe().accuracy())
              .with("loss", a.probe().loss())
              .fields());
    }
    new Json()
        .with("network", t.network())
        .with("data", t.data())
        .with("classes", t.classes())
        .with("pictures", t.pictures())
        .with("probed", t.probed())
        .with("measured", t.measured())
        .with("depths", rows)
        .with("best", t.best().depth().name())
        .with("accuracy", t.best().probe().accuracy())
        .with("half_accuracy", t.half())
        .with("data_is", t.verdict().much() ? "much" : "little")
        .with("task_is", t.verdict().similar() ? "similar" : "different")
        .with("advice", t.verdict().advice())
        .with("reasons", t.verdict().reasons())
        .with("command", "./unfold " + String.join(" ", command(network, t)))
        .print();
  }
}
