package unfold.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.config.Precision;
import unfold.train.text.Writer;

/// The character model that a command is about, and the precision that it computes in.
final class TextNetwork {
  @Parameters(
      index = "0",
      paramLabel = "RUN|charlm",
      description = "folder of a training run, or charlm with --weights")
  String name = "";

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "with charlm: parameters named as in PyTorch; cell and sizes follow from them")
  @Nullable Path weights;

  @Mixin TextOptions options = new TextOptions();

  @Option(
      names = "--precision",
      description = "f32, bf16 or auto (default: the run's; f32 with --weights)")
  @Nullable Precision precision;

  Writer writer() {
    return options.writer(name, weights, precision);
  }
}
