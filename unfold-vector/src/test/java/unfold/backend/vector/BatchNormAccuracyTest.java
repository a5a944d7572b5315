package unfold.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import unfold.backend.Call;
import unfold.backend.Offer;
import unfold.backend.PoolWorkers;
import unfold.backend.Workers;
import unfold.op.Activation;
import unfold.op.Normalization.BatchNormTrain;
import unfold.op.Normalization.BatchNormTrainGrad;
import unfold.op.Op;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Batch normalisation of tensors large enough to be shared among threads.
class BatchNormAccuracyTest {
  private static final int C = 24;
  private static final int SIDE = 61;

  @Test
  void aMeanFarFromZeroDoesNotCancel() {
    double[] deviations = {1, 0.01, 100};
    for (double deviation : deviations) {
      double mean = 1000;
      var x = drawn(DType.F32, mean, deviation);
      var out = run(new PoolWorkers(2), x);
      double[] exact = statistics(x, 5);
      assertThat((double) (float) out.get(1).get(5)).isEqualTo((float) exact[0]);
      double inverseStd = 1 / Math.sqrt(exact[1] + 1e-5);
      assertThat(out.get(2).get(5) / inverseStd - 1)
          .as("σ⁻¹ for deviation %s", deviation)
          .isBetween(-2e-6, 2e-6);
    }
  }

  @Test
  void theGradientOfPairsDoesNotCancelEither() {
    // 2⁷ deviations from 0: the last bit of a bf16 is a deviation
    var x = drawn(DType.BF16, 128, 1);
    var dy = Tensor.zeros(x.type());
    var random = new Random(21);
    for (long i = 0; i < dy.size(); i++) {
      dy.set(i, random.nextGaussian());
    }
    var scale = Tensor.zeros(DType.F32, C);
    var mean = Tensor.zeros(DType.F32, C);
    var inverseStd = Tensor.zeros(DType.F32, C);
    for (int c = 0; c < C; c++) {
      double[] exact = statistics(x, c);
      scale.set(c, 1);
      mean.set(c, exact[0]);
      inverseStd.set(c, 1 / Math.sqrt(exact[1] + 1e-5));
    }
    var op = new BatchNormTrainGrad(Activation.IDENTITY);
    var shift = Tensor.zeros(DType.F32, C);
    var out = run(new PoolWorkers(2), op, List.of(dy, x, scale, shift, mean, inverseStd));
    for (int c = 0; c < C; c++) {
      double product = 0;
      for (long i = c; i < x.size(); i += C) {
        product += dy.get(i) * (x.get(i) - mean.get(c));
      }
      double spread = Math.sqrt((double) x.size() / C);
      assertThat(out.get(1).get(c) - product * inverseStd.get(c))
          .as("scale's gradient in channel %s, which is of the order of %s", c, spread)
          .isBetween(-1e-4 * spread, 1e-4 * spread);
    }
  }

  @Test
  void theSameThreadsGiveTheSameBits() {
    var x = drawn(DType.BF16, 0.5, 2);
    var workers = new PoolWorkers(3);
    byte[] first = bytes(run(workers, x));
    for (int i = 0; i < 5; i++) {
      assertThat(bytes(run(workers, x))).isEqualTo(first);
    }
    workers.close();
  }

  @Test
  void oneThreadAndThreeAgree() {
    var x = drawn(DType.F32, 0.5, 2);
    var workers = new PoolWorkers(3);
    var three = run(workers, x);
    var one = run(Workers.single(), x);
    for (int i = 0; i < 1000; i++) {
      assertThat(three.getFirst().get(i) - one.getFirst().get(i)).isBetween(-1e-6, 1e-6);
    }
    workers.close();
  }

  private static Tensor drawn(DType dtype, double mean, double deviation) {
    var x = Tensor.zeros(dtype, 4, C, SIDE, SIDE);
    var random = new Random(20);
    for (long i = 0; i < x.size(); i++) {
      x.set(i, mean + deviation * random.nextGaussian());
    }
    return x;
  }

  /// Mean and variance of a channel of memory that holds channels innermost.
  private static double[] statistics(Tensor x, int channel) {
    double sum = 0;
    double n = (double) x.size() / C;
    for (long i = channel; i < x.size(); i += C) {
      sum += x.get(i);
    }
    double squares = 0;
    for (long i = channel; i < x.size(); i += C) {
      squares += (x.get(i) - sum / n) * (x.get(i) - sum / n);
    }
    return new double[] {sum / n, squares / n};
  }

  /// The results of batch normalisation with memory of x read as channels innermost.
  private static List<Tensor> run(Workers workers, Tensor x) {
    var ones = Tensor.zeros(DType.F32, C);
    for (int c = 0; c < C; c++) {
      ones.set(c, 1);
    }
    return run(
        workers,
        new BatchNormTrain(1e-5, 0.1, Activation.RELU),
        List.of(x, ones, ones, ones, ones));
  }

  private static List<Tensor> run(Workers workers, Op op, List<Tensor> in) {
    var call = Call.of(op, in.stream().map(Tensor::type).toList());
    var offer = (Offer.Accepted) new VectorBackend(workers).offer(call);
    var candidate = offer.candidates().getFirst();
    var out = new ArrayList<Tensor>();
    for (TensorType t : call.outputs()) {
      out.add(Tensor.zeros(t));
    }
    try (Arena arena = Arena.ofShared()) {
      MemorySegment scratch = arena.allocate(candidate.scratchBytes(), 64);
      candidate
          .bind(
              in.stream().map(Tensor::data).toList(),
              out.stream().map(Tensor::data).toList(),
              scratch)
          .run();
    }
    return out;
  }

  private static byte[] bytes(List<Tensor> tensors) {
    byte[] all = {};
    for (Tensor t : tensors) {
      byte[] more = t.data().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
      int end = all.length;
      all = Arrays.copyOf(all, end + more.length);
      System.arraycopy(more, 0, all, end, more.length);
    }
    return all;
  }
}
