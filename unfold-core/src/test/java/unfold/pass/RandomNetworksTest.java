package unfold.pass;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import unfold.autodiff.Autodiff;
import unfold.backend.Backend.Traits;
import unfold.graph.Graph;
import unfold.tensor.DType;

/// Whatever a network looks like, passes keep what it computes. In double, so that a difference is
/// a mistake and not rounding.
class RandomNetworksTest {
  private static final int NETWORKS = Integer.getInteger("networks", 20);
  private static final double ROUNDING = 1e-8;

  @Test
  void inferenceKeepsResults() {
    forEach(
        DType.F64,
        network -> {
          Graph rewritten = Pass.applyAll(Passes.inference(new Traits(false)), network.graph());
          Golden.assertSame(network.graph(), rewritten, ROUNDING);
        });
  }

  @Test
  void trainingKeepsResultsGradientsAndUpdates() {
    forEach(
        DType.F64,
        network -> {
          Graph plain = Autodiff.differentiate(network.graph(), "loss", network.parameters());
          Golden.assertSame(plain, step(network, false), ROUNDING);
        });
  }

  /// That the types fit; how near the numbers are depends on the network.
  @Test
  void lowPrecisionFitsEveryNetwork() {
    forEach(DType.F32, network -> step(network, true));
  }

  private static Graph step(RandomNetwork.Made network, boolean bf16) {
    Graph forward = Pass.applyAll(Passes.beforeGradient(new Traits(bf16)), network.graph());
    Graph both = Autodiff.differentiate(forward, "loss", network.parameters());
    return Pass.applyAll(Passes.afterGradient(), both);
  }

  private static void forEach(DType real, Consumer<RandomNetwork.Made> check) {
    long first = System.nanoTime() & 0xFFFFFF;
    for (long seed = first; seed < first + NETWORKS; seed++) {
      var network = RandomNetwork.make(seed, real);
      try {
        check.accept(network);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("network " + seed + "\n" + network.graph(), e);
      }
    }
  }
}
