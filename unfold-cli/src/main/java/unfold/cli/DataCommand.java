package unfold.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.data.fetch.Downloads;
import unfold.data.fetch.RemoteSet;

/// `unfold data`
@Command(
    name = "data",
    mixinStandardHelpOptions = true,
    description = "Lists and fetches public data sets.",
    subcommands = {DataCommand.ListSets.class, DataCommand.Get.class},
    footer = {
      "",
      "Examples:",
      "  ./unfold data list",
      "  ./unfold data get mnist",
      "  ./unfold train lenet5 --data data/mnist",
    })
final class DataCommand implements Runnable {
  @CommandLine.Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the data sets that can be fetched, and the built-in one.")
  static final class ListSets implements Runnable {
    @Option(names = "--json", description = "one JSON object instead of a table")
    boolean json;

    @Override
    public void run() {
      var sets = new ArrayList<Object>();
      if (!json) {
        System.out.printf(
            "%-15s %10s  %s%n",
            "digits", "built in", "handwritten-looking digits, 60,000 + 10,000, 28x28 grey");
      }
      for (RemoteSet set : RemoteSet.known()) {
        if (json) {
          sets.add(
              new Json()
                  .with("name", set.name())
                  .with("bytes", set.bytes())
                  .with("about", set.about())
                  .fields());
        } else {
          System.out.printf(
              Locale.ROOT, "%-15s %7.1f MB  %s%n", set.name(), set.bytes() / 1e6, set.about());
        }
      }
      if (json) {
        new Json().with("sets", sets).print();
      }
    }
  }

  @Command(
      name = "get",
      mixinStandardHelpOptions = true,
      description = {
        "Fetches a data set. Checksums are verified; what is there is not fetched again, and a"
            + " download that was cut goes on.",
      })
  static final class Get implements Runnable {
    @Parameters(index = "0", paramLabel = "NAME", description = "a name that `data list` shows")
    String name = "";

    @Option(
        names = "--out",
        paramLabel = "FOLDER",
        description = "where to put it (default: data/NAME)")
    Path out = Path.of("data");

    @Override
    public void run() {
      RemoteSet set = RemoteSet.named(name);
      Path folder = out.equals(Path.of("data")) ? out.resolve(name) : out;
      Path at = new Downloads(new DownloadLine(System.err)).get(set, folder);
      System.out.println(name + " is in " + at);
    }
  }
}
