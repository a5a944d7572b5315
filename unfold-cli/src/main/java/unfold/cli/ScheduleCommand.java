package unfold.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.error.InputException;
import unfold.optimizer.Schedule;
import unfold.train.Chart;
import unfold.train.SchedulePlot;

/// `unfold schedule`
@Command(
    name = "schedule",
    mixinStandardHelpOptions = true,
    description = "Draws a learning rate schedule before it runs.",
    footer = {
      "",
      "Examples:",
      "  ./unfold schedule onecycle --epochs 10",
      "  ./unfold schedule \"step(30,0.1)\" --epochs 90 --lr 0.1 --png rate.png",
    })
final class ScheduleCommand implements Runnable {
  @Parameters(index = "0", paramLabel = "SCHEDULE", description = "as train's --schedule")
  String schedule = "";

  @Option(names = "--epochs", description = "passes over the data (default: ${DEFAULT-VALUE})")
  int epochs = 10;

  @Option(names = "--steps", description = "steps an epoch (default: ${DEFAULT-VALUE})")
  long steps = 469;

  @Option(names = "--lr", description = "base learning rate (default: ${DEFAULT-VALUE})")
  double rate = 1e-3;

  @Option(names = "--png", paramLabel = "FILE", description = "draws it into a file")
  @Nullable Path png;

  @Override
  public void run() {
    if (epochs < 1 || steps < 1) {
      throw new InputException("--epochs and --steps must be at least 1");
    }
    Chart chart = SchedulePlot.of(Schedule.parse(schedule), rate, steps, epochs);
    System.out.print(chart.text());
    if (png != null) {
      chart.write(png);
      System.out.println("drawn in " + png);
    }
  }
}
