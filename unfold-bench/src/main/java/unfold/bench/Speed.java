package unfold.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.error.InputException;

/// The side-by-side benchmark of pictures: `./bench train lenet5 --batch 128 --against PYTHON`.
/// Training is compared with PyTorch, inference with PyTorch and ONNX Runtime.
@Command(
    mixinStandardHelpOptions = true,
    description = "Measures how fast a model is trained or answers, alone or beside its peers.",
    footer = {
      "",
      "Examples:",
      "  ./bench train lenet5 --batch 128",
      "  ./bench train resnet20_cifar --batch 128 --against python3 --peer torch_bench.py",
      "  ./bench infer mobilenet_v2 --batch 1 --against python3 --peer torch_bench.py,ort_bench.py",
    })
final class Speed implements Callable<Integer> {
  private static final Path FOLDER = Path.of("..", "shared", "peers");

  private final Workload.Mode mode;

  @Parameters(index = "0", description = "a model of the zoo")
  String model = "";

  @Option(names = "--batch", description = "items a step (default: ${DEFAULT-VALUE})")
  int batch = 32;

  @Mixin SideBySide side = new SideBySide();

  Speed(Workload.Mode mode) {
    this.mode = mode;
  }

  @Override
  public Integer call() {
    if (batch < 1) {
      throw new InputException("--batch must be at least 1");
    }
    side.measure(
        List.of(mode.toString(), model, "--batch", "" + batch),
        precision ->
            new Workload(mode, model, batch, precision, side.threads, side.pace()).measure(),
        switch (mode) {
          case TRAIN -> List.of(FOLDER.resolve("torch_bench.py"));
          case INFER -> List.of(FOLDER.resolve("torch_bench.py"), FOLDER.resolve("ort_bench.py"));
        });
    return 0;
  }
}
