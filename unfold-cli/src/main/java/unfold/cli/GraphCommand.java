package unfold.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.graph.GraphDot;

/// `unfold graph`
@Command(
    name = "graph",
    mixinStandardHelpOptions = true,
    description = "Prints the program of a network as text, or as dot to draw it.",
    footer = {
      "",
      "Examples:",
      "  ./unfold graph lenet5 --mode infer --batch 1",
      "  ./unfold graph lenet5 --format dot | dot -Tsvg > lenet5.svg",
    })
final class GraphCommand implements Runnable {
  /// How a program is written down.
  enum Format {
    TEXT,
    DOT
  }

  @Mixin ProgramOptions program = new ProgramOptions();

  @Option(names = "--format", description = "text or dot (default: text)")
  Format format = Format.TEXT;

  @Override
  public void run() {
    var graph = program.graph(program.engine());
    switch (format) {
      case TEXT -> System.out.print(graph);
      case DOT -> System.out.print(GraphDot.of(graph));
    }
  }
}
