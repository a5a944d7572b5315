package unfold.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import unfold.backend.Backend;
import unfold.graph.Graph;
import unfold.plan.FakeBackend;
import unfold.plan.Interpreter;
import unfold.plan.Plan;
import unfold.plan.PlanOptions;
import unfold.plan.Planner;
import unfold.plan.RandomGraph;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Planned programs compute what the graph says, whatever layouts the kernels want.
final class RandomProgramsTest {
  private static final int GRAPHS = 250;

  @Test
  void agreeWithTheInterpreterBitByBitOverSeveralRuns() {
    long first = System.nanoTime() & 0xFFFFFF;
    for (long seed = first; seed < first + GRAPHS; seed++) {
      var random = new Random(seed);
      Graph graph = RandomGraph.make(random);
      boolean plain = random.nextInt(4) == 0;
      Plan plan = plan(graph, seed, plain);
      String what = "seed " + seed + "\n" + graph + plan;
      requireNoOverlap(plan, what);
      assertThat(plan(graph, seed, plain).toString()).as("%s", what).isEqualTo(plan.toString());
      var states = new States();
      var expected = new HashMap<String, Tensor>();
      for (var s : graph.states()) {
        Tensor t = numbers(s.value().type(), random);
        states.set(s.name(), t);
        expected.put(s.name(), t);
      }
      var program = new Program(plan, states);
      for (int run = 0; run < 4; run++) {
        if (run == 2) {
          // a change from outside must reach the prologue too
          Tensor t = numbers(states.type("s3"), random);
          states.set("s3", t);
          expected.put("s3", t);
        }
        requireSameRun(graph, program, states, expected, random, what);
      }
    }
  }

  private static Plan plan(Graph graph, long seed, boolean plain) {
    List<Backend> backends =
        plain
            ? List.of(FakeBackend.plain())
            : List.of(FakeBackend.picky("a", seed), FakeBackend.picky("b", seed + 1));
    return new Planner(backends, PlanOptions.defaults()).plan(graph);
  }

  private static void requireSameRun(
      Graph graph,
      Program program,
      States states,
      Map<String, Tensor> expected,
      Random random,
      String what) {
    for (var f : graph.feeds()) {
      Tensor t = numbers(f.value().type(), random);
      program.feed(f.name(), t);
      expected.put(f.name(), t);
    }
    program.run();
    var results = Interpreter.run(graph, FakeBackend.plain(), expected);
    results.forEach((name, t) ->
        assertThat(program.result(name).toDoubles())
            .as("%s %s", name, what)
            .isEqualTo(t.toDoubles()));
    for (var s : graph.states()) {
      assertThat(states.get(s.name()).toDoubles())
          .as("%s %s", s.name(), what)
          .isEqualTo(Objects.requireNonNull(expected.get(s.name())).toDoubles());
    }
  }

  private static void requireNoOverlap(Plan plan, String what) {
    var buffers = plan.buffers();
    for (int i = 0; i < buffers.size(); i++) {
      for (int j = 0; j < i; j++) {
        var a = buffers.get(i);
        var b = buffers.get(j);
        boolean apartInTime = a.last() < b.first() || b.last() < a.first();
        boolean apartInSpace =
            a.offset() + a.bytes() <= b.offset() || b.offset() + b.bytes() <= a.offset();
        assertThat(apartInTime || apartInSpace).as("%s and %s: %s", a, b, what).isTrue();
      }
      assertThat(buffers.get(i).offset() % 64).isZero();
      assertThat(buffers.get(i).offset() + buffers.get(i).bytes())
          .isLessThanOrEqualTo(plan.memory().arenaBytes());
    }
  }

  private static Tensor numbers(TensorType type, Random random) {
    Tensor t = Tensor.zeros(type);
    for (long i = 0; i < t.size(); i++) {
      t.set(i, random.nextGaussian());
    }
    return t;
  }
}
