package unfold.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import unfold.backend.Backend;
import unfold.backend.Candidate;
import unfold.backend.Layout;
import unfold.backend.reference.ReferenceBackend;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Host tensors into the layout a kernel asks for and back: strided layouts by the reference,
/// packed ones by the backend that knows them.
final class Conversions {
  private static final Backend REFERENCE = new ReferenceBackend();

  private final Backend backend;

  Conversions(Backend backend) {
    this.backend = backend;
  }

  /// Writes a row-major tensor to memory of this layout.
  void store(Tensor from, Layout layout, MemorySegment to) {
    TensorType type = from.type();
    Layout rowMajor = Layout.rowMajor(type.shape());
    switch (layout) {
      case Layout.Strided _ -> run(REFERENCE, type, rowMajor, from.data(), layout, to);
      case Layout.Packed _ -> {
        Layout standard = Layout.standard(type.shape());
        Tensor middle = Tensor.zeros(type);
        run(REFERENCE, type, rowMajor, from.data(), standard, middle.data());
        run(backend, type, standard, middle.data(), layout, to);
      }
    }
  }

  /// Reads memory of this layout into a row-major tensor.
  Tensor load(TensorType type, Layout layout, MemorySegment from) {
    Tensor out = Tensor.zeros(type);
    Layout rowMajor = Layout.rowMajor(type.shape());
    switch (layout) {
      case Layout.Strided _ -> run(REFERENCE, type, layout, from, rowMajor, out.data());
      case Layout.Packed _ -> {
        Layout standard = Layout.standard(type.shape());
        Tensor middle = Tensor.zeros(type);
        run(backend, type, layout, from, standard, middle.data());
        run(REFERENCE, type, standard, middle.data(), rowMajor, out.data());
      }
    }
    return out;
  }

  private static void run(
      Backend backend,
      TensorType type,
      Layout fromLayout,
      MemorySegment from,
      Layout toLayout,
      MemorySegment to) {
    Candidate convert =
        backend
            .convert(type, fromLayout, type, toLayout)
            .orElseThrow(() ->
                new AssertionError(
                    backend.name()
                        + " asks for layouts that it does not convert: "
                        + type
                        + " from "
                        + fromLayout
                        + " to "
                        + toLayout));
    try (Arena arena = Arena.ofConfined()) {
      var scratch = arena.allocate(Math.max(1, convert.scratchBytes()), 64);
      convert.bind(List.of(from), List.of(to), scratch).run();
    }
  }
}
