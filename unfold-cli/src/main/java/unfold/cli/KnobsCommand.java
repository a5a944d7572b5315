package unfold.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import unfold.config.Knob;
import unfold.config.Knobs;

/// `unfold knobs`
@Command(
    name = "knobs",
    mixinStandardHelpOptions = true,
    description = "Lists every setting of the environment, with its value here.",
    footer = {"", "Example:", "  UNFOLD_THREADS=1 ./unfold knobs"})
final class KnobsCommand implements Runnable {
  @Option(names = "--json", description = "one JSON object instead of a table")
  boolean json;

  @Override
  public void run() {
    if (json) {
      var result = new Json();
      for (Knob<?> knob : Knobs.all()) {
        result.with(knob.name(), String.valueOf(knob.value()));
      }
      result.print();
      return;
    }
    for (Knob<?> knob : Knobs.all()) {
      System.out.printf(
          "%-22s %-8s (%s, default %s)%n    %s%n",
          knob.name(), knob.value(), knob.property(), knob.fallback(), knob.meaning());
    }
  }
}
