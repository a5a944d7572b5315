package unfold.backend.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.backend.Workers;
import unfold.testkit.HeapUse;

@EnabledOnOs(OS.LINUX)
final class GompWorkersTest {
  static Stream<Workers> workers() {
    return IntStream.of(1, 2, 3)
        .mapToObj(n -> new OneDnnProvider().workers(n))
        .flatMap(Optional::stream);
  }

  @ParameterizedTest
  @MethodSource("workers")
  void runEachPartOnceForAnyNumberOfParts(Workers workers) {
    for (int parts : new int[] {0, 1, 2, 3, 7, 1000}) {
      var counts = new AtomicIntegerArray(parts);
      workers.run(parts, counts::incrementAndGet);
      for (int i = 0; i < parts; i++) {
        assertThat(counts.get(i)).as("part %d of %d", i, parts).isEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("workers")
  void useAsManyThreadsAsTheyHave(Workers workers) {
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    workers.run(
        workers.threads(),
        _ -> {
          seen.add(Thread.currentThread());
        });
    assertThat(seen).hasSize(workers.threads()).contains(Thread.currentThread());
  }

  @ParameterizedTest
  @MethodSource("workers")
  void rethrowWhatAPartThrewAfterAllPartsEnded(Workers workers) {
    var counts = new AtomicIntegerArray(64);
    assertThatThrownBy(() ->
            workers.run(
                64,
                i -> {
                  counts.incrementAndGet(i);
                  if (i == 5) {
                    throw new IllegalStateException("part 5");
                  }
                }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("part 5");
    assertThat(IntStream.range(0, 64).map(counts::get).sum()).isEqualTo(64);
    workers.run(1, _ -> {});
  }

  @ParameterizedTest
  @MethodSource("workers")
  void allocateNothing(Workers workers) {
    Workers.Body body = _ -> {};
    Runnable window =
        () -> {
          for (int i = 0; i < 1_000; i++) {
            workers.run(4, body);
          }
        };
    assertThat(HeapUse.quietest(window)).isZero();
  }
}
