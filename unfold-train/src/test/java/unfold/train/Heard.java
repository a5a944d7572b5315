package unfold.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/// Remembers what it was told, and lets a test act after a step.
final class Heard implements Reporter {
  final List<String> notes = new ArrayList<>();
  final List<EpochRecord> epochs = new ArrayList<>();
  final Map<Long, String> samples = new TreeMap<>();
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

  @Override
  public void sample(long step, String made) {
    samples.put(step, made);
  }
}
