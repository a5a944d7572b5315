package unfold.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.data.image.Picture;
import unfold.data.image.PictureFile;
import unfold.inspect.ActivationSheet;
import unfold.inspect.Features;
import unfold.inspect.FilterSheet;
import unfold.inspect.GradCam;
import unfold.inspect.HeatSheet;
import unfold.inspect.Sheet;
import unfold.tensor.Tensor;
import unfold.train.Trained;
import unfold.train.WholeFile;

/// `unfold show`: pictures of what is inside a network.
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Draws what is inside a network, as a PNG or a page for a browser.",
    synopsisSubcommandLabel = "WHAT",
    subcommands = {
      ShowCommand.FiltersCommand.class,
      ShowCommand.ActivationsCommand.class,
      ShowCommand.GradCamCommand.class,
      ShowRunCommands.ConfusionCommand.class,
      ShowRunCommands.MistakesCommand.class,
      ShowVideoCommand.class,
      ShowTextCommands.CellCommand.class,
      ShowTextCommands.GatesCommand.class,
      ShowTextCommands.NextCommand.class,
    },
    footer = {
      "",
      "Examples:",
      "  ./unfold show filters squeezenet1_0 --weights squeezenet1_0.safetensors",
      "  ./unfold show gradcam runs/resnet18 ant.jpg --class ants",
      "  ./unfold show confusion runs/lenet5",
      "  ./unfold show cell runs/charlm --find brackets --out brackets.html",
    })
final class ShowCommand implements Runnable {
  @CommandLine.Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  /// Where a sheet goes.
  static final class Out {
    @Option(
        names = "--out",
        paramLabel = "PNG",
        description = "the file to write (default: named after the model and what is shown)")
    @Nullable Path file;

    void write(Sheet sheet, String model, String what) {
      write(sheet, model, what, false);
    }

    /// @param silent says nothing on standard output
    void write(Sheet sheet, String model, String what, boolean silent) {
      Path to = file != null ? file : Path.of(Path.of(model).getFileName() + "-" + what + ".png");
      WholeFile.write(to, sheet.png());
      if (!silent) {
        System.out.println(to + ": " + sheet.width() + "×" + sheet.height() + " pixels");
      }
    }
  }

  /// `unfold show filters`
  @Command(
      name = "filters",
      mixinStandardHelpOptions = true,
      description = "The filters of the first convolution, or of another.",
      footer = {
        "",
        "Example:",
        "  ./unfold show filters squeezenet1_0 --weights squeezenet1_0.safetensors --out filters.png",
      })
  static final class FiltersCommand implements Runnable {
    @Mixin RunOptions network = new RunOptions();

    @Option(names = "--layer", description = "another convolution, such as layer1.0.conv1")
    @Nullable String layer;

    @Mixin Out out = new Out();

    @Override
    public void run() {
      Trained t = network.trained();
      Sheet sheet =
          layer == null
              ? FilterSheet.first(t.model(), t.states())
              : FilterSheet.of(t.model(), t.states(), layer);
      out.write(sheet, network.name, "filters");
    }
  }

  /// `unfold show activations`
  @Command(
      name = "activations",
      mixinStandardHelpOptions = true,
      description = "What layers give for a picture, channel by channel.",
      footer = {
        "",
        "Example:",
        "  ./unfold show activations runs/lenet5 seven.png --layer c1 --layer c3",
      })
  static final class ActivationsCommand implements Runnable {
    @Mixin RunOptions network = new RunOptions();

    @Parameters(index = "1", paramLabel = "PICTURE", description = "a JPEG or PNG file")
    Path picture = Path.of(".");

    @Option(
        names = "--layer",
        description =
            "path of a layer, as `unfold summary` lists them; may be given again"
                + " (default: three, from the first to the deepest with places)")
    List<String> layers = new ArrayList<>();

    @Mixin Out out = new Out();

    @Override
    public void run() {
      Trained t = network.trained();
      Picture seen = t.prepared(PictureFile.read(picture));
      List<String> wanted = layers.isEmpty() ? ActivationSheet.usualLayers(t.model()) : layers;
      var features = Features.of(t.engine(), t.model(), t.states(), wanted, Features.Form.WHOLE, 1);
      features.run(Trained.batch(seen));
      var values = new LinkedHashMap<String, Tensor>();
      features.layers().forEach(layer -> values.put(layer, features.value(layer)));
      String title = t.model().name() + "  ·  " + picture.getFileName();
      out.write(ActivationSheet.of(title, seen, values), network.name, "activations");
    }
  }

  /// `unfold show gradcam`
  @Command(
      name = "gradcam",
      mixinStandardHelpOptions = true,
      description = "Where in a picture the answer for a class comes from (Grad-CAM).",
      footer = {
        "",
        "Example:",
        "  ./unfold show gradcam runs/resnet18 ant.jpg --class ants --out ant-heat.png",
      })
  static final class GradCamCommand implements Runnable {
    @Mixin RunOptions network = new RunOptions();

    @Parameters(index = "1", paramLabel = "PICTURE", description = "a JPEG or PNG file")
    Path picture = Path.of(".");

    @Option(
        names = "--class",
        paramLabel = "NAME|NUMBER",
        description = "the class asked about (default: what the network takes the picture for)")
    @Nullable String target;

    @Option(
        names = "--layer",
        description = "a layer with places (default: the deepest below the answer)")
    @Nullable String layer;

    @Mixin Out out = new Out();

    @Override
    public void run() {
      Trained t = network.trained();
      Picture seen = t.prepared(PictureFile.read(picture));
      var engine = t.engine();
      String from = layer != null ? layer : GradCam.usualLayer(t.model());
      var cam = GradCam.of(engine, t.model(), t.states(), from);
      GradCam.Heat heat =
          target != null
              ? cam.run(Trained.batch(seen), t.target(target))
              : cam.likeliest(Trained.batch(seen));
      String title = t.model().name() + "  ·  " + picture.getFileName();
      String name = t.classes().get(heat.target());
      out.write(HeatSheet.of(title, name, seen, heat), network.name, "gradcam");
    }
  }
}
