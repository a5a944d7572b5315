package unfold.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.data.Dataset;
import unfold.data.Datasets;
import unfold.data.Splits;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.model.Model;
import unfold.train.Console;
import unfold.train.Ensemble;
import unfold.train.EpochRecord;
import unfold.train.Evaluation;
import unfold.train.FineTuning;
import unfold.train.Outcome;
import unfold.train.Predictor;
import unfold.train.RunConfig;
import unfold.train.RunData;
import unfold.train.RunFolder;
import unfold.train.Score;
import unfold.train.Siblings;
import unfold.train.Stop;
import unfold.train.Trainer;
import unfold.train.Weights;
import unfold.zoo.Zoo;

/// `unfold train`
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Trains a network, shows progress, and saves it with all that belongs to it.",
    footer = {
      "",
      "Ctrl-C stops at the end of a step, saves and evaluates; --resume goes on from there, bit for"
          + " bit.",
      "",
      "Examples:",
      "  ./unfold train lenet5",
      "  ./unfold train lenet5_relu --data data/mnist --epochs 10 --augment \"pad-crop(2)\"",
      "  ./unfold train resnet20_cifar --data data/cifar10 --recipe cifar --epochs 16",
      "  ./unfold train resnet20_cifar --data data/cifar10 --epochs 20 --augment"
          + " \"pad-crop(4),flip,rand-augment(2,9)\" --cutmix 1 --ema 0.999",
      "  ./unfold train resnet18 --weights resnet18-f37072fd.pth --data data/flowers --lr 1e-4",
      "  ./unfold train charlm --text tinyshakespeare.txt",
      "  ./unfold train sentiment --data sst2",
      "  ./unfold train translate --data multi30k --source de --target en",
      "  ./unfold train video",
      "  ./unfold train captions",
      "  ./unfold train --resume runs/lenet5",
    })
final class TrainCommand implements Callable<Integer> {
  /// Commands of their own under `train`: what learns from something else than pictures.
  static final List<Class<?>> KINDS =
      List.of(
          TrainCharlmCommand.class,
          TrainSentimentCommand.class,
          TrainTranslateCommand.class,
          TrainVideoCommand.class,
          TrainCaptionsCommand.class,
          TrainChoralesCommand.class);

  private static final double VALIDATION = 0.05;

