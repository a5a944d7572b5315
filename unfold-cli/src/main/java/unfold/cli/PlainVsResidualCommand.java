package unfold.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import unfold.data.Dataset;
import unfold.data.Datasets;
import unfold.data.Splits;
import unfold.data.augment.Transforms;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.model.Model;
import unfold.optimizer.Optimizer;
import unfold.optimizer.Schedule;
import unfold.train.Comparison;
import unfold.train.Console;
import unfold.train.DepthVerdict;
import unfold.train.RunConfig;
import unfold.train.Stop;
import unfold.zoo.Zoo;

/// `unfold experiment plain-vs-residual`
@Command(
    name = "plain-vs-residual",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Trains plain and residual networks of 20 and 56 layers on the same pictures in the same way"
          + " and draws their four training errors: more layers make the plain network worse, and"
          + " the residual one better.",
      "Source: He, Zhang, Ren, Sun: Deep residual learning (2016), 4.2 and figure 6.",
    },
    footer = {
      "",
      "Ctrl-C stops and saves; the same command goes on from there.",
      "",
      "Example:",
      "  ./unfold experiment plain-vs-residual --data data/cifar10 --epochs 12 --pictures 20000",
    })
final class PlainVsResidualCommand implements Callable<Integer> {
  private static final Map<String, Character> NETWORKS =
      Map.of(
          "plain20_cifar", 'p', "plain56_cifar", 'P', "resnet20_cifar", 'r', "resnet56_cifar", 'R');
  private static final List<String> ORDER =
      List.of("plain20_cifar", "plain56_cifar", "resnet20_cifar", "resnet56_cifar");

  @Option(
      names = "--data",
      paramLabel = "digits|FOLDER",
      description = "what to learn from; a folder with CIFAR-10, say (default: ${DEFAULT-VALUE})")
  String data = "digits";

  @Option(names = "--epochs", description = "passes over the pictures (default: ${DEFAULT-VALUE})")
  int epochs = 12;

  @Option(
      names = "--pictures",
      paramLabel = "N",
      description = "learns from N pictures chosen by the seed, in whole batches (default: all)")
  int pictures;

  @Option(names = "--batch", description = "pictures a step (default: ${DEFAULT-VALUE})")
  int batch = 128;

  @Option(names = "--optimizer", description = "as train's (default: ${DEFAULT-VALUE})")
  String optimizer = "sgd(0.1,momentum=0.9,decay=1e-4)";

  @Option(names = "--schedule", description = "as train's (default: ${DEFAULT-VALUE})")
  String schedule = "onecycle";

  @Option(names = "--augment", description = "as train's (default: ${DEFAULT-VALUE})")
  String augment = "none";

  @Option(names = "--precision", description = "f32, bf16 or auto (default: ${DEFAULT-VALUE})")
  String precision = "auto";

  @Option(names = "--seed", description = "of everything random (default: ${DEFAULT-VALUE})")
  long seed = 1;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "folder of the four runs, the drawing and the summary (default:" + " ${DEFAULT-VALUE})")
  Path out = Path.of("runs", "plain-vs-residual");

  @Option(names = "--json", description = "one JSON object on standard output at the end")
  boolean json;

  @Override
  public Integer call() {
    if (epochs < 1 || batch < 1 || pictures < 0 || pictures > 0 && pictures < batch) {
      throw new InputException(
          "--epochs and --batch must be at least 1, and --pictures a batch or more");
    }
    Splits splits = Datasets.named(data);
    var contestants = new ArrayList<Comparison.Contestant>();
    for (String name : ORDER) {
      Model net = Zoo.find(name, options(splits.train()));
      contestants.add(
          new Comparison.Contestant(net, config(net), NETWORKS.getOrDefault(name, '*')));
    }
    var comparison =
        new Comparison(
            "plain and residual networks: " + splits.train().name(),
            out,
            splits,
            contestants,
            Settings.defaults());
    Comparison.Summary summary;
    try (var stop = Stop.onInterrupt()) {
      summary = comparison.run(Console.standard(), stop);
    }
    report(comparison, summary);
    return summary.complete() ? 0 : 130;
  }

  /// Pictures of one size are taken as they are.
  private static Map<String, String> options(Dataset train) {
    var options = new LinkedHashMap<String, String>();
    options.put("classes", Integer.toString(train.classes().size()));
    train
        .shape()
        .ifPresent(s -> {
          options.put("channels", Integer.toString(s.channels()));
          options.put("height", Integer.toString(s.height()));
          options.put("width", Integer.toString(s.width()));
        });
    return options;
  }

  private RunConfig config(Model net) {
    var recipe =
        new RunConfig.Recipe(
            epochs,
            batch,
            Optimizer.parse(optimizer).text(),
            Schedule.parse(schedule).text(),
            precision,
            0,
            0,
            0,
            seed);
    return new RunConfig(
        RunConfig.Network.of(net),
        new RunConfig.Pictures(data).augmentation(Transforms.parse(augment).toString()),
        recipe,
        RunConfig.Limits.NONE.batches(pictures / batch));
  }

  private void report(Comparison comparison, Comparison.Summary summary) {
    var verdict = DepthVerdict.of(summary);
    if (json) {
      var rows = new ArrayList<Object>();
      for (Comparison.Row row : summary.rows()) {
        var fields = new Json().with("model", row.model()).with("errors", row.errors());
        row.validation().ifPresent(error -> fields.with("validation_error", error));
        rows.add(fields.with("seconds", row.seconds()).fields());
      }
      var result = new Json().with("folder", comparison.folder().toString());
      result.with("complete", summary.complete()).with("runs", rows);
      verdict.ifPresent(v ->
          result
              .with("plain_suffers_from_depth", v.plainSuffers())
              .with("residual_gains_from_depth", v.residualGains()));
      result.print();
      return;
    }
    System.out.print(summary.chart(comparison.contestants()).text());
    verdict.ifPresent(v -> System.out.print(v.text()));
    System.out.println("drawn in " + comparison.drawing());
  }
}
