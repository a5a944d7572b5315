package unfold.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import unfold.data.augment.Transforms;
import unfold.model.Model;
import unfold.optimizer.Optimizer;
import unfold.optimizer.Schedule;
import unfold.train.NamedRecipe;
import unfold.train.RunConfig;
import unfold.train.Tricks;

/// How a network learns: a recipe by name, and what differs from it.
final class RecipeOptions {
  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      description =
          "what `unfold recipes` lists; the options below change parts of it (default: lenet for"
              + " LeNet-5, else onecycle)")
  @Nullable String recipe;

  @Option(
      names = "--epochs",
      description =
          "passes over the data; a rate that falls after certain epochs falls in"
              + " proportion (default: the recipe's, 10 for both of these)")
  @Nullable Integer epochs;

  @Option(
      names = "--batch",
      description = "pictures a step (default: the recipe's, 128 for both of these)")
  @Nullable Integer batch;

  @Option(
      names = "--optimizer",
      description = {
        "sgd, adam, adamw, rmsprop or adagrad, with settings as in"
            + " \"sgd(0.1,momentum=0.9,decay=1e-4)\" (default: the recipe's, adamw for onecycle, sgd for lenet)",
      })
  @Nullable String optimizer;

  @Option(names = "--lr", description = "learning rate at the top of the schedule")
  @Nullable Double rate;

  @Option(
      names = "--schedule",
      description = {
        "constant, step, multistep, exponential, plateau, cosine or onecycle, each with a warm-up"
            + " if wanted: \"cosine(warmup=500)\"; `unfold schedule` draws one (default: the recipe's)",
      })
  @Nullable String schedule;

  @Option(
      names = "--augment",
      description =
          "changes to training pictures, as in \"pad-crop(4),flip\" (default: the"
              + " recipe's, none for both of these)")
  @Nullable String augment;

  @Option(names = "--precision", description = "f32, bf16 or auto (default: ${DEFAULT-VALUE})")
  String precision = "auto";

  @Option(names = "--seed", description = "of everything random (default: ${DEFAULT-VALUE})")
  long seed = 1;

  @Option(
      names = "--label-smoothing",
      paramLabel = "SHARE",
      description = "spreads this share of each label over all classes")
  @Nullable Double labelSmoothing;

  @Option(names = "--clip", paramLabel = "NORM", description = "largest norm of all gradients")
  @Nullable Double clip;

  @Option(
      names = "--clip-value",
      paramLabel = "SIZE",
      description = "largest size of each number of a gradient")
  @Nullable Double clipValue;

  @Option(
      names = "--mixup",
      paramLabel = "ALPHA",
      description = "blends pictures and labels of a batch by shares drawn from Beta(ALPHA, ALPHA)")
  @Nullable Double mixup;

  @Option(
      names = "--cutmix",
      paramLabel = "ALPHA",
      description =
          "pastes a part of another picture, labels in the same shares; with --mixup each"
              + " batch gets one of the two")
  @Nullable Double cutmix;

  @Option(
      names = "--ema",
      paramLabel = "DECAY",
      description = "keeps a running average of the weights, measures and saves it (0.999, say)")
  @Nullable Double average;

  @Option(
      names = "--accumulate",
      paramLabel = "K",
      description = "computes each batch in K parts, which takes less memory")
  @Nullable Integer parts;

  @Option(
      names = "--ten-crop",
      negatable = true,
      description = "the test at the end averages over ten views of each picture")
  @Nullable Boolean tenCrop;

  private NamedRecipe named(Model net) {
    return recipe == null ? NamedRecipe.usual(net) : NamedRecipe.find(recipe);
  }

  RunConfig.Recipe recipe(Model net) {
    NamedRecipe named = named(net);
    RunConfig.Recipe r = epochs == null ? named.recipe() : named.epochs(epochs);
    Optimizer rule = Optimizer.parse(or(optimizer, r.optimizer()));
    if (rate != null) {
      rule = rule.rate(rate);
    }
    return new RunConfig.Recipe(
        r.epochs(),
        or(batch, r.batch()),
        rule.text(),
        Schedule.parse(or(schedule, r.schedule())).text(),
        precision,
        or(labelSmoothing, r.labelSmoothing()),
        or(clip, r.clip()),
        or(clipValue, r.clipValue()),
        seed);
  }

  String augmentation(Model net) {
    return Transforms.parse(augment == null ? named(net).augmentation(net) : augment).toString();
  }

  Tricks tricks(Model net) {
    Tricks t = named(net).tricks();
    int crops = tenCrop == null ? t.crops() : tenCrop ? 10 : 1;
    return new Tricks(
        or(mixup, t.mixup()),
        or(cutmix, t.cutmix()),
        or(average, t.average()),
        or(parts, t.parts()),
        crops);
  }

  /// What a person should know about a recipe that was shortened or belongs to several networks.
  Optional<String> note(Model net) {
    NamedRecipe named = named(net);
    RunConfig.Recipe asked = recipe(net);
    int usual = named.recipe().epochs();
    String shortened =
        asked.epochs() == usual || named.equals(NamedRecipe.usual(net))
            ? ""
            : ": " + asked.epochs() + " epochs instead of " + usual + ", rate " + asked.schedule();
    String more =
        named.members() == 1
            ? ""
            : "; the paper averages "
                + named.members()
                + " such networks: --ensemble "
                + named.members();
    return shortened.isEmpty() && more.isEmpty()
        ? Optional.empty()
        : Optional.of("recipe " + named.name() + shortened + more);
  }

  private static <T> T or(@Nullable T given, T usual) {
    return given == null ? usual : given;
  }
}
