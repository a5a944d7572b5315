package unfold.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.autodiff.Autodiff;
import unfold.backend.Backend.Traits;
import unfold.config.Knobs;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.graph.Graph;
import unfold.model.Model;
import unfold.pass.Pass;
import unfold.pass.Passes;
import unfold.run.Program;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.trace.Declaration;
import unfold.trace.Mode;
import unfold.trace.Traced;
import unfold.trace.Tracer;
import unfold.trace.Var;
import unfold.zoo.Zoo;

/// Networks of the zoo on this machine's backends against the same written with torch.nn: logits,
/// names, and the gradient of every parameter. papers.py beside papers.txt made the numbers and
/// says what they are.
final class PapersTest {
  private static final int BATCH = 3;

  static List<String> lines() throws IOException {
    try (var in = Objects.requireNonNull(PapersTest.class.getResourceAsStream("papers.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(l -> !l.startsWith("#"))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void givesTheSameLogitsAndGradients(String line) {
    String[] column = line.split("; ");
    Model model = Zoo.find(column[0], options(column[1]));
    var engine = Engine.open(Settings.defaults().precision(Precision.F32).tuning(Knobs.Tuning.OFF));
    assertLogits(engine, model, column);
    if (!column[3].equals("-")) {
      assertGradients(engine, model, column);
    }
  }

  private static void assertLogits(Engine engine, Model model, String[] column) {
    Traced traced = trace(model, Mode.EVAL);
    assertThat(sorted(traced))
        .extracting(Declaration::name)
        .containsExactly(
            Arrays.stream(column[6].split(" ")).map(w -> w.split("=")[0]).toArray(String[]::new));
    Graph graph = Pass.applyAll(Passes.inference(new Traits(false)), traced.graph());
    double[] logits = run(engine, column, traced, graph).result("y").toDoubles();
    double[] expected =
        Arrays.stream(column[5].split(" ")).mapToDouble(Double::parseDouble).toArray();
    // f32 against double, relative to all logits together.
    assertThat(logits).containsExactly(expected, within(1e-4 * Double.parseDouble(column[4])));
  }

  private static void assertGradients(Engine engine, Model model, String[] column) {
    Traced traced = trace(model, Mode.TRAIN);
    List<String> names = traced.trainable().stream().map(Declaration::name).toList();
    Graph forward = Pass.applyAll(Passes.beforeGradient(new Traits(false)), traced.graph());
    Graph both = Autodiff.differentiate(forward, "loss", names);
    Program program = run(engine, column, traced, Pass.applyAll(Passes.afterGradient(), both));
    int checked = 0;
    for (String state : column[6].split(" ")) {
      String[] words = state.split("[=/]");
      if (words.length == 3) {
        Tensor g = program.result("d:" + words[0]);
        double norm = Double.parseDouble(words[2]);
        double room = Double.parseDouble(column[3]) * norm + 1e-4;
        assertThat(List.of(cosine(g), norm(g)))
            .as("gradient of %s %s: checksum and norm", model.name(), words[0])
            .usingElementComparator((a, b) -> Math.abs(a - b) < room ? 0 : 1)
            .containsExactly(Double.parseDouble(words[1]), norm);
        checked++;
      }
    }
    assertThat(checked).isEqualTo(names.size());
  }

  /// Feeds `x` and `cosine`, results `y` and `loss` = Σ y·cosine.
  private static Traced trace(Model model, Mode mode) {
    var tracer = new Tracer(model.name(), mode);
    Var x = tracer.feed("x", new TensorType(DType.F32, pictures(model)));
    Var y = tracer.root().run(model.layer(), x);
    tracer.result("y", y);
    tracer.result("loss", y.multiply(tracer.feed("cosine", y.type())).sum());
    return tracer.build();
  }

  private static Shape pictures(Model model) {
    Shape s = model.input();
    return Shape.of(BATCH, s.dim(0), s.dim(1), s.dim(2));
  }

  private static List<Declaration> sorted(Traced traced) {
    return traced.states().stream().sorted(Comparator.comparing(Declaration::name)).toList();
  }

  private static Program run(Engine engine, String[] column, Traced traced, Graph graph) {
    var states = new States();
    int salt = 2;
    for (Declaration d : sorted(traced)) {
      states.set(d.name(), start(d, salt++));
    }
    var program = new Program(engine.plan(graph, states, List.of()), states);
    program.feed("x", uniform(program.type("x").shape(), Integer.parseInt(column[2]), 1, 0));
    if (graph.feeds().stream().anyMatch(f -> f.name().equals("cosine"))) {
      Tensor cosine = Tensor.zeros(program.type("cosine"));
      for (int i = 0; i < cosine.size(); i++) {
        cosine.set(i, Math.cos(i));
      }
      program.feed("cosine", cosine);
    }
    program.run();
    return program;
  }

  private static Tensor start(Declaration d, int salt) {
    Shape s = d.type().shape();
    if (s.rank() > 1) {
      return uniform(s, salt, Math.sqrt(6.0 * s.dim(0) / s.size()), 0);
    }
    boolean positive = d.name().endsWith("weight") || d.name().endsWith("running_var");
    return positive ? uniform(s, salt, 0.5, 1) : uniform(s, salt, 0.2, 0);
  }

  private static Tensor uniform(Shape shape, int salt, double scale, double shift) {
    Tensor t = Tensor.zeros(new TensorType(DType.F32, shape));
    for (long i = 0; i < t.size(); i++) {
      long h = (i * 2654435761L + salt * 40503L + 12345) & 0xFFFFFFFFL;
      h = ((h ^ (h >>> 15)) * 2246822519L) & 0xFFFFFFFFL;
      h = h ^ (h >>> 13);
      t.set(i, scale * (h / 0x1p31 - 1) + shift);
    }
    return t;
  }

  private static double cosine(Tensor t) {
    double sum = 0;
    for (int i = 0; i < t.size(); i++) {
      sum += t.get(i) * Math.cos(i);
    }
    return sum;
  }

  private static double norm(Tensor t) {
    double sum = 0;
    for (int i = 0; i < t.size(); i++) {
      sum += t.get(i) * t.get(i);
    }
    return Math.sqrt(sum);
  }

  private static Map<String, String> options(String text) {
    return text.equals("-")
        ? Map.of()
        : Arrays.stream(text.split(" "))
            .map(w -> w.split("="))
            .collect(Collectors.toMap(w -> w[0], w -> w[1]));
  }
}
