package unfold.backend.composed;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// A call on bf16 values that is computed in f32: operands are widened in scratch memory, results
/// narrowed, which costs one more pass over each. For processors without bf16 arithmetic, and for
/// bf16 pictures that meet f32 weights, which no primitive takes.
final class Widened {
  private final Call call;
  private final List<Backend> others;

  /// @param others who compute in f32 and convert
  Widened(Call call, List<Backend> others) {
    this.call = call;
    this.others = others;
  }

  /// Conversions between a value of the call and the kernel's version of it.
  ///
  /// @param outer how the call's value lies
  /// @param legs in order; none if the kernel takes the value as it is
  /// @param bytes of what lies between the legs and before the kernel or behind it: one for each
  ///   leg
  private record Passage(Layout outer, List<Candidate> legs, List<Long> bytes) {
    List<Room.Piece> take(Room room) {
      legs.forEach(room::share);
      return bytes.stream().map(room::take).toList();
    }
  }

  /// Every f32 kernel of somebody else.
  Offer offer() {
    if (Stream.concat(call.inputs().stream(), call.outputs().stream())
        .noneMatch(t -> t.dtype() == DType.BF16)) {
      return Offer.declined("composes recurrent layers, and what has bf16 operands");
    }
    if (others.stream().anyMatch(b -> b.offer(call) instanceof Offer.Accepted)) {
      return Offer.declined("others compute this in bf16");
    }
    var inputs = call.inputs().stream().map(Widened::wide).toList();
    var outputs = call.outputs().stream().map(Widened::wide).toList();
    var asked = new Call(call.op(), inputs, outputs, call.layouts(), call.wanted());
    var found = new ArrayList<Candidate>();
    for (Backend b : others) {
      if (b.offer(asked) instanceof Offer.Accepted(var candidates)) {
        candidates.forEach(c -> around(c).ifPresent(found::add));
      }
    }
    return found.isEmpty()
        ? Offer.declined("nobody computes " + call.op().name() + " of " + inputs)
        : new Offer.Accepted(found);
  }

  private static TensorType wide(TensorType type) {
    return type.dtype() == DType.BF16 ? type.with(DType.F32) : type;
  }

  private Optional<Candidate> around(Candidate kernel) {
    var operands = new ArrayList<Passage>();
    for (int i = 0; i < call.inputs().size(); i++) {
      operand(call.inputs().get(i), kernel.inputs().get(i)).ifPresent(operands::add);
    }
    var results = new ArrayList<Passage>();
    for (int i = 0; i < call.outputs().size(); i++) {
      result(call.outputs().get(i), kernel.outputs().get(i)).ifPresent(results::add);
    }
    return operands.size() == call.inputs().size() && results.size() == call.outputs().size()
        ? Optional.of(composition(kernel, operands, results))
        : Optional.empty();
  }

  /// In one step where somebody converts the kernel's layout as it is, else by way of the standard
  /// one.
  private Optional<Passage> operand(TensorType type, Layout inner) {
    if (type.dtype() != DType.BF16) {
      return Optional.of(new Passage(inner, List.of(), List.of()));
    }
    TensorType wide = wide(type);
    Layout standard = Layout.standard(type.shape());
    return convert(type, inner, wide, inner)
        .map(cast -> new Passage(inner, List.of(cast), List.of(inner.bytes(wide))))
        .or(() ->
            convert(type, standard, wide, standard)
                .flatMap(cast ->
                    convert(wide, standard, wide, inner)
                        .map(order ->
                            new Passage(
                                standard,
                                List.of(cast, order),
                                List.of(wide.bytes(), inner.bytes(wide))))));
  }

  /// To the standard layout.
  private Optional<Passage> result(TensorType type, Layout inner) {
    TensorType wide = wide(type);
    Layout standard = Layout.standard(type.shape());
    var legs = new ArrayList<Candidate>();
    var bytes = new ArrayList<Long>();
    if (!Layout.isStandard(inner, type.shape())) {
      var order = convert(wide, inner, wide, standard);
      if (order.isEmpty()) {
        return Optional.empty();
      }
      legs.add(order.get());
      bytes.add(inner.bytes(wide));
    }
    if (type.dtype() == DType.BF16) {
      var cast = convert(wide, standard, type, standard);
      if (cast.isEmpty()) {
        return Optional.empty();
      }
      legs.add(cast.get());
      bytes.add(wide.bytes());
    }
    return Optional.of(new Passage(standard, legs, bytes));
  }

  private Optional<Candidate> convert(
      TensorType from, Layout fromLayout, TensorType to, Layout toLayout) {
    return others.stream()
        .flatMap(b -> b.convert(from, fromLayout, to, toLayout).stream())
        .findFirst();
  }

  private Candidate composition(Candidate kernel, List<Passage> operands, List<Passage> results) {
    var room = new Room();
    room.share(kernel);
    var before = operands.stream().map(p -> p.take(room)).toList();
    var behind = results.stream().map(p -> p.take(room)).toList();
    return new Composition(
        call,
        kernel.label() + " widened",
        operands.stream().map(Passage::outer).toList(),
        room.bytes(),
        (in, out, scratch) -> {
          MemorySegment shared = room.shared(scratch);
          var kernels = new ArrayList<Kernel>();
          var taken = new ArrayList<MemorySegment>();
          for (int i = 0; i < in.size(); i++) {
            MemorySegment value = in.get(i);
            for (int k = 0; k < before.get(i).size(); k++) {
              MemorySegment next = before.get(i).get(k).in(scratch);
              Candidate leg = operands.get(i).legs().get(k);
              kernels.add(leg.bind(List.of(value), List.of(next), shared));
              value = next;
            }
            taken.add(value);
          }
          var made = new ArrayList<MemorySegment>();
          var last = new ArrayList<Kernel>();
          for (int i = 0; i < out.size(); i++) {
            MemorySegment value = out.get(i);
            for (int k = behind.get(i).size() - 1; k >= 0 && call.wanted().get(i); k--) {
              MemorySegment previous = behind.get(i).get(k).in(scratch);
              Candidate leg = results.get(i).legs().get(k);
              last.addFirst(leg.bind(List.of(previous), List.of(value), shared));
              value = previous;
            }
            made.add(value);
          }
          kernels.add(kernel.bind(taken, made, shared));
          kernels.addAll(last);
          return kernels;
        });
  }
}
