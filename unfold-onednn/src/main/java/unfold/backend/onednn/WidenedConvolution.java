package unfold.backend.onednn;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// A convolution of a bf16 picture by f32 weights, which no primitive takes: picture and result are
/// converted in scratch memory, which costs two more passes over them.
///
/// @param convolution all in f32
/// @param widen the picture
/// @param narrow the result
/// @param xBytes of the wide picture
/// @param yBytes of the wide result
record WidenedConvolution(
    Candidate convolution, Candidate widen, Candidate narrow, long xBytes, long yBytes)
    implements Candidate {

  /// The offer itself where the weights have the picture's type.
  static Offer offer(Dnnl dnnl, Call call, Function<Call, Offer> same) {
    TensorType x = call.inputs().getFirst();
    TensorType y = call.outputs().getFirst();
    if (x.dtype() == call.inputs().get(1).dtype()) {
      return same.apply(call);
    }
    if (call.inputs().size() > 3) {
      return Offer.declined("adds to a bf16 result only behind bf16 weights");
    }
    var types = call.inputs().stream().map(t -> t.with(DType.F32)).toList();
    if (types.size() > 2 && !types.get(2).equals(call.inputs().get(2))) {
      return Offer.declined("no bias in " + call.inputs().get(2).dtype() + " behind f32 weights");
    }
    var wide = List.of(y.with(DType.F32));
    var asked = new Call(call.op(), types, wide, call.layouts(), call.wanted());
    return switch (same.apply(asked)) {
      case Offer.Declined declined -> declined;
      case Offer.Accepted(var candidates) -> {
        var found =
            candidates.stream()
                .map(c -> around(c, new Reorders(dnnl), x, y))
                .flatMap(Optional::stream)
                .toList();
        yield found.isEmpty()
            ? Offer.declined("oneDNN does not convert " + x + " to f32 and back")
            : new Offer.Accepted(found);
      }
    };
  }

  private static Optional<Candidate> around(Candidate c, Reorders r, TensorType x, TensorType y) {
    Layout in = c.inputs().getFirst();
    Layout out = c.outputs().getFirst();
    TensorType wideX = x.with(DType.F32);
    TensorType wideY = y.with(DType.F32);
    return r.convert(x, in, wideX, in)
        .flatMap(widen ->
            r.convert(wideY, out, y, out)
                .map(narrow ->
                    new WidenedConvolution(c, widen, narrow, in.bytes(wideX), out.bytes(wideY))));
  }

  @Override
  public String label() {
    return convolution.label() + " widened";
  }

  @Override
  public List<Layout> inputs() {
    return convolution.inputs();
  }

  @Override
  public List<Layout> outputs() {
    return convolution.outputs();
  }

  @Override
  public long scratchBytes() {
    long most = Math.max(widen.scratchBytes(), narrow.scratchBytes());
    return aligned(xBytes) + aligned(yBytes) + Math.max(most, convolution.scratchBytes());
  }

  private static long aligned(long bytes) {
    return (bytes + 63) / 64 * 64;
  }

  @Override
  public Kernel bind(
      List<MemorySegment> inputs, List<MemorySegment> outputs, MemorySegment scratch) {
    MemorySegment x = scratch.asSlice(0, xBytes);
    MemorySegment y = scratch.asSlice(aligned(xBytes), yBytes);
    MemorySegment rest = scratch.asSlice(aligned(xBytes) + aligned(yBytes));
    var operands = new ArrayList<>(inputs);
    operands.set(0, x);
    Kernel first = widen.bind(List.of(inputs.getFirst()), List.of(x), rest);
    Kernel convolve = convolution.bind(operands, List.of(y), rest);
    Kernel last = narrow.bind(List.of(y), outputs, rest);
    return () -> {
      first.run();
      convolve.run();
      last.run();
    };
  }
}
