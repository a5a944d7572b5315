package unfold.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.data.fetch.Downloads;
import unfold.data.fetch.RemoteFile;
import unfold.data.fetch.RemoteSet;
import unfold.zoo.Published;

/// `unfold zoo get`
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = {
      "Fetches published weights. The digest in the file's name is verified; what is there is not"
          + " fetched again, and a download that was cut goes on.",
    },
    footer = {"", "Example:", "  ./unfold zoo get resnet18"})
final class ZooGetCommand implements Runnable {
  @Parameters(index = "0", paramLabel = "MODEL", description = "a name that `unfold zoo` lists")
  String model = "";

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "where to put the file (default: ${DEFAULT-VALUE})")
  Path out = Path.of("data", "weights");

  @Override
  public void run() {
    Published weights = Published.of(model);
    var set =
        new RemoteSet(
            model,
            "weights of " + model,
            List.of(weights.address().resolve(".")),
            List.of(new RemoteFile(weights.file(), 0, weights.sha256())),
            List.of());
    Path file = new Downloads(new DownloadLine(System.err)).get(set, out).resolve(weights.file());
    System.out.println(file);
    System.out.println("  tells apart: " + weights.classes());
    System.out.println(
        "  on ImageNet's validation pictures: top-1 "
            + weights.top1()
            + " %, top-5 "
            + weights.top5()
            + " %");
    System.out.println("  licence: " + weights.licence());
    System.out.println(
        "  use: ./unfold predict "
            + model
            + " --weights "
            + file
            + " --preprocess "
            + weights.preprocessing()
            + " PICTURE");
  }
}
