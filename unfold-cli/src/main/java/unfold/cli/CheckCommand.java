package unfold.cli;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.testkit.GradientCheck;
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

  @Option(names = "--json", description = "one JSON object instead of a table")
  boolean json;

  @Override
  public Integer call() {
    List<String> names = Samples.all().stream().map(Sample::name).toList();
    if (list || sample.isEmpty()) {
      if (json) {
        new Json().with("samples", names).print();
      } else {
        names.forEach(System.out::println);
      }
      return 0;
    }
    requireMoreThanOp(names);
    var check = SampleCheck.run(sample, Engine.open(Settings.defaults()).backends());
    if (json) {
      new Json()
          .with("sample", check.sample().name())
          .with("passes", check.passes())
          .with("kernels", check.rows().stream().map(CheckCommand::fields).toList())
          .with("gradient", check.gradient().map(GradientCheck::toString))
          .print();
    } else {
      System.out.print(check);
    }
    return check.passes() ? 0 : 1;
  }

  private static Map<String, Object> fields(SampleCheck.Row row) {
    return new Json()
        .with("backend", row.backend())
        .with("type", row.real().toString())
        .with("kernel", row.candidate())
        .with("error", row.worst())
        .with("complaints", row.complaints())
        .fields();
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
