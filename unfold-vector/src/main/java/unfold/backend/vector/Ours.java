package unfold.backend.vector;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.error.GraphException;
import unfold.tensor.TensorType;

/// A kernel of this module before it has memory. Checks every segment once, so that kernels may
/// compute on addresses.
///
/// @param omissible results that the kernel leaves out if nobody wants them; all others it writes
///   in any case, then to scratch memory
record Ours(
    Call call,
    String label,
    List<Layout> inputs,
    List<Layout> outputs,
    List<InPlace> inPlace,
    Set<Integer> omissible,
    Sees sees,
    boolean yields,
    long ownScratch,
    Binder binder)
    implements Candidate {

  /// Makes the kernel for these addresses; 0 stands for an omitted result.
  @FunctionalInterface
  interface Binder {
    Kernel bind(long[] in, long[] out, long scratch);
  }

  Ours {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    inPlace = List.copyOf(inPlace);
    omissible = Set.copyOf(omissible);
  }

  Ours(
      Call call,
      String label,
      List<Layout> inputs,
      List<Layout> outputs,
      List<InPlace> inPlace,
      long ownScratch,
      Binder binder) {
    this(call, label, inputs, outputs, inPlace, Set.of(), Sees.of(call), false, ownScratch, binder);
  }

  /// All operands and results in standard layout.
  static Ours standard(Call call, String label, long scratchBytes, Binder binder) {
    return new Ours(
        call,
        label,
        standard(call.inputs()),
        standard(call.outputs()),
        List.of(),
        scratchBytes,
        binder);
  }

  static List<Layout> standard(List<TensorType> types) {
    return types.stream().map(t -> (Layout) Layout.standard(t.shape())).toList();
  }

  Ours inPlace(InPlace... pairs) {
    return new Ours(
        call, label, inputs, outputs, List.of(pairs), omissible, sees, yields, ownScratch, binder);
  }

  Ours omits(Integer... results) {
    return new Ours(
        call, label, inputs, outputs, inPlace, Set.of(results), sees, yields, ownScratch, binder);
  }

  Ours sees(Sees types) {
    return new Ours(
        call, label, inputs, outputs, inPlace, omissible, types, yields, ownScratch, binder);
  }

  Ours yields(boolean toOthers) {
    return new Ours(
        call, label, inputs, outputs, inPlace, omissible, sees, toOthers, ownScratch, binder);
  }

  @Override
  public long scratchBytes() {
    long bytes = Tail.align(ownScratch);
    for (int i = 0; i < outputs.size(); i++) {
      bytes += standIn(i) ? Tail.align(outputs.get(i).bytes(call.outputs().get(i))) : 0;
    }
    return bytes;
  }

  /// Whether result i is written to scratch memory.
  private boolean standIn(int i) {
    return !call.wanted().get(i) && !omissible.contains(i);
  }

  @Override
  public Kernel bind(
      List<MemorySegment> inputSegments,
      List<MemorySegment> outputSegments,
      MemorySegment scratch) {
    var in = new long[inputs.size()];
    var out = new long[outputs.size()];
    for (int i = 0; i < in.length; i++) {
      in[i] = address("operand", i, inputs.get(i), call.inputs().get(i), inputSegments.get(i));
    }
    if (scratch.byteSize() < scratchBytes()) {
      throw new GraphException(
          who() + "needs " + scratchBytes() + " bytes of scratch, got " + scratch.byteSize());
    }
    long next = scratch.address() + Tail.align(ownScratch);
    for (int i = 0; i < out.length; i++) {
      Layout layout = outputs.get(i);
      TensorType type = call.outputs().get(i);
      if (!outputSegments.get(i).equals(MemorySegment.NULL)) {
        out[i] = address("result", i, layout, type, outputSegments.get(i));
      } else if (call.wanted().get(i)) {
        throw new GraphException(who() + "result " + i + " is wanted, but has no memory");
      } else if (standIn(i)) {
        out[i] = next;
        next += Tail.align(layout.bytes(type));
      }
    }
    return binder.bind(in, out, scratch.address());
  }

  private long address(String what, int i, Layout layout, TensorType type, MemorySegment memory) {
    long needed = layout.bytes(type);
    if (memory.byteSize() < needed || !memory.isNative()) {
      throw new GraphException(
          who()
              + what
              + " "
              + i
              + " of type "
              + type
              + " needs "
              + needed
              + " bytes off the heap, got "
              + memory.byteSize()
              + (memory.isNative() ? "" : " on the heap"));
    }
    return memory.address();
  }

  private String who() {
    return "vector " + call.op().name() + ": ";
  }
}
