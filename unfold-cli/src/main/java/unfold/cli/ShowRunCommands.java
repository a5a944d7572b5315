package unfold.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import unfold.data.Dataset;
import unfold.inspect.ConfusionSheet;
import unfold.train.Evaluation;

/// What a trained network gets wrong, as sheets.
final class ShowRunCommands {
  private ShowRunCommands() {}

  /// `unfold show confusion`
  @Command(
      name = "confusion",
      mixinStandardHelpOptions = true,
      description = "Which class a trained network takes for which.",
      footer = {"", "Example:", "  ./unfold show confusion runs/lenet5 --out confusion.png"})
  static final class ConfusionCommand implements Runnable {
    @Mixin MeasuredOptions measured = new MeasuredOptions();
    @Mixin ShowCommand.Out out = new ShowCommand.Out();

    @Override
    public void run() {
      Evaluation e = measured.evaluation(measured.data());
      String title = measured.run.name + "  ·  " + e.data();
      out.write(
          ConfusionSheet.of(title, e.classes(), e.confusion()), measured.run.name, "confusion");
    }
  }

  /// `unfold show mistakes`
  @Command(
      name = "mistakes",
      mixinStandardHelpOptions = true,
      description = "The pictures that a trained network is most wrong about.",
      footer = {"", "Example:", "  ./unfold show mistakes runs/lenet5 --out mistakes.png"})
  static final class MistakesCommand implements Runnable {
    @Mixin MeasuredOptions measured = new MeasuredOptions();
    @Mixin ShowCommand.Out out = new ShowCommand.Out();

    @Override
    public void run() {
      Dataset data = measured.data();
      Evaluation e = measured.evaluation(data);
      out.write(e.mistakes(measured.run.name, data), measured.run.name, "mistakes");
    }
  }
}
