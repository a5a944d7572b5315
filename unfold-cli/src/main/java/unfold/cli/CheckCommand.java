package unfold.cli;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.testkit.Sample;
import unfold.testkit.SampleCheck;
import unfold.testkit.Samples;

/// `unfold check`
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Checks one op on every backend of this machine against the reference, and its gradient.",
    },
    footer = {
      "",
      "Examples:",
      "  ./unfold check --list",
      "  ./unfold check \"conv2d n2c3h8w8-o6k3\""
    })
final class CheckCommand implements Callable<Integer> {
  private static final int EXAMPLES = 3;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SAMPLE",
      description = "a name that --list shows")
  String sample = "";

  @Option(names = "--list", description = "lists all samples")
  boolean list;

  @Override
  public Integer call() {
    List<String> names = Samples.all().stream().map(Sample::name).toList();
    if (list || sample.isEmpty()) {
      names.forEach(System.out::println);
      return 0;
    }
    requireMoreThanOp(names);
    var check = SampleCheck.run(sample, Engine.open(Settings.defaults()).backends());
    System.out.print(check);
    return check.passes() ? 0 : 1;
  }

  /// An op alone names no sample.
  private void requireMoreThanOp(List<String> names) {
    var samples = names.stream().filter(n -> n.startsWith(sample + " ")).toList();
    if (!samples.isEmpty() && !names.contains(sample)) {
      throw new InputException(
          "'"
              + sample
              + "' is an op, and a sample names its shapes too: --list shows "
              + samples.size()
              + " of it, such as "
              + samples.stream().limit(EXAMPLES).map(n -> "'" + n + "'").collect(joining(", ")));
    }
  }
}
