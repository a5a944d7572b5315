package unfold.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.experiment.AddingProblem;
import unfold.experiment.CellKind;
import unfold.train.Chart;

/// `unfold experiment adding`
@Command(
    name = "adding",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "The adding problem: of T numbers two are marked, and their sum is to be told at the end. Who"
          + " cannot remember stays at a squared error of 0.167.",
    },
    footer = {
      "",
      "Example:",
      "  ./unfold experiment adding --cell rnn,gru --out adding.png",
    })
final class AddingCommand implements Runnable {
  private static final String SYMBOLS = "*o+";

  @Mixin CellOptions compared = new CellOptions();

  @Option(names = "--steps", description = "numbers in a sequence (default: ${DEFAULT-VALUE})")
  int steps = 200;

  @Option(names = "--batch", description = "sequences an update (default: ${DEFAULT-VALUE})")
  int batch = 32;

  @Option(names = "--updates", description = "steps of learning (default: ${DEFAULT-VALUE})")
  int updates = 3000;

  @Option(
      names = "--every",
      paramLabel = "N",
      description = "updates between two measurements (default: ${DEFAULT-VALUE})")
  int every = 60;

  @Option(names = "--lr", description = "learning rate of Adam (default: ${DEFAULT-VALUE})")
  double rate = 2e-3;

  @Option(
      names = "--clip",
      description = "largest norm of the gradient (default: ${DEFAULT-VALUE})")
  double clip = 1;

  @Option(names = "--out", paramLabel = "PNG", description = "draws the errors into a file")
  @Nullable Path out;

  @Option(names = "--json", description = "one JSON object on standard output, nothing else")
  boolean json;

  @Override
  public void run() {
    if (updates < 1 || every < 1 || !(rate > 0) || !(clip >= 0)) {
      throw new InputException(
          "adding: --updates, --every and --lr must be more than 0, --clip at least 0, not "
              + updates
              + ", "
              + every
              + ", "
              + rate
              + ", "
              + clip);
    }
    var engine = Engine.open(Settings.defaults().precision(Precision.F32));
    var lines = new ArrayList<Chart.Line>();
    var results = new LinkedHashMap<String, Object>();
    for (CellKind kind : compared.kinds()) {
      var problem =
          new AddingProblem(kind, steps, compared.hidden, batch, rate, clip, compared.seed);
      List<AddingProblem.Point> points =
          problem.run(engine, updates, every, 0.001, p -> tell(kind, p));
      lines.add(
          new Chart.Line(
              kind.toString(),
              SYMBOLS.charAt(kind.ordinal()),
              false,
              points.stream().map(p -> (double) p.updates()).toList(),
              points.stream().map(AddingProblem.Point::error).toList()));
      results.put(kind.toString(), points);
    }
    var title = "adding problem over " + steps + " steps";
    var chart = new Chart(title, "updates", "squared error", Optional.empty(), false, lines);
    if (out != null) {
      chart.write(out);
    }
    if (json) {
      new Json()
          .with("steps", steps)
          .with("baseline", AddingProblem.BASELINE)
          .with("cells", results)
          .print();
    } else {
      System.out.print(chart.text());
    }
  }

  private static void tell(CellKind kind, AddingProblem.Point p) {
    System.err.printf(
        Locale.ROOT, "%-4s update %,6d  squared error %.5f%n", kind, p.updates(), p.error());
  }
}
