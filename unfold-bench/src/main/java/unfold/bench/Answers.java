package unfold.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Inference;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.model.Model;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.zoo.Zoo;

/// How long a picture waits for its answer when one comes now and then, as in a server: between two
/// of them threads fall asleep and processors slow down.
@Command(
    mixinStandardHelpOptions = true,
    description = "Measures how long single answers take that are asked for now and then.",
    footer = {"", "Example:", "  ./bench answers mobilenet_v2 --every 20"})
final class Answers implements Callable<Integer> {
  @Parameters(index = "0", description = "a model of the zoo")
  String model = "";

  @Option(
      names = "--every",
      paramLabel = "MILLISECONDS",
      description = "the pause before each question (default: ${DEFAULT-VALUE})")
  int pause = 20;

  @Option(names = "--answers", description = "how many are timed (default: ${DEFAULT-VALUE})")
  int count = 300;

  @Option(
      names = "--warm",
      paramLabel = "SECONDS",
      description = "without pauses before that (default: ${DEFAULT-VALUE})")
  double warmSeconds = 6;

  @Option(names = "--config", description = "f32 or bf16 (default: ${DEFAULT-VALUE})")
  String config = "f32";

  @Option(names = "--threads", description = "threads (default: all cores)")
  int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() throws InterruptedException {
    if (pause < 0 || count < 1 || threads < 1 || !(warmSeconds >= 0)) {
      throw new InputException(
          "--answers and --threads must be at least 1, --every and --warm at least 0");
    }
    Precision precision = SideBySide.precision(config);
    Engine engine = Engine.open(Settings.defaults().precision(precision).threads(threads));
    Model net = Zoo.find(model);
    Inference inference = engine.inference(net, 1, new States());
    var options = net.options();
    Tensor picture =
        Tensor.zeros(DType.U8, 1, options.height(), options.width(), options.channels());
    long start = System.nanoTime();
    do {
      inference.run(picture);
    } while ((System.nanoTime() - start) / 1e9 < warmSeconds);
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      Thread.sleep(pause);
      long asked = System.nanoTime();
      inference.run(picture);
      nanos[i] = System.nanoTime() - asked;
    }
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "{\"framework\":\"unfold\",\"mode\":\"answers\",\"model\":\"%s\",\"config\":\"%s\","
            + "\"threads\":%d,\"every_ms\":%d,\"answers\":%d,\"median_ms\":%.3f,\"p90_ms\":%.3f,"
            + "\"p99_ms\":%.3f,\"cpu\":\"%s\"}%n",
        model,
        engine.precision(),
        threads,
        pause,
        count,
        nanos[count / 2] / 1e6,
        nanos[count * 9 / 10] / 1e6,
        nanos[count * 99 / 100] / 1e6,
        Machine.cpu());
    return 0;
  }
}
