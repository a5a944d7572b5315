package unfold.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import unfold.memory.HeapUse;

class PoolWorkersTest {
  private final PoolWorkers workers = new PoolWorkers(3);

  @AfterEach
  void close() {
    workers.close();
  }

  @Test
  void runsEachPartOnceWhateverTheirNumber() {
    for (int parts = 0; parts < 20; parts++) {
      var runs = new AtomicIntegerArray(20);
      workers.run(parts, runs::incrementAndGet);
      for (int i = 0; i < 20; i++) {
        assertThat(runs.get(i)).as("part %d of %d", i, parts).isEqualTo(i < parts ? 1 : 0);
      }
    }
  }

  @Test
  void wakesAfterItHasParked() {
    var runs = new AtomicIntegerArray(3);
    for (int round = 0; round < 5; round++) {
      LockSupport.parkNanos(2_000_000);
      workers.run(3, runs::incrementAndGet);
    }
    assertThat(runs.get(0)).isEqualTo(5);
    assertThat(runs.get(1)).isEqualTo(5);
    assertThat(runs.get(2)).isEqualTo(5);
  }

  @Test
  void throwsWhatAPartThrewAfterAllHaveEnded() {
    var runs = new AtomicIntegerArray(3);
    assertThatThrownBy(() ->
            workers.run(
                3,
                part -> {
                  runs.incrementAndGet(part);
                  if (part == 1) {
                    throw new IllegalStateException("part 1");
                  }
                }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("part 1");
    assertThat(runs.get(0) + runs.get(1) + runs.get(2)).isEqualTo(3);
    workers.run(3, runs::incrementAndGet);
    assertThat(runs.get(2)).isEqualTo(2);
  }

  @Test
  void allocatesNothing() {
    Workers.Body body = _ -> {};
    Runnable window =
        () -> {
          for (int i = 0; i < 1000; i++) {
            workers.run(3, body);
          }
        };
    assertThat(HeapUse.quietest(window)).isZero();
  }

  @Test
  void refusesNoThreads() {
    assertThatThrownBy(() -> new PoolWorkers(0)).hasMessage("needs at least 1 thread, not 0");
  }
}
