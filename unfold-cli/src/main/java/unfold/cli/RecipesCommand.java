package unfold.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.train.NamedRecipe;

/// `unfold recipes`
@Command(
    name = "recipes",
    mixinStandardHelpOptions = true,
    description = "Shows the ways to train that have a name: train's --recipe.",
    footer = {"", "Examples:", "  ./unfold recipes", "  ./unfold recipes alexnet"})
final class RecipesCommand implements Runnable {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "shows one with all its settings")
  @Nullable String name;

  @Option(names = "--json", description = "one JSON object instead of text")
  boolean json;

  @Override
  public void run() {
    var shown = name == null ? NamedRecipe.ALL : List.of(NamedRecipe.find(name));
    if (json) {
      var rows = new ArrayList<Object>();
      shown.forEach(r -> rows.add(row(r)));
      new Json().with("recipes", rows).print();
    } else if (name != null) {
      System.out.print(shown.getFirst());
    } else {
      shown.forEach(r -> System.out.printf("%-10s %s%n", r.name(), r.summary()));
      System.out.println("\nunfold recipes NAME shows one with its settings and source");
    }
  }

  private static Object row(NamedRecipe r) {
    return new Json()
        .with("name", r.name())
        .with("source", r.source())
        .with("network", r.network())
        .with("epochs", r.recipe().epochs())
        .with("batch", r.recipe().batch())
        .with("optimizer", r.recipe().optimizer())
        .with("schedule", r.recipe().schedule())
        .with("augmentation", r.augmentation())
        .with("crops", r.tricks().crops())
        .with("members", r.members())
        .fields();
  }
}
