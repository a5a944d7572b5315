package unfold.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.experiment.CellKind;
import unfold.experiment.GradientFlow;
import unfold.experiment.GradientFlowPlot;

/// `unfold gradients`
@Command(
    name = "gradients",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows how gradients travel back through time in recurrent cells: the norm of dL/ds_t over t"
          + " and the largest singular value of each step, for recurrent weights that start"
          + " orthogonal times a scale. s is all that a cell carries on: h, and c in an LSTM.",
    },
    footer = {
      "",
      "Examples:",
      "  ./unfold gradients --out flow.png",
      "  ./unfold gradients --cell rnn --steps 200 --scales 0.9,1,1.1 --clip 5",
    })
final class GradientsCommand implements Runnable {
  @Mixin CellOptions compared = new CellOptions();

  @Option(names = "--steps", description = "steps of time (default: ${DEFAULT-VALUE})")
  int steps = 100;

  @Option(names = "--rows", description = "sequences (default: ${DEFAULT-VALUE})")
  int rows = 16;

  @Option(
      names = "--scales",
      split = ",",
      description = "of the recurrent weights at the start (default: ${DEFAULT-VALUE})",
      defaultValue = "0.8,1,1.5")
  List<Double> scales = List.of();

  @Option(
      names = "--inputs",
      paramLabel = "DEVIATION",
      description = "standard deviation of the random inputs (default: ${DEFAULT-VALUE})")
  double inputs = 0.1;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "norm to which clipping would limit the gradient (default: ${DEFAULT-VALUE})")
  double clip = 5;

  @Option(
      names = "--out",
      paramLabel = "PNG",
      description = "draws the cells side by side into a file")
  @Nullable Path out;

  @Option(names = "--json", description = "one JSON object on standard output, nothing else")
  boolean json;

  @Override
  public void run() {
    if (!(clip > 0)) {
      throw new InputException("--clip " + clip + " must be more than 0");
    }
    var engine = Engine.open(Settings.defaults().precision(Precision.F32));
    var all = new ArrayList<GradientFlow.Measured>();
    for (CellKind kind : compared.kinds()) {
      for (double scale : scales) {
        var flow =
            new GradientFlow(kind, steps, compared.hidden, rows, scale, inputs, compared.seed);
        all.add(flow.measure(engine));
      }
    }
    if (out != null) {
      GradientFlowPlot.of(all).write(out);
    }
    if (json) {
      print(all);
      return;
    }
    System.out.printf(
        Locale.ROOT,
        "%-5s %6s %12s %12s %22s %12s %8s%n",
        "cell",
        "scale",
        "|dL/ds_1|",
        "|dL/ds_T|",
        "singular value, middle",
        "|dL/dW|",
        "clipped");
    for (var m : all) {
      System.out.printf(
          Locale.ROOT,
          "%-5s %6s %12.3g %12.3g %22.3f %12.3g %8s  %s%n",
          m.of().kind(),
          m.of().recurrentScale(),
          m.norms().getFirst(),
          m.norms().getLast(),
          m.singularValues().get(steps / 2),
          m.parameterNorm(),
          m.clipFactor(clip) == 1 ? "no" : String.format(Locale.ROOT, "×%.2g", m.clipFactor(clip)),
          verdict(m));
    }
    if (out != null) {
      System.out.println("drawn in " + out);
    } else {
      all.stream()
          .map(m -> m.of().kind())
          .distinct()
          .forEach(kind -> System.out.print("\n" + GradientFlowPlot.norms(kind, all).text()));
    }
  }

  private static String verdict(GradientFlow.Measured m) {
    double perStep = Math.pow(m.growth(), 1.0 / (m.norms().size() - 1));
    String what = m.growth() > 10 ? "explodes" : m.growth() < 0.1 ? "vanishes" : "stays";
    return String.format(Locale.ROOT, "%s, ×%.3f a step", what, perStep);
  }

  private void print(List<GradientFlow.Measured> all) {
    var list = new ArrayList<Object>();
    for (var m : all) {
      var one = new LinkedHashMap<String, Object>();
      one.put("cell", m.of().kind().toString());
      one.put("scale", m.of().recurrentScale());
      one.put("norms", m.norms());
      one.put("hidden_norms", m.hiddenNorms());
      one.put("singular_values", m.singularValues());
      one.put("parameter_norm", m.parameterNorm());
      one.put("clip_factor", m.clipFactor(clip));
      list.add(one);
    }
    new Json().with("steps", steps).with("hidden", compared.hidden).with("flows", list).print();
  }
}
