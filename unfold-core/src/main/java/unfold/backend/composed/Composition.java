package unfold.backend.composed;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.error.GraphException;
import unfold.tensor.TensorType;

/// A call that is computed by many kernels in a row.
///
/// @param binder makes them, on memory whose size is checked
record Composition(
    Call call,
    String label,
    List<Layout> inputs,
    List<InPlace> inPlace,
    long scratchBytes,
    Binder binder)
    implements Candidate {
  Composition {
    inputs = List.copyOf(inputs);
    inPlace = List.copyOf(inPlace);
  }

  Composition(Call call, String label, List<Layout> inputs, long scratchBytes, Binder binder) {
    this(call, label, inputs, List.of(), scratchBytes, binder);
  }

  /// The same, right also if this result lies where that operand does.
  Composition inPlace(int result, int operand) {
    return new Composition(
        call, label, inputs, List.of(new InPlace(result, operand)), scratchBytes, binder);
  }

  /// Binds all kernels.
  @FunctionalInterface
  interface Binder {
    List<Kernel> bind(List<MemorySegment> in, List<MemorySegment> out, MemorySegment scratch);
  }

  /// Inputs in standard layout but for one, the weight.
  static List<Layout> inputs(Call call, int weight, Layout layout) {
    var layouts = new ArrayList<Layout>();
    for (TensorType t : call.inputs()) {
      layouts.add(standard(t));
    }
    layouts.set(weight, layout);
    return layouts;
  }

  static Layout standard(TensorType type) {
    return Layout.standard(type.shape());
  }

  @Override
  public List<Layout> outputs() {
    return call.outputs().stream().map(Composition::standard).toList();
  }

  @Override
  public Kernel bind(List<MemorySegment> in, List<MemorySegment> out, MemorySegment scratch) {
    for (int i = 0; i < inputs.size(); i++) {
      require("operand " + i, inputs.get(i).bytes(call.inputs().get(i)), in.get(i));
    }
    for (int i = 0; i < out.size(); i++) {
      if (!out.get(i).equals(MemorySegment.NULL)) {
        require("result " + i, call.outputs().get(i).bytes(), out.get(i));
      } else if (call.wanted().get(i)) {
        throw new GraphException(
            "composed " + call.op().name() + ": result " + i + " is wanted, but has no memory");
      }
    }
    require("scratch", scratchBytes, scratch);
    return inOrder(binder.bind(in, out, scratch));
  }

  /// Several kernels as one.
  static Kernel inOrder(List<Kernel> all) {
    Kernel[] kernels = all.toArray(Kernel[]::new);
    return () -> {
      for (Kernel kernel : kernels) {
        kernel.run();
      }
    };
  }

  private void require(String what, long bytes, MemorySegment memory) {
    if (memory.byteSize() < bytes) {
      throw new GraphException(
          "composed "
              + call.op().name()
              + ": "
              + what
              + " needs "
              + bytes
              + " bytes, got "
              + memory.byteSize());
    }
  }
}
