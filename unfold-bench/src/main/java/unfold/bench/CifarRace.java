package unfold.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import unfold.data.Datasets;
import unfold.data.Splits;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.model.Model;
import unfold.optimizer.Schedule;
import unfold.train.Console;
import unfold.train.EpochRecord;
import unfold.train.NamedRecipe;
import unfold.train.Outcome;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Score;
import unfold.train.Stop;
import unfold.train.Trainer;
import unfold.zoo.Zoo;

/// ResNet-20 on pictures of CIFAR-10 by the paper's recipe in fewer epochs, beside PyTorch on the
/// same files: `./bench cifar FOLDER --epochs 12 --against PYTHON`.
///
/// What counts is the accuracy on the test pictures after the last epoch, and the time from the
/// start of reading to the end of the last measure.
@Command(
    mixinStandardHelpOptions = true,
    description = "Trains ResNet-20 by the recipe cifar, shortened, alone or beside PyTorch.",
    footer = {"", "Example:", "  ./bench cifar data/cifar10 --epochs 12 --against python3"})
final class CifarRace implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();

  @Parameters(index = "0", description = "a folder with train/CLASS and test/CLASS")
  Path folder = Path.of(".");

  @Option(
      names = "--epochs",
      description =
          "instead of 164; the rate falls in proportion, after 1/2 and 3/4 (default:"
              + " ${DEFAULT-VALUE})")
  int epochs = 12;

  @Option(names = "--seed", description = "of everything random (default: ${DEFAULT-VALUE})")
  long seed = 1;

  @Option(names = "--threads", description = "threads of either side (default: all cores)")
  int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--against",
      paramLabel = "PYTHON",
      description = "a Python with PyTorch, NumPy and Pillow: runs after ours")
  @Nullable String python;

  @Option(
      names = "--config",
      description = "of PyTorch: f32, bf16, f32compile or bf16compile (default: ${DEFAULT-VALUE})")
  String config = "bf16compile";

  @Override
  public Integer call() throws IOException {
    if (epochs < 1 || threads < 1) {
      throw new InputException("--epochs and --threads must be at least 1");
    }
    JsonNode ours = JSON.readTree(ours());
    System.out.println(ours);
    if (python != null) {
      JsonNode theirs = JSON.readTree(theirs(python));
      System.out.println(theirs);
      var ratio = JSON.createObjectNode();
      ratio.put("accuracy_points", 100 * (number(ours, "accuracy") - number(theirs, "accuracy")));
      ratio.put("wall_clock_ratio", number(theirs, "seconds") / number(ours, "seconds"));
      ratio.put("training_ratio", number(ours, "items_per_s") / number(theirs, "items_per_s"));
      ratio.put("cpu", Machine.cpu());
      System.out.println(ratio);
    }
    return 0;
  }

  private static double number(JsonNode line, String name) {
    return line.path(name).doubleValue(Double.NaN);
  }

  private RunConfig.Recipe recipe() {
    return NamedRecipe.find("cifar").epochs(epochs).seed(seed);
  }

  private String ours() throws IOException {
    Path run = Files.createTempDirectory("cifar");
    try {
      long start = System.nanoTime();
      Splits splits = Datasets.open(folder);
      if (splits.test().isEmpty()) {
        throw new InputException(folder + ": has no test pictures");
      }
      Model net =
          Zoo.find(
              "resnet20_cifar",
              Map.of("classes", Integer.toString(splits.train().classes().size())));
      var pictures =
          new RunConfig.Pictures(folder.toString())
              .augmentation(NamedRecipe.find("cifar").augmentation(net));
      var config =
          new RunConfig(RunConfig.Network.of(net), pictures, recipe(), RunConfig.Limits.NONE);
      Outcome outcome =
          Trainer.start(RunFolder.create(run), config, net, splits)
              .settings(Settings.defaults().threads(threads))
              .reporter(Console.standard())
              .run(new Stop());
      double seconds = (System.nanoTime() - start) / 1e9;
      List<EpochRecord> history = outcome.history().epochs();
      Score last = history.getLast().validation().orElseThrow();
      double training =
          history.stream().mapToDouble(r -> r.train().items() / r.itemsPerSecond()).sum();
      double items = history.stream().mapToDouble(r -> r.train().items()).sum();
      var line = JSON.createObjectNode();
      line.put("framework", "unfold");
      line.put("epochs", epochs);
      line.put("accuracy", last.accuracy());
      line.put("seconds", seconds);
      line.put("items_per_s", items / training);
      return JSON.writeValueAsString(line);
    } finally {
      try (var files = Files.list(run)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(run);
    }
  }

  private String theirs(String interpreter) throws IOException {
    var schedule = (Schedule.MultiStep) Schedule.parse(recipe().schedule());
    String falls =
        schedule.milestones().stream().map(String::valueOf).collect(Collectors.joining(","));
    Path script = Files.createTempFile("cifar", ".py");
    try (InputStream in =
        Objects.requireNonNull(CifarRace.class.getResourceAsStream("cifar.py"), "cifar.py")) {
      Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
      return Processes.lastJsonLine(
          List.of(
              interpreter,
              script.toString(),
              folder.toString(),
              "--epochs",
              Integer.toString(epochs),
              "--milestones",
              falls,
              "--batch",
              Integer.toString(recipe().batch()),
              "--seed",
              Long.toString(seed),
              "--threads",
              Integer.toString(threads),
              "--config",
              config));
    } finally {
      Files.deleteIfExists(script);
    }
  }
}
