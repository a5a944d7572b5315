package unfold.backend.reference;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.op.Op;
import unfold.op.Pointwise.Cast;
import unfold.op.Updates;
import unfold.tensor.TensorType;

/// The reference as a backend: takes every call, in any strided layout, and writes standard layout.
public final class ReferenceBackend implements Backend {
  @Override
  public String name() {
    return "reference";
  }

  @Override
  public Traits traits() {
    return new Traits(false);
  }

  @Override
  public boolean standsIn() {
    return true;
  }

  @Override
  public Offer offer(Call call) {
    var inputs = new ArrayList<Layout.Strided>();
    for (int i = 0; i < call.inputs().size(); i++) {
      inputs.add(
          switch (call.layouts().get(i)) {
            case Layout.Strided given -> given;
            case Layout.Packed _ -> Layout.standard(call.inputs().get(i).shape());
          });
    }
    var outputs = call.outputs().stream().map(t -> Layout.standard(t.shape())).toList();
    return Offer.of(new Plain("plain", call.op(), call.inputs(), inputs, call.outputs(), outputs));
  }

  @Override
  public Optional<Candidate> convert(
      TensorType from, Layout fromLayout, TensorType to, Layout toLayout) {
    if (from.shape().equals(to.shape())
        && fromLayout instanceof Layout.Strided in
        && toLayout instanceof Layout.Strided out) {
      var cast = new Cast(to.dtype());
      return Optional.of(
          new Plain("convert", cast, List.of(from), List.of(in), List.of(to), List.of(out)));
    }
    return Optional.empty();
  }

  /// A kernel that reads all its operands into doubles, computes there, and writes the results. So
  /// any result may lie over any operand.
  private record Plain(
      String label,
      Op op,
      List<TensorType> inputTypes,
      List<Layout.Strided> inputLayouts,
      List<TensorType> outputTypes,
      List<Layout.Strided> outputLayouts)
      implements Candidate {
    @Override
    public List<Layout> inputs() {
      return List.copyOf(inputLayouts);
    }

    @Override
    public List<Layout> outputs() {
      return List.copyOf(outputLayouts);
    }

    @Override
    public List<InPlace> inPlace() {
      var pairs = new ArrayList<InPlace>();
      for (int o = 0; o < outputTypes.size(); o++) {
        for (int i = 0; i < inputTypes.size(); i++) {
          if (inputTypes.get(i).equals(outputTypes.get(o))
              && inputLayouts.get(i).equals(outputLayouts.get(o))
              && (!(op instanceof Updates updates) || isOldValue(updates, o, i))) {
            pairs.add(new InPlace(o, i));
          }
        }
      }
      return pairs;
    }

    /// Whether result o of an update is the new value of operand i.
    private boolean isOldValue(Updates updates, int o, int i) {
      int parameters = updates.parameters(inputTypes.size());
      int old = updates.leading() + (o < parameters ? o : o + parameters);
      return i == old;
    }

    @Override
    public long scratchBytes() {
      return elements(inputTypes) * Numbers.BYTES + elements(outputTypes) * Numbers.BYTES;
    }

    private static long elements(List<TensorType> types) {
      return types.stream().mapToLong(t -> t.shape().size()).sum();
    }

    @Override
    public Kernel bind(
        List<MemorySegment> inputs, List<MemorySegment> outputs, MemorySegment scratch) {
      long offset = 0;
      var in = new ArrayList<Numbers>();
      for (TensorType t : inputTypes) {
        in.add(Numbers.over(t.shape(), scratch.asSlice(offset)));
        offset += t.shape().size() * Numbers.BYTES;
      }
      var out = new ArrayList<Numbers>();
      for (TensorType t : outputTypes) {
        out.add(Numbers.over(t.shape(), scratch.asSlice(offset)));
        offset += t.shape().size() * Numbers.BYTES;
      }
      var readers = places(inputTypes, inputLayouts, inputs, "operand");
      var writers = places(outputTypes, outputLayouts, outputs, "result");
      return () -> {
        for (int i = 0; i < readers.size(); i++) {
          readers.get(i).decode(in.get(i));
        }
        Kernels.run(op, in, out);
        for (int i = 0; i < writers.size(); i++) {
          writers.get(i).encode(out.get(i));
        }
      };
    }

    private List<Place> places(
        List<TensorType> types,
        List<Layout.Strided> layouts,
        List<MemorySegment> memory,
        String what) {
      var places = new ArrayList<Place>();
      for (int i = 0; i < types.size(); i++) {
        places.add(
            Place.of(
                types.get(i), layouts.get(i), memory.get(i), op.name() + ": " + what + " " + i));
      }
      return places;
    }
  }
}
