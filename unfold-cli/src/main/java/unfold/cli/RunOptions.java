package unfold.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.config.Knobs;
import unfold.config.Precision;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.model.Model;
import unfold.model.Preprocessing;
import unfold.train.ClassNames;
import unfold.train.Predictor;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Trained;
import unfold.train.Weights;
import unfold.zoo.Zoo;

/// The trained network that a command asks: that of a run, or one of the zoo with weights from a
/// file.
final class RunOptions {
  @Parameters(
      index = "0",
      paramLabel = "RUN|MODEL",
      description = "folder of a training run, or, with --weights, a name that `unfold zoo` lists")
  String name = "";

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "weights for a MODEL: safetensors, or what torch.save writes (.pth, .pt, .th)")
  @Nullable Path weights;

  @Option(
      names = "--preprocess",
      paramLabel = "NAME",
      description =
          "what the weights want pictures to be: torchvision, tf (-1 to 1), unit (0 to 1) or caffe"
              + " (default: as the model was published)")
  @Nullable String preprocess;

  @Option(
      names = "--classes",
      paramLabel = "FILE",
      description = "names of the classes, one a line, such as a synset.txt")
  @Nullable Path classes;

  @Option(
      names = "--option",
      paramLabel = "KEY=VALUE",
      description = "with --weights, changes an option of the model, such as classes=100")
  Map<String, String> options = new LinkedHashMap<>();

  @Option(
      names = "--precision",
      description = "f32, bf16 or auto (default: the run's; f32 with --weights)")
  @Nullable Precision precision;

  /// What a run learned from, if a command's argument is the folder of one.
  static Optional<RunConfig.Data> learned(String name) {
    return RunFolder.find(Path.of(name)).map(run -> run.config().data());
  }

  /// The run, if no file of weights was named.
  Optional<RunFolder> run() {
    if (weights != null) {
      return Optional.empty();
    }
    Path folder = Path.of(name);
    if (!Files.isDirectory(folder) && Zoo.list().stream().anyMatch(v -> v.name().equals(name))) {
      throw new InputException(
          name + " is a model, not a run: name its weights with --weights FILE");
    }
    if (preprocess != null || !options.isEmpty()) {
      throw new InputException(
          "--preprocess and --option go with --weights: a run has its own preprocessing and model");
    }
    return Optional.of(RunFolder.open(folder));
  }

  Predictor predictor() {
    Predictor predictor = Predictor.of(trained());
    predictor.notes().forEach(System.err::println);
    return predictor;
  }

  /// The network of another run.
  static Predictor predictor(Path run) {
    return Predictor.of(ofRun(RunFolder.open(run)));
  }

  Trained trained() {
    if (weights != null) {
      return ofFile(Weights.read(weights));
    }
    Trained found = ofRun(run().orElseThrow());
    Trained named = classes == null ? found : found.classes(ClassNames.read(classes));
    return precision == null ? named : named.precision(precision);
  }

  private static Trained ofRun(RunFolder folder) {
    RunConfig.Network network = folder.config().model();
    Model model = Zoo.find(network.name(), network.options());
    return Trained.open(folder, model, Settings.defaults());
  }

  private Trained ofFile(Weights file) {
    Optional<ClassNames> names = Optional.ofNullable(classes).map(ClassNames::read);
    var words = new LinkedHashMap<String, String>();
    file.about()
        .filter(about -> about.model().name().equals(name))
        .ifPresent(about -> words.putAll(about.model().options()));
    names.ifPresent(n -> words.put("classes", Integer.toString(n.size())));
    words.putAll(options);
    Model model = Zoo.find(name, words);
    if (preprocess != null) {
      model = model.preprocessing(Preprocessing.named(preprocess).sized(model.preprocessing()));
    }
    WeightsCheck.whole(file, model);
    return names.isPresent()
        ? Trained.of(model, file, names.get(), settings())
        : Trained.of(model, file, settings());
  }

  /// Weights from elsewhere are first asked for the answers that they give elsewhere, so f32 unless
  /// something else is wanted.
  private Settings settings() {
    Settings defaults = Settings.defaults();
    if (precision != null) {
      return defaults.precision(precision);
    }
    return Knobs.PRECISION.value() == Precision.AUTO ? defaults.precision(Precision.F32) : defaults;
  }
}
