package unfold.testkit;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import unfold.backend.Backend;
import unfold.backend.Candidate;
import unfold.backend.Layout;
import unfold.backend.reference.ReferenceBackend;
import unfold.random.Stream;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Conversions between strided layouts and element types: each that a backend offers must give
/// exactly the numbers of the reference.
final class ConversionSuite {
  private static final List<Shape> SHAPES =
      List.of(
          Shape.SCALAR,
          Shape.of(1000),
          Shape.of(37, 24),
          Shape.of(2, 3, 5, 7),
          Shape.of(1, 24, 9, 9),
          Shape.of(37, 16, 3, 3));

  private ConversionSuite() {}

  static List<DynamicNode> tests(Backend backend) {
    var tests = new ArrayList<DynamicNode>();
    for (Shape shape : SHAPES) {
      for (DType from : DType.values()) {
        for (DType to : DType.values()) {
          for (var in : layouts(shape).entrySet()) {
            for (var out : layouts(shape).entrySet()) {
              var fromType = new TensorType(from, shape);
              var toType = new TensorType(to, shape);
              backend
                  .convert(fromType, in.getValue(), toType, out.getValue())
                  .ifPresent(candidate ->
                      tests.add(
                          DynamicTest.dynamicTest(
                              fromType + " " + in.getKey() + " to " + to + " " + out.getKey(),
                              () -> check(backend, candidate, fromType, toType))));
            }
          }
        }
      }
    }
    return tests.isEmpty()
        ? List.of()
        : List.of(DynamicContainer.dynamicContainer("conversions", tests));
  }

  private static Map<String, Layout> layouts(Shape shape) {
    var layouts = new LinkedHashMap<String, Layout>();
    layouts.put("row-major", Layout.rowMajor(shape));
    if (shape.rank() == 4) {
      layouts.put("channels-last", Layout.standard(shape));
    } else if (shape.rank() == 2) {
      layouts.put("column-major", new Layout.Strided(List.of(1L, (long) shape.dim(0))));
    }
    return layouts;
  }

  private static void check(Backend backend, Candidate candidate, TensorType from, TensorType to) {
    var random = Stream.of(BackendSuite.SEED, from + " to " + to, 0);
    Tensor x = Tensor.zeros(from);
    for (long i = 0; i < x.size(); i++) {
      x.set(i, 100 * random.nextGaussian());
    }
    var conversions = new Conversions(new ReferenceBackend());
    try (Arena arena = Arena.ofConfined()) {
      Layout inLayout = candidate.inputs().getFirst();
      Layout outLayout = candidate.outputs().getFirst();
      var in = new GuardedMemory(arena, inLayout.bytes(from));
      var out = new GuardedMemory(arena, outLayout.bytes(to));
      var scratch = new GuardedMemory(arena, candidate.scratchBytes());
      conversions.store(x, inLayout, in.inner());
      candidate.bind(List.of(in.inner()), List.of(out.inner()), scratch.inner()).run();
      Assertions.assertThat(conversions.load(to, outLayout, out.inner()).toDoubles())
          .as("%s %s", backend.name(), candidate.label())
          .isEqualTo(x.to(to.dtype()).toDoubles());
      Assertions.assertThat(in.intact() && out.intact() && scratch.intact())
          .as("%s %s writes only its result", backend.name(), candidate.label())
          .isTrue();
    }
  }
}
