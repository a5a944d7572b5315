package unfold.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import unfold.config.Precision;
import unfold.data.Dataset;
import unfold.data.Datasets;
import unfold.data.Splits;
import unfold.error.InputException;
import unfold.train.Trained;
import unfold.train.WholeFile;
import unfold.transfer.Transfer;

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
    })
final class TransferCommand implements Runnable {
  private static final double VALIDATION = 0.25;

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

  @Option(names = "--json", description = "one JSON object instead of text")
  boolean json;

  @Override
  public void run() {
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
      print(t);
    } else {
      System.out.print(t.text());
      System.out.println("train it: " + command(t));
    }
  }

  private Trained network() {
    var options = new RunOptions();
    options.name = from;
    options.weights = weights;
    options.precision = precision;
    return options.trained();
  }

  /// The training that the verdict asks for.
  private String command(Transfer t) {
    return "./unfold train "
        + t.network()
        + " --weights "
        + (weights == null ? from + "/best.safetensors" : weights)
        + " --data "
        + data
        + " "
        + t.training();
  }

  private void print(Transfer t) {
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
        .with("command", command(t))
        .print();
  }
}
