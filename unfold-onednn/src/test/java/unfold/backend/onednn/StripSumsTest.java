package unfold.backend.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Offer;
import unfold.op.Convolution.Conv2dWeightGrad;
import unfold.op.Linear.MatMul;
import unfold.op.Window;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// Products large enough for strips are too large for the samples of every backend; here they are
/// compared with sums in double.
final class StripSumsTest {
  private static final long SEED = 7;

  private final Backend backend = open();

  private static Backend open() {
    var provider = new OneDnnProvider();
    return provider.open(provider.workers(2).orElseThrow());
  }

  /// Of the rows of the first line, two fill no strip; in the second the sum is formed lying.
  @ParameterizedTest
  @CsvSource({"530, 130, 514", "1037, 515, 129"})
  void sumsOverRows(int rows, int m, int n) {
    var a = TensorType.f32(rows, m);
    var b = TensorType.f32(rows, n);
    var call = Call.of(new MatMul(true, false, DType.F32), List.of(a, b));
    assertThat(worst(call, rows, m, n, 0)).isLessThan(2e-5);
  }

  @ParameterizedTest
  @CsvSource({"2, 512, 17, 128", "1, 136, 24, 520"})
  void gradientsOfPointwiseConvolutions(int items, int in, int side, int out) {
    var x = TensorType.f32(items, in, side, side);
    var dy = TensorType.f32(items, out, side, side);
    var op = new Conv2dWeightGrad(Window.UNIT, 1, 1, 1, DType.F32);
    var call = Call.of(op, List.of(x, dy));
    assertThat(worst(call, items * side * side, out, in, 1)).isLessThan(2e-5);
  }

  /// The largest error of aᵀ·b, in units of what a row of it is typically.
  ///
  /// @param a place of the operand a, whose rows lie one after the other
  private double worst(Call call, int rows, int m, int n, int a) {
    var strips =
        ((Offer.Accepted) backend.offer(call))
            .candidates().stream().filter(c -> c.label().equals("strips")).findFirst();
    assumeTrue(strips.isPresent(), "this CPU has faster products");
    var random = new Random(SEED);
    float[] left = normal(random, rows * m);
    float[] right = normal(random, rows * n);
    float[] y = run(strips.get(), call, a == 0 ? List.of(left, right) : List.of(right, left));
    double[] sums = new double[m * n];
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          sums[i * n + j] += (double) left[r * m + i] * right[r * n + j];
        }
      }
    }
    double most = 0;
    for (int i = 0; i < sums.length; i++) {
      most = Math.max(most, Math.abs(y[i] - sums[i]));
    }
    return most / Math.sqrt(rows);
  }

  private static float[] normal(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  private static float[] run(Candidate candidate, Call call, List<float[]> operands) {
    try (var arena = Arena.ofShared()) {
      var in = operands.stream().map(o -> memory(arena, o)).toList();
      var out = arena.allocate(call.outputs().getFirst().bytes(), 64);
      var scratch = arena.allocate(Math.max(1, candidate.scratchBytes()), 64);
      candidate.bind(in, List.of(out), scratch).run();
      return out.toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  private static MemorySegment memory(Arena arena, float[] numbers) {
    var memory = arena.allocate(4L * numbers.length, 64);
    MemorySegment.copy(numbers, 0, memory, ValueLayout.JAVA_FLOAT, 0, numbers.length);
    return memory;
  }
}
