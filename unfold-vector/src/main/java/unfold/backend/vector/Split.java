package unfold.backend.vector;

import java.util.List;
import unfold.backend.Kernel;
import unfold.backend.Workers;

/// How a loop is shared among the workers: in equal parts, one for each thread, and not at all if
/// it is small. The bounds depend on the sizes only, so that the same threads give the same bits.
final class Split {
  /// A part must touch this much memory to be worth waking a thread (a region costs about 1 µs).
  private static final long BYTES_PER_PART = 48 << 10;

  /// Part `part` works on units from … to − 1.
  @FunctionalInterface
  interface Range {
    void run(int part, long from, long to);
  }

  private Split() {}

  /// Into how many parts a loop of this many indivisible units that touches so many bytes goes.
  static int parts(Workers workers, long units, long bytes) {
    return Math.clamp(Math.min(units, bytes / BYTES_PER_PART), 1, workers.threads());
  }

  static long begin(long units, int parts, int part) {
    return units * part / parts;
  }

  /// A loop over all units in the given number of parts.
  static Kernel share(Workers workers, int parts, long units, Range range) {
    if (parts == 1) {
      return () -> range.run(0, 0, units);
    }
    Workers.Body body =
        part -> range.run(part, begin(units, parts, part), begin(units, parts, part + 1));
    return () -> workers.run(parts, body);
  }

  /// A loop over units that are large: every thread takes part, as long as there is one for it.
  static Kernel among(Workers workers, int units, Range range) {
    return share(workers, Math.min(workers.threads(), units), units, range);
  }

  /// One after the other.
  static Kernel inTurn(List<Kernel> steps) {
    Kernel[] all = steps.toArray(Kernel[]::new);
    return () -> {
      for (Kernel step : all) {
        step.run();
      }
    };
  }

  /// A loop over all units, which touches so many bytes.
  static Kernel loop(Workers workers, long units, long bytes, Range range) {
    return share(workers, parts(workers, units, bytes), units, range);
  }
}
