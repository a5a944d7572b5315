package unfold.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/// Remembers what it was told, and lets a test act after a step.
final class Heard implements Reporter {
  final List<String> notes = new ArrayList<>();
  final List<EpochRecord> epochs = new ArrayList<>();
  private final LongConsumer afterStep;
  private long steps;

  Heard() {
    this(_ -> {});
  }

  /// @param afterStep is told how many steps this sitting has done
  Heard(LongConsumer afterStep) {
    this.afterStep = afterStep;
  }

  @Override
  public void note(String line) {
    notes.add(line);
  }

  @Override
  public void begin(Counted counted, int epoch, int epochs, long done, long total) {}

  @Override
  public void step(long done, double loss) {
    afterStep.accept(++steps);
  }

  @Override
  public void epoch(EpochRecord record, boolean best) {
    epochs.add(record);
  }
}
