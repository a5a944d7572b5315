package unfold.backend.vector;

import unfold.backend.Call;
import unfold.backend.Offer;
import unfold.backend.Workers;

/// The offer for the norm of many f32 tensors together. Pieces of 16384 elements are summed in f32,
/// the pieces in f64, in a fixed order.
final class Norms {
  private static final int PIECE = 1 << 14;

  private final Workers workers;

  Norms(Workers workers) {
    this.workers = workers;
  }

  Offer offer(Call call) {
    int tensors = call.inputs().size();
    var sizes = new long[tensors];
    var firstPiece = new int[tensors + 1];
    long elements = 0;
    for (int i = 0; i < tensors; i++) {
      sizes[i] = call.layouts().get(i).bytes(call.inputs().get(i)) / 4;
      if (sizes[i] != call.inputs().get(i).shape().size() && !packed(call, i)) {
        return Offer.declined("operand " + i + " has holes");
      }
      firstPiece[i + 1] = Math.toIntExact(firstPiece[i] + (sizes[i] + PIECE - 1) / PIECE);
      elements += sizes[i];
    }
    int pieces = firstPiece[tensors];
    long bytes = 4 * elements;
    return Offer.of(
        new Ours(
            call,
            "flat",
            call.layouts(),
            java.util.List.of(unfold.backend.Layout.standard(unfold.tensor.Shape.SCALAR)),
            java.util.List.of(),
            8L * pieces,
            (in, out, scratch) -> {
              var sums =
                  Split.loop(
                      workers,
                      pieces,
                      bytes,
                      (_, from, to) -> pieces(in, sizes, firstPiece, from, to, scratch));
              return () -> {
                sums.run();
                double all = 0;
                for (int i = 0; i < pieces; i++) {
                  all += Raw.getF64(scratch, i);
                }
                Raw.putF32(out[0], 0, (float) Math.sqrt(all));
              };
            }));
  }

  /// A packed layout's padding is zero and adds nothing.
  private static boolean packed(Call call, int i) {
    return call.layouts().get(i) instanceof unfold.backend.Layout.Packed;
  }

  private static void pieces(
      long[] in, long[] sizes, int[] firstPiece, long from, long to, long sums) {
    int tensor = 0;
    for (long piece = from; piece < to; piece++) {
      while (piece >= firstPiece[tensor + 1]) {
        tensor++;
      }
      long at = (piece - firstPiece[tensor]) * PIECE;
      int n = (int) Math.min(PIECE, sizes[tensor] - at);
      int whole = n / Raw.L * Raw.L;
      long x = in[tensor] + 4 * at;
      double sum = ReduceLoops.sumOfSquares(false, x, whole);
      for (int i = whole; i < n; i++) {
        double v = Raw.getF32(x, i);
        sum += v * v;
      }
      Raw.putF64(sums, piece, sum);
    }
  }
}
