package unfold.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unfold.backend.reference.Reference;
import unfold.error.ShapeException;
import unfold.op.Op;
import unfold.random.Stream;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Shapes as a careless person would write them, by changing those of the samples.
class OpFuzzTest {
  private static final int[] EXTENTS = {0, 1, 2, 3, 5, 24, 1 << 16, Integer.MAX_VALUE};

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void wrongOperandsEndInAShapeExceptionAndRightOnesCanBeComputed(long seed) {
    int refused = 0;
    int computed = 0;
    for (Sample sample : Samples.all()) {
      var random = Stream.of(seed, "fuzz " + sample.name(), 0);
      DType real = sample.types().contains(DType.F64) ? DType.F64 : DType.F32;
      Op op = sample.op(real);
      for (int i = 0; i < 20; i++) {
        var like = random.nextInt(4) == 0 ? another(sample, real, random) : sample;
        var operands = mutated(like.inputs(real), random);
        String call = op.name() + " " + op.attributes() + " on " + operands + ", seed " + seed;
        List<TensorType> results;
        try {
          results = op.infer(operands);
        } catch (ShapeException e) {
          assertThat(e.getMessage())
              .as(call)
              .matches(op.name() + ": .*|shape \\[.*] has more elements than fit");
          refused++;
          continue;
        } catch (RuntimeException e) {
          throw new AssertionError(call, e);
        }
        if (cheap(operands) && cheap(results)) {
          compute(op, operands, results, call);
          computed++;
        }
      }
    }
    assertThat(refused).isGreaterThan(3000);
    assertThat(computed).isGreaterThan(500);
  }

  /// A sample of the same op with other settings, so that shapes meet settings they do not fit.
  private static Sample another(Sample sample, DType real, Stream random) {
    var others = Samples.of(sample.op(real).name());
    Sample other = others.get(random.nextInt(others.size()));
    return other.types().contains(real) ? other : sample;
  }

  private static boolean cheap(List<TensorType> types) {
    return types.stream().mapToLong(t -> t.shape().size()).sum() < 2000;
  }

  private static void compute(
      Op op, List<TensorType> operands, List<TensorType> results, String call) {
    try {
      var values = Reference.evaluate(op, operands.stream().map(Tensor::zeros).toList());
      assertThat(values.stream().map(Tensor::type).toList()).as(call).isEqualTo(results);
    } catch (RuntimeException e) {
      throw new AssertionError(call, e);
    }
  }

  private static List<TensorType> mutated(List<TensorType> types, Stream random) {
    var out = new ArrayList<>(types);
    int changes = 1 + random.nextInt(2);
    for (int i = 0; i < changes; i++) {
      if (out.isEmpty()) {
        out.add(TensorType.f32(2, 3));
        continue;
      }
      int at = random.nextInt(out.size());
      TensorType t = out.get(at);
      switch (random.nextInt(7)) {
        case 0 -> out.remove(at);
        case 1 -> out.add(at, t);
        case 2 -> Collections.swap(out, at, random.nextInt(out.size()));
        case 3 -> out.set(at, t.with(DType.values()[random.nextInt(DType.values().length)]));
        default -> out.set(at, t.with(reshaped(t.shape(), random)));
      }
    }
    return out;
  }

  private static Shape reshaped(Shape shape, Stream random) {
    var dims = new ArrayList<>(shape.toList());
    int extent = EXTENTS[random.nextInt(EXTENTS.length)];
    try {
      if (dims.isEmpty() || random.nextInt(4) == 0) {
        dims.add(random.nextInt(dims.size() + 1), extent);
      } else if (random.nextInt(4) == 0) {
        dims.remove(random.nextInt(dims.size()));
      } else {
        dims.set(random.nextInt(dims.size()), extent);
      }
      return Shape.of(dims);
    } catch (ShapeException _) {
      return shape; // more elements than a long can count
    }
  }
}
