package unfold.train;

import java.util.List;
import java.util.regex.Pattern;
import unfold.error.InputException;
import unfold.error.Nearest;
import unfold.model.Model;
import unfold.optimizer.Schedule;

/// A way to train that has a name. Prints as a table of its settings.
///
/// @param summary one line
/// @param source paper and section
/// @param network what the paper's networks have of their own, which the recipe does not add
/// @param recipe optimiser, schedule, batch, epochs, losses
/// @param augmentation text of the transforms; `{256}` stands for 256 pixels where a network takes
///   224, and for as many in proportion where it takes others
/// @param tricks mixing, averages, crops of the final measure
/// @param members networks of other seeds whose answers the paper averages; a run trains one
public record NamedRecipe(
    String name,
    String summary,
    String source,
    String network,
    RunConfig.Recipe recipe,
    String augmentation,
    Tricks tricks,
    int members) {
  private static final Pattern PIXELS = Pattern.compile("\\{(\\d+)}");
  private static final double USUAL_SIDE = 224;

  /// AdamW with a one-cycle rate, which trains most small networks well. The default, where a
  /// network has none of its own.
  private static final NamedRecipe ONE_CYCLE =
      new NamedRecipe(
          "onecycle",
          "just train: AdamW with a one-cycle rate, ten epochs",
          "Smith, Topin: Super-convergence (2018), 2; Loshchilov, Hutter: Decoupled weight decay"
              + " regularization (2019), algorithm 2",
          "",
          new RunConfig.Recipe(10, 128, "adamw", "onecycle", "auto", 0, 0, 0, 1),
          "none",
          Tricks.NONE,
          1);

  /// A shallow network stands a high rate, and learns more from it than from AdamW's.
  private static final NamedRecipe LENET =
      new NamedRecipe(
          "lenet",
          "just train LeNet-5: SGD with a one-cycle rate, ten epochs",
          "LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition"
              + " (1998), II (the network, SGD); Smith, Topin: Super-convergence (2018), 2; rate and"
              + " decay of our own (docs/benchmarks.md)",
          "a few layers, no normalisation",
          paper(10, 128, "sgd(0.1,momentum=0.9,decay=5e-4)", "onecycle"),
          "none",
          Tricks.NONE,
          1);

  private static final NamedRecipe ALEX_NET =
      new NamedRecipe(
          "alexnet",
          "the recipe of AlexNet",
          "Krizhevsky, Sutskever, Hinton: ImageNet classification with deep convolutional neural"
              + " networks (2012), 4.1 (crops, flips, PCA colour, ten crops), 5 (batch, rate,"
              + " momentum, decay, 90 epochs), 6 (averaged predictions)",
          "ReLU, local response normalisation, dropout 0.5 before the first two linear layers",
          paper(90, 128, "sgd(0.01,momentum=0.9,decay=5e-4)", "plateau(0.1,patience=3)"),
          "resize({256}),centre-crop({256}),random-crop({224}),flip,pca-colour(0.1)",
          Tricks.NONE.crops(10),
          7);

  private static final NamedRecipe VGG =
      new NamedRecipe(
          "vgg",
          "the recipe of VGG",
          "Simonyan, Zisserman: Very deep convolutional networks for large-scale image recognition"
              + " (2015), 3.1 (batch, rate, momentum, decay, 74 epochs, crops of a scale between"
              + " 256 and 512, flips, colour)",
          "ReLU, no local response normalisation, dropout 0.5 in the first two linear layers",
          paper(74, 256, "sgd(0.01,momentum=0.9,decay=5e-4)", "plateau(0.1,patience=3)"),
          "random-resize({256},{512}),random-crop({224}),flip,pca-colour(0.1)",
          Tricks.NONE,
          1);

  private static final NamedRecipe RESNET =
      new NamedRecipe(
          "resnet",
          "the recipe of ResNet for ImageNet",
          "He, Zhang, Ren, Sun: Deep residual learning for image recognition (2016), 3.4 (crops of"
              + " a scale between 256 and 480, flips, colour, batch, rate, momentum, 600,000 steps"
              + " or 120 epochs, ten crops); the weight decay is the lecture's, the paper has 1e-4",
          "batch normalisation after every convolution, He initialisation, no dropout",
          paper(120, 256, "sgd(0.1,momentum=0.9,decay=1e-5)", "plateau(0.1,patience=3)"),
          "random-resize({256},{480}),random-crop({224}),flip,pca-colour(0.1)",
          Tricks.NONE.crops(10),
          1);

  private static final NamedRecipe CIFAR =
      new NamedRecipe(
          "cifar",
          "the recipe of ResNet for CIFAR-10",
          "He, Zhang, Ren, Sun: Deep residual learning for image recognition (2016), 4.2 (padding 4,"
              + " crops and flips, batch, rate, momentum, decay; a tenth of the rate after 32,000"
              + " and 48,000 of 64,000 steps, which are 82, 123 and 164 epochs)",
          "batch normalisation after every convolution, He initialisation, no dropout",
          paper(164, 128, "sgd(0.1,momentum=0.9,decay=1e-4)", "multistep(82,123,gamma=0.1)"),
          "pad-crop(4),flip",
          Tricks.NONE,
          1);

  /// All of them, the default first.
  public static final List<NamedRecipe> ALL =
      List.of(ONE_CYCLE, LENET, ALEX_NET, VGG, RESNET, CIFAR);

  private static RunConfig.Recipe paper(int epochs, int batch, String optimizer, String schedule) {
    return new RunConfig.Recipe(epochs, batch, optimizer, schedule, "auto", 0, 0, 0, 1);
  }

  /// What trains a network unless another is asked for: short, without changes to the pictures.
  public static NamedRecipe usual(Model model) {
    return model.name().startsWith("lenet5") ? LENET : ONE_CYCLE;
  }

  /// @throws InputException that lists the names
  public static NamedRecipe find(String name) {
    return Nearest.find("recipe", name, ALL, NamedRecipe::name);
  }

  /// The augmentation for a network's pictures, as text.
  public String augmentation(Model model) {
    int side = Math.max(model.options().height(), model.options().width());
    return PIXELS
        .matcher(augmentation)
        .replaceAll(
            m -> Long.toString(Math.round(Integer.parseInt(m.group(1)) * side / USUAL_SIDE)));
  }

  /// The recipe in another number of epochs: the places where its rate changes move in proportion.
  public RunConfig.Recipe epochs(int count) {
    Schedule schedule = Schedule.parse(recipe.schedule()).stretched(recipe.epochs(), count);
    return recipe.epochs(count).schedule(schedule.text());
  }

  /// A line for each setting.
  @Override
  public String toString() {
    var text = new StringBuilder();
    line(text, "recipe", name + ": " + summary);
    line(text, "source", source);
    line(text, "network", network);
    line(text, "epochs", recipe.epochs() + ", batch " + recipe.batch());
    line(text, "optimizer", recipe.optimizer());
    line(text, "schedule", recipe.schedule());
    line(text, "augmentation", augmentation);
    line(
        text,
        "evaluation",
        (tricks.crops() == 1 ? "the middle of each picture" : tricks.crops() + " crops of each")
            + (members == 1 ? "" : ", the mean of " + members + " networks (eval RUN RUN …)"));
    return text.toString();
  }

  private static void line(StringBuilder text, String what, String value) {
    if (!value.isEmpty()) {
      text.append(Text.format("%-13s %s%n", what, value));
    }
  }
}
