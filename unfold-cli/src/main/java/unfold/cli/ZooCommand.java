package unfold.cli;

import java.util.ArrayList;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import unfold.model.ModelSummary;
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
    var rows = new ArrayList<Object>();
    if (!json) {
      System.out.printf(
          "%-18s %12s %9s  %-9s %s%n", "model", "parameters", "GFLOP", "input", "source");
    }
    for (Variant v : Zoo.list()) {
      var summary = ModelSummary.of(v.model());
      if (json) {
        rows.add(
            new Json()
                .with("model", v.name())
                .with("parameters", summary.parameters())
                .with("flops", summary.operations())
                .with("input", summary.input().toList())
                .with("source", v.source())
                .fields());
      } else {
        System.out.printf(
            Locale.ROOT,
            "%-18s %,12d %9.4f  %-9s %s%n",
            v.name(),
            summary.parameters(),
            summary.operations() / 1e9,
            summary.input(),
            v.source());
      }
    }
    if (json) {
      new Json().with("models", rows).print();
    }
  }
}
