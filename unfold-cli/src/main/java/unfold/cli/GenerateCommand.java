package unfold.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.train.text.Sampling;

/// `unfold generate`
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Lets a character model write a text, one character at a time.",
    footer = {
      "",
      "Examples:",
      "  ./unfold generate runs/charlm --prime \"public \" --temperature 0.7",
      "  ./unfold generate charlm --weights shakespeare.safetensors --vocab vocab.json",
    })
final class GenerateCommand implements Runnable {
  @Mixin TextNetwork network = new TextNetwork();

  @Option(
      names = "--prime",
      paramLabel = "TEXT",
      description = "what the network reads first (default: a line break)")
  String prime = "";

  @Option(names = "--length", description = "characters to write (default: ${DEFAULT-VALUE})")
  int length = 500;

  @Option(
      names = "--temperature",
      description =
          "above 0: low is careful, high is wild, 1 is as the network thinks (default:"
              + " ${DEFAULT-VALUE})")
  double temperature = 1;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "chooses among the K likeliest characters only")
  int topK;

  @Option(names = "--seed", description = "of the choices (default: ${DEFAULT-VALUE})")
  long seed = 1;

  @Override
  public void run() {
    var how = new Sampling(temperature, topK);
    var writer = network.writer();
    var out = System.out;
    writer.require(prime);
    out.print(prime);
    writer.write(
        prime,
        length,
        how,
        seed,
        character -> {
          out.print(character);
          out.flush();
        });
    out.println();
  }
}
