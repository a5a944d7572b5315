package unfold.backend.composed;

import java.lang.foreign.MemorySegment;
import java.util.List;
import unfold.backend.Kernel;
import unfold.backend.Workers;
import unfold.tensor.DType;

/// A step of the rows that have not ended. They are gathered, longest first, go through the fewest
/// rows of kernels that cover them, and are put back; of the others the results are written
/// directly.
final class LiveStep implements Kernel {
  private final LiveRows live;
  private final int t;
  private final Kernel[] rungs;
  private final int[] covering;
  private final Rows operands;
  private final Rows results;
  private final Rest[] rests;
  private final Workers workers;
  private final Workers.Body ending = this::end;

  /// Writes what a row has that has ended.
  @FunctionalInterface
  private interface Rest {
    void write(int row);
  }

  /// @param rungs kernels on `gathered` and `made`
  /// @param covering which of them to take, for each number of rows
  /// @param from operands of all rows
  /// @param to results of all rows
  LiveStep(
      Workers workers,
      LiveRows live,
      int t,
      Kernel[] rungs,
      int[] covering,
      List<MemorySegment> from,
      List<MemorySegment> gathered,
      List<MemorySegment> made,
      List<Result> to) {
    this.workers = workers;
    this.live = live;
    this.t = t;
    this.rungs = rungs;
    this.covering = covering;
    this.operands = rows(workers, from, gathered);
    this.results = rows(workers, to.stream().map(Result::memory).toList(), made);
    this.rests = to.stream().map(r -> rest(r, from)).toArray(Rest[]::new);
  }

  private Rows rows(Workers workers, List<MemorySegment> all, List<MemorySegment> some) {
    var moved = new Rows.Moved[all.size()];
    for (int i = 0; i < moved.length; i++) {
      long bytes = all.get(i).byteSize() / live.order().length;
      moved[i] = new Rows.Moved(all.get(i), some.get(i), bytes);
    }
    return new Rows(workers, live.order(), moved);
  }

  private Rest rest(Result result, List<MemorySegment> from) {
    MemorySegment to = result.memory();
    long bytes = to.byteSize() / live.order().length;
    return switch (result.ended()) {
      case Result.Ended.Zero() -> n -> to.asSlice(n * bytes, bytes).fill((byte) 0);
      case Result.Ended.Keep(int i) -> {
        MemorySegment kept = from.get(i);
        yield n -> MemorySegment.copy(kept, n * bytes, to, n * bytes, bytes);
      }
      case Result.Ended.Sum(DType real, int outside, int later) -> {
        MemorySegment a = from.get(outside);
        MemorySegment b = from.get(later);
        long width = bytes / Float.BYTES;
        yield n -> Reals.addWide(real, a, b, to, n * width, width);
      }
    };
  }

  /// One thread's share of the rows that have ended.
  private void end(int part) {
    int[] order = live.order();
    int count = live.count(t);
    int ended = order.length - count;
    int from = count + ended * part / workers.threads();
    int to = count + ended * (part + 1) / workers.threads();
    for (Rest rest : rests) {
      for (int i = from; i < to; i++) {
        rest.write(order[i]);
      }
    }
  }

  @Override
  public void run() {
    int count = live.count(t);
    if (count > 0) {
      operands.gather(0, count);
      rungs[covering[count]].run();
      results.scatter(0, count);
    }
    if (count < live.order().length) {
      workers.run(workers.threads(), ending);
    }
  }
}