  @CommandLine.Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandLine.Model.CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL",
      description = "a name that `unfold zoo` lists")
  @Nullable String model;

  @Option(names = "--resume", paramLabel = "RUN", description = "goes on with a run")
  @Nullable Path resume;

  @Option(
      names = "--data",
      paramLabel = "digits|FOLDER",
      description = "what to learn from (default: ${DEFAULT-VALUE})")
  String data = "digits";

  @Mixin RecipeOptions recipe = new RecipeOptions();

  @Option(
      names = "--validation",
      paramLabel = "FRACTION",
      description = {
        "part of the training pictures held out to choose the best epoch by (default: 0.05, where"
            + " the data has no validation pictures of its own)",
      })
  @Nullable Double validation;

  @Option(
      names = "--hold-out",
      paramLabel = "N",
      description = "holds out the last N training pictures instead")
  int holdOut;

  @Mixin LimitOptions limits = new LimitOptions();

  @Option(
      names = "--loader-threads",
      paramLabel = "N",
      description =
          "threads that prepare batches (default: 1 with --augment or pictures of any"
              + " size, else as it fits)")
  int loaderThreads = 1;

  @Option(
      names = "--freeze",
      paramLabel = "LAYER,…|N|backbone",
      description =
          "leaves these layers as they are: by name, the first N depths, or all but the last"
              + " (with --weights)")
  String freeze = "";

  @Option(
      names = "--unfreeze",
      paramLabel = "EPOCHS|EPOCHS=DEPTHS,…",
      description =
          "frees frozen depths as the run goes on, from the top: after every EPOCHS one more, or so"
              + " that after EPOCHS only the first DEPTHS are frozen (3=6,6=0); at first it is all"
              + " but the last, or what --freeze says")
  String unfreeze = "";

  @Option(
      names = "--layer-rates",
      paramLabel = "FACTOR|LAYER=FACTOR,…",
      description =
          "each depth learns slower than the one above by this factor, or factors by layer")
  String layerRates = "";

  @Option(
      names = "--option",
      paramLabel = "KEY=VALUE",
      description = "changes an option of the model, such as shortcut=B")
  Map<String, String> options = new LinkedHashMap<>();

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = {
        "starts from these weights (safetensors, or what torch.save writes) instead of random"
            + " numbers; if they are for another number of classes, the last layer starts anew",
      })
  @Nullable Path weights;

  @Option(
      names = "--partial",
      description = "with --weights, takes all that fits if it is at least half of the network")
  boolean partial;

  @Option(
      names = "--head",
      paramLabel = "LAYER,…",
      split = ",",
      description =
          "with --weights, these layers start anew whatever the file has for them (default: the last"
              + " one, if the number of classes is another)")
  List<String> head = List.of();

  @Option(
      names = "--ensemble",
      paramLabel = "N",
      description =
          "trains N networks with N seeds in folders of their own below RUN and measures the mean of"
              + " their probabilities; stopped, the same command with --out RUN goes on")
  int ensemble;

  @Option(
      names = "--out",
      paramLabel = "RUN",
      description = "folder of the run (default: runs/MODEL)")
  @Nullable Path out;

  @Option(names = "--json", description = "one JSON object on standard output at the end")
  boolean json;

  @Override
  public Integer call() {
    try (var stop = Stop.onInterrupt()) {
      return run(stop);
    }
  }

  private int run(Stop stop) {
    if (resume != null) {
      requireAlone();
      RunFolder begun = RunFolder.open(resume);
      switch (begun.config().data()) {
        case RunConfig.Text _ -> {
          var text = Trainer.resume(begun, TextOptions::subject);
          return TextRun.run(text, begun, spec.commandLine(), stop, json);
        }
        case RunConfig.Pairs _ -> {
          var pairs = Trainer.resume(begun, TranslationRuns::subject);
          return TranslationRuns.run(pairs, begun, spec.commandLine(), stop, json);
        }
        case RunConfig.Video _ -> {
          var video = Trainer.resume(begun, VideoRuns::subject);
          return VideoRuns.run(video, begun, spec.commandLine(), stop, json);
        }
        case RunConfig.Sentences _ -> {
          var sentences = Trainer.resume(begun, SentenceRuns::subject);
          return SentenceRuns.run(sentences, begun, spec.commandLine(), stop, json);
        }
        case RunConfig.Music _ -> {
          var music = Trainer.resume(begun, MusicRuns::subject);
          return MusicRuns.run(music, begun, spec.commandLine(), stop, json);
        }
        case RunConfig.Captions _ -> {
          var captions = Trainer.resume(begun, CaptionRuns::subject);
          return CaptionRuns.run(captions, begun, spec.commandLine(), stop, json);
        }
        case RunConfig.Pictures _ -> {}
      }
    }
    RunFolder folder;
    Trainer trainer;
    Model net;
    if (resume != null) {
      folder = RunFolder.open(resume);
      RunConfig.Network network = folder.config().model();
      net = Zoo.find(network.name(), network.options());
      trainer = Trainer.resume(folder, net);
    } else if (model != null) {
      Splits splits = Datasets.named(data);
      net = net(model, splits.train());
      RunConfig config = config(net, splits);
      Optional<Weights> first = Optional.ofNullable(weights).map(Weights::read);
      if (first.isPresent()) {
        WeightsCheck.start(first.get(), net, partial, head);
        config.tuning().requireLearning(head, net);
      } else if (partial || !head.isEmpty()) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), (partial ? "--partial" : "--head") + " goes with --weights");
      }
      Path path = out != null ? out : free(model);
      UnaryOperator<Trainer> how =
          t -> first.map(w -> t.from(w, partial, head)).orElse(t).settings(Settings.defaults());
      if (ensemble > 0) {
        return together(new Siblings(path, config, net, splits, ensemble), how, stop);
      }
      folder = RunFolder.create(path);
      trainer = how.apply(Trainer.start(folder, config, net, splits));
    } else {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "name a MODEL to train, or a run with --resume RUN");
    }
    var sitting = Sitting.of(trainer, folder, spec.commandLine(), stop);
    sitting.advise(net.classes());
    sitting.tellIfStopped(Sitting::accuracy);
    if (sitting.ended() && !sitting.dry()) {
      test(folder, net, sitting.result());
    }
    return sitting.end("", json);
  }

  private int together(Siblings siblings, UnaryOperator<Trainer> how, Stop stop) {
    String words = String.join(" ", spec.commandLine().getParseResult().originalArgs());
    var done = siblings.run(t -> how.apply(t).command(words), Console.standard(), stop);
    Path path = siblings.folder();
    if (done.size() < siblings.count() || done.getLast().outcome().end() == Outcome.End.STOPPED) {
      System.err.println("stopped and saved: the same command with --out " + path + " goes on");
      return 130;
    }
    var result = new Json().with("run", path.toString()).with("networks", done.size());
    Dataset measured =
        siblings
            .data()
            .test()
            .or(() -> RunData.of(siblings.config(), siblings.data()).heldOut())
            .orElseThrow(() -> new InputException(data + ": nothing to measure on"));
    var members = new ArrayList<Predictor>();
    var alone = new ArrayList<Object>();
    for (Siblings.Done run : done) {
      Predictor member = Predictor.open(run.folder(), siblings.model(), Settings.defaults());
      members.add(member);
      double accuracy = evaluation(siblings, List.of(member), measured).score().accuracy();
      alone.add(accuracy);
      if (!json) {
        System.out.printf(
            Locale.ROOT, "%s: accuracy %.2f %%%n", run.folder().path(), 100 * accuracy);
      }
    }
    Evaluation mean = evaluation(siblings, members, measured);
    result.with("accuracies", alone);
    show("mean of " + done.size() + " networks: accuracy", mean.score(), result);
    if (json) {
      result.print();
    }
    return 0;
  }

  private static Evaluation evaluation(Siblings s, List<Predictor> members, Dataset measured) {
    return new Ensemble(members, s.config().tricks().crops() > 1)
        .evaluate(measured, s.config().recipe().batch(), s.config().pictures().threads());
  }

  /// What was asked of a run cannot change when it goes on.
  private void requireAlone() {
    for (var given : spec.commandLine().getParseResult().matchedOptions()) {
      if (!given.names()[0].equals("--resume") && !given.names()[0].equals("--json")) {
        throw new CommandLine.ParameterException(
            spec.commandLine(),
            given.names()[0] + " does not go with --resume: a run goes on as it began");
      }
    }
    if (model != null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--resume knows its model; leave out '" + model + "'");
    }
  }

  private Model net(String name, Dataset train) {
    var all = new LinkedHashMap<>(options);
    all.putIfAbsent("classes", Integer.toString(train.classes().size()));
    return Zoo.find(name, all, Commands.names(KINDS).toList());
  }

  private RunConfig config(Model net, Splits splits) {
    double fraction =
        validation != null
            ? validation
            : holdOut > 0 || splits.validation().isPresent() ? 0 : VALIDATION;
    var network = new RunConfig.Network(net.name(), net.options().toMap());
    var pictures =
        new RunConfig.Pictures(data, fraction, holdOut, recipe.augmentation(net), loaderThreads);
    recipe.note(net).ifPresent(System.err::println);
    return new RunConfig(network, pictures, recipe.recipe(net), limits.limits())
        .tricks(recipe.tricks(net))
        .tuning(new FineTuning(freeze, layerRates, unfreeze));
  }

  /// `runs/lenet5`, or `runs/lenet5-2` and so on if that is taken.
  static Path free(String name) {
    Path runs = Path.of("runs");
    Path folder = runs.resolve(name);
    for (int k = 2; Files.exists(folder); k++) {
      folder = runs.resolve(name + "-" + k);
    }
    return folder;
  }

  /// The best weights on the test pictures, where the data has some, else what they were chosen by.
  private void test(RunFolder folder, Model net, Json result) {
    RunConfig config = folder.config();
    Splits splits = Datasets.named(config.pictures().source());
    if (splits.test().isEmpty()) {
      folder
          .history()
          .best()
          .flatMap(EpochRecord::validation)
          .ifPresent(held -> show("held-out accuracy of the best epoch", held, result));
      return;
    }
    Evaluation test =
        Ensemble.of(Predictor.open(folder, net, Settings.defaults()))
            .tenCrop(config.tricks().crops() > 1)
            .evaluate(splits.test().get(), config.recipe().batch(), config.pictures().threads());
    show("test accuracy", test.score(), result);
  }

  private void show(String what, Score score, Json result) {
    result.with("items", score.items());
    result.with("accuracy", score.accuracy());
    result.with("top5", score.top5());
    result.with("loss", score.loss());
    if (!json) {
      System.out.printf(
          Locale.ROOT,
          "%s %.2f %% on %,d pictures (loss %.4f)%n",
          what,
          100 * score.accuracy(),
          score.items(),
          score.loss());
    }
  }
}
