package unfold.backend.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import unfold.backend.Workers;

@EnabledOnOs(OS.LINUX)
final class GatheringTest {
  private static final int MANY = 200;

  private final Processors processors = Processors.find().orElseThrow();

  /// Each part but the first on a thread of its own.
  private record Threads(int threads) implements Workers {
    @Override
    public void run(int parts, Body body) {
      var others =
          IntStream.range(1, parts)
              .mapToObj(i -> Thread.ofPlatform().start(() -> body.part(i)))
              .toList();
      body.part(0);
      for (Thread t : others) {
        try {
          t.join();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  /// Says that it is two, and is one.
  private record Alone(int threads) implements Workers {
    @Override
    public void run(int parts, Body body) {
      for (int i = 0; i < parts; i++) {
        body.part(i);
      }
    }
  }

  @Test
  void threadsThatExistMeet() {
    var gathering = new Gathering(processors, new Threads(2));
    assertThat(IntStream.range(0, MANY).filter(_ -> gathering.run()).count()).isPositive();
  }

  @Test
  void aTeamSmallerThanItSaysDoesNotWaitForEver() {
    assertThat(new Gathering(processors, new Alone(3)).run()).isFalse();
  }

  @Test
  void aThreadMovesToAFreeProcessorAndIsNotBoundToIt() {
    assumeTrue(Runtime.getRuntime().availableProcessors() > 1);
    for (int i = 0; i < MANY; i++) {
      int before = processors.current();
      int[] taken = {before, before};
      processors.move(taken, 0);
      // It may be moved on by the system at once, but not always; and it can leave again.
      if (processors.current() != before) {
        int there = processors.current();
        processors.move(new int[] {there}, 0);
        if (processors.current() != there) {
          return;
        }
      }
    }
    throw new AssertionError("never stood on another processor");
  }

  @Test
  void whereAllProcessorsAreTakenNobodyMoves() {
    int[] all = IntStream.range(0, 1024).toArray();
    processors.move(all, 0);
    processors.move(new int[0], 2000);
    assertThat(processors.current()).isNotNegative();
  }
}
