package unfold.backend.onednn;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.error.GraphException;

/// One primitive as a way to compute a call.
///
/// @param inputs what the call's inputs are to the primitive, in order
/// @param outputs what the call's outputs are
record PrimitiveCandidate(
    Dnnl dnnl,
    PrimitiveDesc primitive,
    String label,
    List<Port> inputPorts,
    List<Port> outputPorts,
    List<InPlace> inPlace)
    implements Candidate {
  PrimitiveCandidate {
    inputPorts = List.copyOf(inputPorts);
    outputPorts = List.copyOf(outputPorts);
    inPlace = List.copyOf(inPlace);
  }

  /// A value of the call and its role in the primitive.
  ///
  /// @param role what oneDNN calls it; empty if the primitive does not touch it
  record Port(Optional<Integer> role, Md md, Layout layout) {
    static Port of(int role, Md md, Layout layout) {
      return new Port(Optional.of(role), md, layout);
    }

    /// A value the primitive has nothing to do with.
    static Port unused(Md md, Layout layout) {
      return new Port(Optional.empty(), md, layout);
    }
  }

  @Override
  public List<Layout> inputs() {
    return inputPorts.stream().map(Port::layout).toList();
  }

  @Override
  public List<Layout> outputs() {
    return outputPorts.stream().map(Port::layout).toList();
  }

  @Override
  public long scratchBytes() {
    return primitive.scratchBytes();
  }

  @Override
  public Kernel bind(
      List<MemorySegment> inputs, List<MemorySegment> outputs, MemorySegment scratch) {
    var arguments = new ArrayList<PrimitiveKernel.Argument>();
    collect(arguments, inputPorts, inputs, "input");
    collect(arguments, outputPorts, outputs, "output");
    return PrimitiveKernel.bind(dnnl, primitive, arguments, scratch);
  }

  private void collect(
      List<PrimitiveKernel.Argument> arguments,
      List<Port> ports,
      List<MemorySegment> segments,
      String kind) {
    if (ports.size() != segments.size()) {
      throw new GraphException(
          "oneDNN "
              + label
              + ": got "
              + segments.size()
              + " "
              + kind
              + "s, but needs "
              + ports.size());
    }
    for (int i = 0; i < ports.size(); i++) {
      Port port = ports.get(i);
      if (port.role().isPresent()) {
        arguments.add(
            new PrimitiveKernel.Argument(
                kind + " " + i, port.role().get(), port.md(), segments.get(i)));
      }
    }
  }
}
