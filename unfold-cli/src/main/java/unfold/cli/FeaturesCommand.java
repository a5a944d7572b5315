package unfold.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.data.Dataset;
import unfold.data.Datasets;
import unfold.data.Splits;
import unfold.error.InputException;
import unfold.inspect.Features.Form;
import unfold.train.RunData;
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
      "  ./unfold features squeezenet1_0 --weights squeezenet1_0.safetensors --data insects --layer"
          + " features.12 --out insects.csv",
      "  ./unfold features runs/lenet5 seven.png --layer c3 --layer f6 --whole --out seven.csv",
    })
final class FeaturesCommand implements Runnable {
  @CommandLine.Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandLine.Model.CommandSpec spec;

  @Mixin RunOptions network = new RunOptions();

  @Parameters(index = "1..*", paramLabel = "PICTURE", description = "JPEG or PNG files")
  List<Path> pictures = List.of();

  @Option(
      names = "--data",
      paramLabel = "digits|FOLDER",
      description = "all pictures of a set instead, with their classes")
  @Nullable String data;

  @Option(
      names = "--split",
      paramLabel = "PART",
      description = "of --data: train, validation or test (default: ${DEFAULT-VALUE})")
  String split = "train";

  @Option(names = "--batch", description = "pictures computed at once (default: ${DEFAULT-VALUE})")
  int batch = 16;

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
    if (pictures.isEmpty() == (data == null)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "name either PICTURE files or a set with --data");
    }
    if (batch < 1) {
      throw new InputException("--batch must be at least 1, not " + batch);
    }
    if (out != null) {
      PictureFeatures.requireForm(out);
    }
    Form form = whole ? Form.WHOLE : Form.POOLED;
    var found =
        data == null
            ? PictureFeatures.of(network.trained(), pictures, layers, form)
            : PictureFeatures.of(network.trained(), part(data), layers, form, batch);
    if (out == null) {
      System.out.print(found.csv());
      return;
    }
    found.write(out);
    found.shapes().forEach((layer, shape) -> System.out.println(out + ": " + layer + " " + shape));
  }

  private Dataset part(String source) {
    Splits set = Datasets.named(source);
    return new RunData(set.train(), set.heldOut(), set.test(), List.of()).part(split);
  }
}
