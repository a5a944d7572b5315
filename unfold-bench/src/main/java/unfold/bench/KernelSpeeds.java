package unfold.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.backend.Backend;
import unfold.backend.BackendProvider;
import unfold.backend.PoolWorkers;
import unfold.backend.Workers;
import unfold.bench.ConvolutionLayer.Direction;
import unfold.error.InputException;
import unfold.error.Nearest;
import unfold.tensor.DType;

/// How fast the kernels of a network's convolutions are, each by itself: all that one backend
/// offers ([ConvolutionTimes]), or those of two by turns ([ConvolutionDuel]).
@Command(
    mixinStandardHelpOptions = true,
    description = {
      "Times the kernels for a network's convolutions, with operands that are in no cache: all that"
          + " a backend offers, or with two backends what each offers first, by turns of some"
          + " milliseconds in one process, which a machine whose speed wanders does not disturb."
    },
    footer = {
      "",
      "Examples:",
      "  ./bench kernels resnet50 --batch 16 --config bf16",
      "  ./bench kernels mobilenet_v2_pointwise --direction weights --backend onednn,vector"
    })
final class KernelSpeeds implements Callable<Integer> {
  @Parameters(
      index = "0",
      description =
          "lenet5, resnet20, alexnet, resnet18, resnet50, mobilenet_v2_pointwise or"
              + " mobilenet_v2_depthwise")
  String network = "";

  @Option(names = "--batch", description = "pictures (default: ${DEFAULT-VALUE})")
  int batch = 32;

  @Option(names = "--config", description = "f32 or bf16 (default: ${DEFAULT-VALUE})")
  String config = "f32";

  @Option(
      names = "--direction",
      description = "forward (y), data (dx) or weights (dw) (default: all three)")
  @Nullable String direction;

  @Option(
      names = "--backend",
      split = ",",
      description = "one or two, such as onednn,vector (default: onednn)")
  List<String> names = List.of("onednn");

  @Option(names = "--threads", description = "threads (default: all cores)")
  int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() {
    if (batch < 1 || threads < 1 || names.size() > 2) {
      throw new InputException(
          "--batch and --threads must be at least 1, and --backend one or two");
    }
    DType dtype = DType.parse(SideBySide.precision(config).toString());
    List<Direction> directions =
        direction == null ? List.of(Direction.values()) : List.of(Direction.parse(direction));
    List<ConvolutionLayer> layers = ConvolutionLayer.of(network);
    List<BackendProvider> providers = names.stream().map(KernelSpeeds::provider).toList();
    Workers workers =
        providers.getFirst().workers(threads).orElseGet(() -> new PoolWorkers(threads));
    var backends = new ArrayList<Backend>();
    providers.forEach(p -> backends.add(p.open(workers)));
    System.out.printf(
        "%s, %d threads, %s batch %d %s, %s%n",
        Machine.cpu(), threads, network, batch, config, String.join(" and ", names));
    if (backends.size() == 1) {
      new ConvolutionTimes(backends.getFirst(), workers).all(layers, directions, batch, dtype);
    } else {
      new ConvolutionDuel(workers, backends.getFirst(), backends.getLast())
          .all(layers, directions, batch, dtype);
    }
    return 0;
  }

  /// @throws InputException if there is none of that name, or it does not work here
  private static BackendProvider provider(String name) {
    List<BackendProvider> all =
        ServiceLoader.load(BackendProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    BackendProvider provider = Nearest.find("backend", name, all, BackendProvider::name);
    provider
        .unavailable()
        .ifPresent(why -> {
          throw new InputException(why);
        });
    return provider;
  }
}
