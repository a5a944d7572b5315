package unfold.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.inspect.Features.Form;
import unfold.transfer.PictureFeatures;

/// `unfold features`
@Command(
    name = "features",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "What layers of a trained network give for pictures, as numbers: several layers in one pass.",
    },
    footer = {
      "",
      "Without --out the features go to standard output as CSV.",
      "",
      "Examples:",
      "  ./unfold features squeezenet1_0 --weights squeezenet1_0.safetensors ant.jpg bee.jpg --layer"
          + " features.12 --out insects.safetensors",
      "  ./unfold features runs/lenet5 seven.png --layer c3 --layer f6 --whole --out seven.csv",
    })
final class FeaturesCommand implements Runnable {
  @Mixin RunOptions network = new RunOptions();

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "PICTURE",
      description = "JPEG or PNG files")
  List<Path> pictures = List.of();

  @Option(
      names = "--layer",
      required = true,
      description = "path of a layer, as `unfold summary` lists them; may be given again")
  List<String> layers = new ArrayList<>();

  @Option(
      names = "--whole",
      description = "all numbers of a layer, not the mean over the places of each channel")
  boolean whole;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "a file to write: .safetensors (a tensor for each layer) or .csv")
  @Nullable Path out;

  @Override
  public void run() {
    var found =
        PictureFeatures.of(network.trained(), pictures, layers, whole ? Form.WHOLE : Form.POOLED);
    if (out == null) {
      System.out.print(found.csv());
      return;
    }
    found.write(out);
    found.shapes().forEach((layer, shape) -> System.out.println(out + ": " + layer + " " + shape));
  }
}
