package unfold.cli;

import java.util.ArrayList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.model.ModelSummary;

/// `unfold summary`
@Command(
    name = "summary",
    mixinStandardHelpOptions = true,
    description = {
      "Shows a network layer by layer: output volume with its formula, parameters, receptive field,"
          + " operations, bytes. Of a network for sequences, for one step of one of them.",
    },
    footer = {
      "",
      "Examples:",
      "  ./unfold summary lenet5",
      "  ./unfold summary runs/lenet5 --json",
      "  ./unfold summary charlm --option cell=gru --option rnn-size=512",
    })
final class SummaryCommand implements Runnable {
  @Mixin ModelOptions model = new ModelOptions();

  @Option(names = "--json", description = "one JSON object instead of a table")
  boolean json;

  @Override
  public void run() {
    ModelSummary summary =
        model.sequence().map(SequenceNet::summary).orElseGet(() -> ModelSummary.of(model.model()));
    if (!json) {
      System.out.print(summary);
      return;
    }
    var layers = new ArrayList<Object>();
    for (var row : summary.rows()) {
      layers.add(
          new Json()
              .with("layer", row.path())
              .with("what", row.what())
              .with("output", row.output().toList())
              .with("height", row.height())
              .with("width", row.width())
              .with("parameters", row.weights())
              .with("formula", row.formula())
              .with("receptive_field", row.field().toString())
              .with("flops", row.operations())
              .with("bytes", row.bytes())
              .fields());
    }
    new Json()
        .with("model", summary.name())
        .with("input", summary.input().toList())
        .with("parameters", summary.parameters())
        .with("flops", summary.operations())
        .with("bytes", summary.bytes())
        .with("layers", layers)
        .print();
  }
}
