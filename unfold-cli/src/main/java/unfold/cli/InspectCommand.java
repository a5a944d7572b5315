package unfold.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.error.InputException;
import unfold.interop.StoredTensor;
import unfold.interop.TensorFile;
import unfold.interop.weights.Fit;
import unfold.interop.weights.Needs;
import unfold.interop.weights.WeightsFile;
import unfold.zoo.Zoo;

/// `unfold inspect`
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = {
      "Lists the tensors in a file of weights (safetensors, or what torch.save writes), or says how"
          + " they would fit a model. Nothing in the file is run, no number is loaded.",
    },
    footer = {
      "",
      "Examples:",
      "  ./unfold inspect resnet18-f37072fd.pth",
      "  ./unfold inspect checkpoint.pth --for resnet18 --option classes=10",
    })
final class InspectCommand implements Runnable {
  @Parameters(index = "0", paramLabel = "FILE", description = "a file of weights")
  Path file = Path.of("");

  @Option(
      names = "--for",
      paramLabel = "MODEL",
      description = "a dry run: which tensors a model would load, which it misses, and so on")
  @Nullable String model;

  @Option(
      names = "--option",
      paramLabel = "KEY=VALUE",
      description = "with --for, changes an option of the model, such as classes=100")
  Map<String, String> options = new LinkedHashMap<>();

  @Option(names = "--json", description = "one JSON object instead of text")
  boolean json;

  @Override
  public void run() {
    TensorFile whole = WeightsFile.read(file);
    if (model != null) {
      fit(Fit.of(whole, Needs.toLearn(Zoo.find(model, options))));
    } else if (json) {
      print(whole);
    } else {
      list(whole);
    }
  }

  private static void list(TensorFile whole) {
    System.out.printf(
        Locale.ROOT,
        "%s: %s, %,d tensors, %,d bytes of numbers; no code in it was run%n",
        whole.file(),
        whole.format(),
        whole.tensors().size(),
        whole.bytes());
    var rows = new StringBuilder();
    whole
        .tensors()
        .forEach((name, tensor) ->
            rows.append(
                String.format(
                    Locale.ROOT,
                    "  %-48s %-5s %-16s %,14d%n",
                    name,
                    tensor.type(),
                    tensor.shape(),
                    tensor.bytes())));
    System.out.print(rows);
    if (!whole.metadata().isEmpty()) {
      System.out.println("it also says:");
      whole.metadata().forEach((key, text) -> System.out.println("  " + key + " = " + text));
    }
  }

  private static void print(TensorFile whole) {
    var rows = new ArrayList<Object>();
    whole.tensors().forEach((name, tensor) -> rows.add(row(name, tensor)));
    new Json()
        .with("file", whole.file())
        .with("format", whole.format())
        .with("bytes", whole.bytes())
        .with("ranCode", false)
        .with("tensors", rows)
        .with("metadata", whole.metadata())
        .print();
  }

  private static Object row(String name, StoredTensor tensor) {
    return new Json()
        .with("name", name)
        .with("dtype", tensor.type().toString())
        .with("shape", tensor.shape().toList())
        .with("bytes", tensor.bytes())
        .fields();
  }

  /// @throws InputException if no tensor of the file fits, after the report
  private void fit(Fit fit) {
    if (json) {
      print(fit);
    } else {
      System.out.print(fit.report());
    }
    if (fit.loaded().isEmpty()) {
      throw new InputException(fit.file() + ": nothing in it fits " + fit.needs().network());
    }
  }

  private static void print(Fit fit) {
    new Json()
        .with("file", fit.file())
        .with("model", fit.needs().network())
        .with("prefix", fit.prefix())
        .with("fits", fit.whole())
        .with("loaded", fit.loaded().keySet())
        .with("missing", fit.missing())
        .with("shapeDiffers", fit.different().stream().map(Fit.Difference::name).toList())
        .with("unexpected", fit.unexpected())
        .with("ignored", fit.ignored())
        .print();
  }
}
