package unfold.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.backend.Workers;
import unfold.op.Pointwise;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

final class TimingChooserTest {
  private static final TensorType X = TensorType.f32(4, 4);
  private static final Call CALL =
      Call.of(new Pointwise.Unary(Pointwise.UnaryFunction.NEGATE), List.of(X));
  private static final TimingChooser.Effort EFFORT = new TimingChooser.Effort(3, 1_000_000);

  private final AtomicInteger runs = new AtomicInteger();

  /// Takes a while, and checks that its operand is sane.
  private record Busy(String label, long nanos, AtomicInteger runs) implements Candidate {
    @Override
    public List<Layout> inputs() {
      return CALL.layouts();
    }

    @Override
    public List<Layout> outputs() {
      return CALL.layouts();
    }

    @Override
    public Kernel bind(
        List<MemorySegment> inputs, List<MemorySegment> outputs, MemorySegment scratch) {
      for (DType dtype : List.of(DType.F32, DType.BF16)) {
        for (long i = 0; i < 16; i++) {
          assertThat(Math.abs(Tensor.read(inputs.getFirst(), dtype, i))).isBetween(0.5, 2.0);
        }
      }
      return () -> {
        runs.incrementAndGet();
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
          Thread.onSpinWait();
        }
      };
    }
  }

  private List<Chooser.Option> options(long... micros) {
    var options = new ArrayList<Chooser.Option>();
    for (int i = 0; i < micros.length; i++) {
      options.add(
          new Chooser.Option(
              FakeBackend.plain(), new Busy("k" + i, micros[i] * 1000, runs), List.of()));
    }
    return options;
  }

  @Test
  void takesTheFastestAndTimesEachCallOnce() {
    var chooser = TimingChooser.of(EFFORT, Workers.single());
    assertThat(chooser.choose(CALL, options(400, 50, 800))).isEqualTo(1);
    int timed = runs.get();
    assertThat(chooser.choose(CALL, options(400, 50, 800))).isEqualTo(1);
    assertThat(runs.get()).isEqualTo(timed);
    assertThat(chooser.choices())
        .isEqualTo(Map.of("unary f=negate | f32[4x4] -> f32[4x4]", "fake/k1"));
  }

  @Test
  void aSecondLookMendsWhatADisturbedFirstOneChose() {
    var chooser = TimingChooser.of(EFFORT, Workers.single());
    assertThat(chooser.choose(CALL, options(400, 900))).isZero();
    assertThat(chooser.reconsiders()).isTrue();
    assertThat(chooser.choose(CALL, options(400, 50))).isEqualTo(1);
    chooser.rest();
    assertThat(chooser.reconsiders()).isFalse();
    runs.set(0);
    assertThat(chooser.choose(CALL, options(50, 400))).isEqualTo(1);
    assertThat(runs.get()).isZero();
  }

  @Test
  void theBetterOfBothLooksCounts() {
    var chooser = TimingChooser.of(EFFORT, Workers.single());
    assertThat(chooser.choose(CALL, options(200, 50))).isEqualTo(1);
    assertThat(chooser.reconsiders()).isTrue();
    assertThat(chooser.choose(CALL, options(200, 900))).isEqualTo(1);
  }

  @Test
  void whatWasNotTimedIsNotReconsidered() {
    var chooser = TimingChooser.of(EFFORT, Workers.single());
    chooser.choose(CALL, options(50));
    assertThat(chooser.reconsiders()).isFalse();
  }

  @Test
  void conversionsCount() {
    var hop =
        new Conversions.Hop(
            "fake",
            new Busy("reorder", 600_000, runs),
            X,
            CALL.layouts().getFirst(),
            X,
            CALL.layouts().getFirst());
    var options = new ArrayList<>(options(300, 50));
    options.set(
        1, new Chooser.Option(FakeBackend.plain(), options.get(1).candidate(), List.of(hop)));
    assertThat(TimingChooser.of(EFFORT, Workers.single()).choose(CALL, options)).isZero();
  }

  @Test
  void aResumedRunTakesTheChoicesItIsGiven() {
    var chooser =
        TimingChooser.of(EFFORT, Workers.single())
            .startingFrom(Map.of("unary f=negate | f32[4x4] -> f32[4x4]", "fake/k0"));
    assertThat(chooser.choose(CALL, options(400, 50))).isZero();
    assertThat(runs.get()).isZero();
  }

  @Test
  void withoutEffortTheFirstIsTakenUntimed() {
    assertThat(
            TimingChooser.of(TimingChooser.Effort.NONE, Workers.single())
                .choose(CALL, options(400, 50)))
        .isZero();
    assertThat(runs.get()).isZero();
  }

  @Test
  void kernelsOfLessPreferredBackendsAreNotRaced() {
    var options = new ArrayList<>(options(400, 50));
    options.addFirst(
        new Chooser.Option(
            FakeBackend.named("preferred"), new Busy("java", 900_000, runs), List.of()));
    assertThat(TimingChooser.of(EFFORT, Workers.single()).choose(CALL, options)).isZero();
    assertThat(runs.get()).isZero();
  }

  @Test
  void aFileDoesNotKeepAnOpFromABackendThatLearnedItSince(@TempDir Path directory) {
    var before = TimingChooser.of(EFFORT, Workers.single(), directory, "cpu a");
    assertThat(before.choose(CALL, options(400, 50))).isEqualTo(1);
    before.rest();

    var options = new ArrayList<>(options(400, 50));
    options.addFirst(
        new Chooser.Option(
            FakeBackend.named("preferred"), new Busy("new", 900_000, runs), List.of()));
    assertThat(TimingChooser.of(EFFORT, Workers.single(), directory, "cpu a").choose(CALL, options))
        .isZero();
  }

  @Test
  void aFileRemembersForTheSameMachineOnly(@TempDir Path directory) throws IOException {
    var first = TimingChooser.of(EFFORT, Workers.single(), directory, "cpu a, 2 threads");
    assertThat(first.choose(CALL, options(400, 50))).isEqualTo(1);
    first.rest();
    runs.set(0);

    var second = TimingChooser.of(EFFORT, Workers.single(), directory, "cpu a, 2 threads");
    assertThat(second.choose(CALL, options(50, 400))).isEqualTo(1);
    assertThat(runs.get()).isZero();

    var elsewhere = TimingChooser.of(EFFORT, Workers.single(), directory, "cpu a, 4 threads");
    assertThat(elsewhere.choose(CALL, options(50, 400))).isZero();
    try (var files = Files.list(directory)) {
      assertThat(files.map(p -> p.getFileName().toString()))
          .hasSize(1)
          .allMatch(n -> n.matches("choices-[0-9a-f]{16}.txt"));
    }
  }

  @Test
  void aDamagedFileIsLeftAsideAndReplaced(@TempDir Path directory) throws IOException {
    var file = new ChoiceFile(directory, "cpu a");
    file.add(Map.of("call", "kernel"));
    assertThat(file.read()).isEqualTo(Map.of("call", "kernel"));
    for (String damage :
        List.of("", "something else\n", Files.readString(file.path()) + "half a li")) {
      Files.writeString(file.path(), damage);
      assertThat(file.read()).isEmpty();
    }
    file.add(Map.of("other", "kernel"));
    assertThat(file.read()).isEqualTo(Map.of("other", "kernel"));
  }
}
