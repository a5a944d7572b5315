package unfold.backend.composed;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.backend.Workers;
import unfold.tensor.TensorType;

/// How a layer goes from step to step, before it has memory: always with all rows, or, where rows
/// have lengths of their own, with those that have not ended.
///
/// @param lengths place of the lengths among the layer's operands
/// @param operands room for the rows that happen of each operand of a step; nothing without lengths
/// @param results the same of each result
record Stepping(
    Workers workers,
    Steps steps,
    Ladder<OneStep> ladder,
    int lengths,
    Room room,
    List<Room.Piece> operands,
    List<Room.Piece> results) {

  /// @param operands types of a step's operands, and of its results
  /// @param step the step for a number of rows
  static Stepping of(
      Call call,
      Parts parts,
      int lengths,
      Steps steps,
      Room room,
      List<TensorType> operands,
      List<TensorType> results,
      IntFunction<OneStep> step) {
    boolean some = call.inputs().size() > lengths;
    Ladder<OneStep> ladder =
        some
            ? Ladder.of(steps.rows(), step, (rung, all) -> rung.weight().equals(all.weight()))
            : Ladder.single(steps.rows(), step.apply(steps.rows()));
    for (OneStep rung : ladder.rungs()) {
      rung.parts().forEach(room::share);
    }
    return new Stepping(
        parts.workers(),
        steps,
        ladder,
        lengths,
        room,
        some ? operands.stream().map(t -> room.take(t.bytes())).toList() : List.of(),
        some ? results.stream().map(t -> room.take(t.bytes())).toList() : List.of());
  }

  private Candidate product() {
    return ladder.whole().parts().getFirst();
  }

  String label() {
    return "steps " + product().label();
  }

  Layout weight() {
    return ladder.whole().weight();
  }

  /// The layer's kernels, of which there are none yet.
  Kernels start(List<MemorySegment> in, MemorySegment scratch) {
    var kernels = new ArrayList<Kernel>();
    if (operands.isEmpty()) {
      return new Kernels(
          kernels,
          (_, from, to) ->
              kernels.addAll(
                  ladder
                      .whole()
                      .bind(
                          in,
                          from,
                          to.stream().map(Result::memory).toList(),
                          scratch,
                          room.shared(scratch))));
    }
    var live = new LiveRows(in.get(lengths), steps.rows(), steps.count());
    kernels.add(live::sort);
    var gathered = operands.stream().map(p -> p.in(scratch)).toList();
    var made = results.stream().map(p -> p.in(scratch)).toList();
    var rungs =
        ladder.rungs().stream()
            .map(
                r -> Composition.inOrder(r.bind(in, gathered, made, scratch, room.shared(scratch))))
            .toArray(Kernel[]::new);
    int[] covering = ladder.covering();
    return new Kernels(
        kernels,
        (t, from, to) ->
            kernels.add(new LiveStep(workers, live, t, rungs, covering, from, gathered, made, to)));
  }

  /// Kernels in the order in which they run.
  record Kernels(List<Kernel> all, Binder binder) {

    /// Binds a step.
    @FunctionalInterface
    private interface Binder {
      void step(int t, List<MemorySegment> operands, List<Result> results);
    }

    void add(Kernel kernel) {
      all.add(kernel);
    }

    /// Step t, on values of all rows.
    void step(int t, List<MemorySegment> operands, List<Result> results) {
      binder.step(t, operands, results);
    }
  }
}
