package unfold.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Offer;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.engine.TrainingSettings;
import unfold.graph.Graph;
import unfold.optimizer.Sgd;
import unfold.plan.Plan;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.testkit.Sample;
import unfold.testkit.Samples;
import unfold.zoo.Zoo;

/// Where the native library and the Vector API are, the reference computes nothing.
final class FastKernelTest {
  @Test
  void everyOpHasAKernelBesidesTheReference() {
    List<Backend> fast =
        Engine.open(Settings.defaults()).backends().stream()
            .filter(b -> !b.name().equals("reference"))
            .toList();
    var names = fast.stream().map(Backend::name).toList();
    Assumptions.assumeTrue(
        names.containsAll(List.of("vector", "onednn")), "a backend is missing on this machine");
    var slow = new ArrayList<String>();
    for (Sample sample : Samples.all()) {
      for (DType real : List.of(DType.F32, DType.BF16)) {
        if (sample.types().contains(real) && fast.stream().noneMatch(b -> takes(b, sample, real))) {
          slow.add(sample.name() + " in " + real);
        }
      }
    }
    assertThat(slow)
        .as("what only the reference computes: no step of a network at work")
        .containsExactlyInAnyOrder(
            "compare 3x37 () relation=equal of=i32 in f32", // integers
            "cast 3x37 from=f64 to=f32 in f32", // f64
            "argmax 2x37x5 axis=1 in f32", // along rows that lie apart
            "argmax 2x37x5 axis=1 in bf16",
            "slice 5x3 start=2,0 size=0,3 step=1,1 in f32", // nothing to copy
            "slice 5x3 start=2,0 size=0,3 step=1,1 in bf16");
  }

  /// Kernels want layouts of their own; each must be to be had from what lies there, states in f32
  /// among it.
  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"F32", "BF16"})
  void whatKernelsWantCanBeMade(Precision precision) {
    for (String name : List.of("resnet18", "alexnet")) {
      Engine engine = Engine.open(Settings.defaults().precision(precision));
      Graph graph =
          engine.trainingGraph(Zoo.find(name), TrainingSettings.of(new Sgd(0.01, 0.9), 0), 8);
      Plan plan = engine.plan(graph, new States(), List.of());
      assertThat(plan.declines())
          .as("%s in %s", name, precision)
          .noneMatch(d -> d.reason().contains("nobody can make"));
    }
  }

  private static boolean takes(Backend backend, Sample sample, DType real) {
    return backend.offer(Call.of(sample.op(real), sample.inputs(real))) instanceof Offer.Accepted;
  }
}
