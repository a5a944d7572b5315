package unfold.backend.vector;

import java.util.List;
import java.util.Optional;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.backend.Workers;
import unfold.op.Pointwise.Cast;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Copies of a value into other strides, another element type, or both.
final class Converter {
  private final Workers workers;

  Converter(Workers workers) {
    this.workers = workers;
  }

  /// Empty for packed layouts that are not [WinogradWeights], f64, and casts into memory with
  /// holes.
  Optional<Candidate> offer(TensorType from, Layout fromLayout, TensorType to, Layout toLayout) {
    var weights = WinogradWeights.of(toLayout);
    if (weights.isPresent()
        && real(from.dtype())
        && real(to.dtype())
        && fromLayout instanceof Layout.Strided(var strides)) {
      return Optional.of(
          candidate(
              from,
              fromLayout,
              to,
              toLayout,
              "winograd",
              weights.get().scratchBytes(workers),
              (in, out, scratch) ->
                  weights
                      .get()
                      .make(workers, from.dtype(), to.dtype(), in[0], strides, out[0], scratch)));
    }
    if (!(fromLayout instanceof Layout.Strided(var source))
        || !(toLayout instanceof Layout.Strided(var destination))
        || from.shape().size() == 0
        || from.dtype().bytes() > 4
        || to.dtype().bytes() > 4) {
      return Optional.empty();
    }
    var copy = StridedCopy.of(from.dtype().bytes(), from.shape().toList(), source, destination);
    if (from.dtype() == to.dtype()) {
      return Optional.of(
          candidate(
              from,
              fromLayout,
              to,
              toLayout,
              copy.label(),
              0,
              (in, out, _) -> copy.bind(workers, in[0], out[0])));
    }
    if (toLayout.bytes(to) != to.bytes()) {
      return Optional.empty();
    }
    var pointwises = new Pointwises(workers);
    long between = Tail.align(from.bytes());
    return CastLoops.of(from.dtype(), to.dtype())
        .map(loop ->
            same(source, destination, from.shape())
                ? candidate(
                    from,
                    fromLayout,
                    to,
                    toLayout,
                    "cast",
                    Tail.BYTES,
                    (in, out, room) -> pointwises.cast(from, to, loop, in[0], out[0], room))
                : candidate(
                    from,
                    fromLayout,
                    to,
                    toLayout,
                    copy.label() + "+cast",
                    between + Tail.BYTES,
                    (in, out, scratch) -> {
                      Kernel move = copy.bind(workers, in[0], scratch);
                      Kernel cast =
                          pointwises.cast(from, to, loop, scratch, out[0], scratch + between);
                      return () -> {
                        move.run();
                        cast.run();
                      };
                    }));
  }

  private static boolean real(DType type) {
    return type == DType.F32 || type == DType.BF16;
  }

  private static boolean same(List<Long> a, List<Long> b, Shape shape) {
    for (int i = 0; i < shape.rank(); i++) {
      if (shape.dim(i) > 1 && !a.get(i).equals(b.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static Candidate candidate(
      TensorType from,
      Layout fromLayout,
      TensorType to,
      Layout toLayout,
      String label,
      long scratchBytes,
      Ours.Binder binder) {
    var call =
        new Call(
            new Cast(to.dtype()), List.of(from), List.of(to), List.of(fromLayout), List.of(true));
    return new Ours(
        call, label, List.of(fromLayout), List.of(toLayout), List.of(), scratchBytes, binder);
  }
}
