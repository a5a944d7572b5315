package unfold.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Offer;
import unfold.backend.PoolWorkers;
import unfold.backend.reference.Reference;
import unfold.op.Pooling.MaxPool2d;
import unfold.op.Window;
import unfold.tensor.Bf16;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Maxima of bf16 are found without arithmetic: what is special among numbers must be known.
final class PoolHalfTest {
  /// NaN of either sign and of any payload, infinities, zeros, ones and the least numbers.
  private static final int[] SPECIAL = {
    0x7FC0, 0xFFC0, 0x7F81, 0xFFFF, 0x7F80, 0xFF80, 0x0000, 0x8000, 0x3F80, 0xBF80, 0x0001, 0x8001
  };

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void nanInfinitiesZerosAndTies(int kernel) {
    var op = new MaxPool2d(kernel, kernel, Window.of(2, kernel - 2));
    var type = new TensorType(DType.BF16, Shape.of(3, 2 * PoolHalfLoops.LANES, 10, 10));
    Tensor x = Tensor.zeros(type);
    var random = new Random(1);
    for (long i = 0; i < x.size(); i++) {
      // the fewer kinds, the more windows without NaN
      int kinds = 1 + random.nextInt(SPECIAL.length);
      int bits = SPECIAL[SPECIAL.length - 1 - random.nextInt(kinds)];
      x.data().set(ValueLayout.JAVA_SHORT, 2 * i, (short) bits);
    }
    List<Tensor> want = Reference.evaluate(op, List.of(x));

    Tensor y = want.get(0);
    Tensor place = want.get(1);
    MemorySegment values = channelsLast(x, 2);
    MemorySegment best = Tensor.zeros(y.type()).data();
    MemorySegment places = Tensor.zeros(place.type()).data();
    try (var workers = new PoolWorkers(2);
        Arena arena = Arena.ofConfined()) {
      Offer offer = new PureBackend(workers).offer(Call.of(op, List.of(type)));
      assertThat(offer).isInstanceOf(Offer.Accepted.class);
      Candidate candidate = ((Offer.Accepted) offer).candidates().getFirst();
      MemorySegment scratch = arena.allocate(candidate.scratchBytes() + 64, 64);
      candidate.bind(List.of(values), List.of(best, places), scratch).run();
    }

    MemorySegment wantedBest = channelsLast(y, 2);
    MemorySegment wantedPlaces = channelsLast(place, 1);
    int nan = 0;
    for (long i = 0; i < y.size(); i++) {
      float wanted = Bf16.toFloat(wantedBest.get(ValueLayout.JAVA_SHORT, 2 * i));
      float got = Bf16.toFloat(best.get(ValueLayout.JAVA_SHORT, 2 * i));
      nan += Float.isNaN(wanted) ? 1 : 0;
      assertThat(got + 0f).as("maximum %d", i).isEqualTo(Float.valueOf(wanted + 0f));
      assertThat(places.get(ValueLayout.JAVA_BYTE, i))
          .as("place %d", i)
          .isEqualTo(wantedPlaces.get(ValueLayout.JAVA_BYTE, i));
    }
    assertThat(nan).isBetween(1, (int) y.size() - 1);
  }

  /// The numbers of a tensor N×C×H×W, channels last.
  private static MemorySegment channelsLast(Tensor t, int bytes) {
    int channels = t.shape().dim(1);
    int area = t.shape().dim(2) * t.shape().dim(3);
    MemorySegment whole = Tensor.zeros(t.type()).data();
    for (long i = 0; i < t.size(); i++) {
      long item = i / area / channels;
      long channel = i / area % channels;
      long to = (item * area + i % area) * channels + channel;
      MemorySegment.copy(t.data(), i * bytes, whole, to * bytes, bytes);
    }
    return whole;
  }
}
