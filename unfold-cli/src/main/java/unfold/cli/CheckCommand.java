package unfold.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.engine.Engine;
import unfold.engine.Settings;
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
    footer = {"", "Examples:", "  ./unfold check --list", "  ./unfold check \"SAMPLE\""})
final class CheckCommand implements Callable<Integer> {
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
    if (list || sample.isEmpty()) {
      Samples.all().stream().map(Sample::name).forEach(System.out::println);
      return 0;
    }
    var check = SampleCheck.run(sample, Engine.open(Settings.defaults()).backends());
    System.out.print(check);
    return check.passes() ? 0 : 1;
  }
}
