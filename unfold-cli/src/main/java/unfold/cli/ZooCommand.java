package unfold.cli;

import java.util.ArrayList;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import unfold.model.ModelSize;
import unfold.model.Variant;
import unfold.zoo.Zoo;

/// `unfold zoo`
@Command(
    name = "zoo",
    mixinStandardHelpOptions = true,
    description = "Lists the networks with parameters, operations, input and source.",
    subcommands = ZooGetCommand.class,
    footer = {"", "Examples:", "  ./unfold zoo", "  ./unfold zoo get resnet18"})
final class ZooCommand implements Runnable {
  @Option(names = "--json", description = "one JSON object instead of a table")
  boolean json;

  @Override
  public void run() {
    var variants = Zoo.list();
    if (json) {
      var rows = new ArrayList<Object>();
      variants.forEach(v -> rows.add(fields(v, ModelSize.of(v.model()))));
      new Json().with("models", rows).print();
      return;
    }
    int width = variants.stream().mapToInt(v -> v.name().length()).max().orElse(0);
    String row = "%-" + width + "s %12s %9s  %-9s  %s%n";
    System.out.printf(row, "model", "parameters", "GFLOP", "input", "source");
    for (Variant v : variants) {
      ModelSize size = ModelSize.of(v.model());
      System.out.printf(
          Locale.ROOT,
          row,
          v.name(),
          String.format(Locale.ROOT, "%,d", size.parameters()),
          String.format(Locale.ROOT, "%.4f", size.operations() / 1e9),
          v.defaults().picture(),
          v.source());
    }
    System.out.println("GFLOP of one picture, answers only; a multiply-add is 2.");
  }

  private static Object fields(Variant v, ModelSize size) {
    return new Json()
        .with("model", v.name())
        .with("parameters", size.parameters())
        .with("flops", size.operations())
        .with("input", v.defaults().picture().toList())
        .with("source", v.source())
        .fields();
  }
}
