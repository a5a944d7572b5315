package unfold.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.HashMap;
import java.util.Map;
import unfold.backend.reference.Reference;
import unfold.graph.Graph;
import unfold.graph.GraphParser;
import unfold.random.Stream;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// A small graph, what a pass makes of it, and that both compute the same.
final class Golden {
  private static final long SEED = 20260117;

  private Golden() {}

  /// Inputs, nodes and results of a graph named g.
  static Graph graph(String body) {
    return GraphParser.parse("graph g {\n" + body + "}\n");
  }

  /// Wants the pass to make `after` of `before`, and the same numbers from both.
  ///
  /// @param tolerance as a share of the largest number of a result
  static void check(Pass pass, double tolerance, String before, String after) {
    Graph graph = graph(before);
    Graph rewritten = pass.apply(graph);
    assertThat(rewritten).hasToString(graph(after).toString());
    assertSame(graph, rewritten, tolerance);
  }

  static void unchanged(Pass pass, String before) {
    Graph graph = graph(before);
    assertThat(pass.apply(graph)).hasToString(graph.toString());
  }

  /// Both graphs give the same numbers for random inputs, within a share of the largest one of each
  /// result.
  static void assertSame(Graph before, Graph after, double tolerance) {
    var inputs = inputs(before);
    var wanted = Reference.evaluate(before, inputs);
    var got = Reference.evaluate(after, inputs);
    wanted.results().forEach((name, t) -> assertClose(name, got.result(name), t, tolerance));
    wanted.updates().forEach((name, t) -> assertClose(name, got.update(name), t, tolerance));
  }

  private static void assertClose(String name, Tensor got, Tensor wanted, double tolerance) {
    double largest = 0;
    for (long i = 0; i < wanted.size(); i++) {
      largest = Math.max(largest, Math.abs(wanted.get(i)));
    }
    for (long i = 0; i < wanted.size(); i++) {
      assertThat(got.get(i))
          .as("%s[%d], seed %d", name, i, SEED)
          .isCloseTo(wanted.get(i), offset(tolerance * Math.max(largest, 0.01)));
    }
  }

  /// Normal numbers; variances are positive, bytes any, integers below 3.
  private static Map<String, Tensor> inputs(Graph graph) {
    var inputs = new HashMap<String, Tensor>();
    for (var input : graph.inputs()) {
      Tensor t = Tensor.zeros(input.value().type());
      var random = Stream.of(SEED, input.name(), 0);
      for (long i = 0; i < t.size(); i++) {
        t.set(i, number(random, t.dtype(), input.name().contains("var")));
      }
      inputs.put(input.name(), t);
    }
    return inputs;
  }

  private static double number(Stream random, DType dtype, boolean positive) {
    return switch (dtype) {
      case F64, F32, BF16 -> positive ? random.uniform(0.5, 2) : random.nextGaussian();
      case I32 -> random.nextInt(3);
      case U8 -> random.nextInt(256);
    };
  }
}
