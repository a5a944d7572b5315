package unfold.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import unfold.graph.Graph;
import unfold.graph.GraphParser;
import unfold.memory.Block;
import unfold.memory.HeapUse;
import unfold.plan.FakeBackend;
import unfold.plan.PlanOptions;
import unfold.plan.Planner;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;

/// Programs cost nothing while they run, and nothing when they are gone.
final class MemoryTest {
  private static Program program(String text) {
    Graph graph = GraphParser.parse(text);
    var plan = new Planner(List.of(FakeBackend.plain()), PlanOptions.defaults()).plan(graph);
    return new Program(plan, new States());
  }

  @Test
  void aRunAllocatesNothingOnTheHeap() {
    var program =
        program(
            """
            graph small {
              feed %0 x : f32[2x2]
              state %1 p : f32[2x2]
              state %2 q : f32[2x2]
              %3 = cast(%2) to=bf16 : bf16[2x2]
              %4 = matmul(%3, %3) ta=false tb=false out=f32 : f32[2x2]
              %5 = binary(%0, %4) f=add : f32[2x2]
              %6 = matmul(%1, %5) ta=false tb=true out=f32 : f32[2x2]
              result y %6
              update p %5
            }
            """);
    program.feed("x", Tensor.of(Shape.of(2, 2), 1f, 2, 3, 4));
    float[] sum = {run(program, 2000)};

    assertThat(HeapUse.quietest(() -> sum[0] += run(program, 100))).isZero();
    assertThat(sum[0]).isFinite();
  }

  private static float run(Program program, int times) {
    float sum = 0;
    for (int i = 0; i < times; i++) {
      program.run();
      sum += program.scalar("y");
    }
    return sum;
  }

  @Test
  void twoThousandProgramsOneAfterTheOtherLeaveMemoryFlat() throws IOException {
    long before = residentBytes();
    long blocks = Block.liveBytes();
    long peak = 0;
    for (int i = 0; i < 2000; i++) {
      var program =
          program(
              """
              graph large {
                feed %0 x : u8[1048576]
                result y %0
              }
              """);
      program.feedMemory("x").fill((byte) i);
      program.run();
      peak = Math.max(peak, residentBytes());
    }
    // two GiB were allocated and touched in all; a slow collector may let a part of it pile up
    assertThat(peak - before).isLessThan(1L << 30);
    assertThat(Block.liveBytes() - blocks).isLessThan(1L << 30);
  }

  /// Memory that the process has in use; Linux tells, elsewhere what the blocks take.
  private static long residentBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return Block.liveBytes();
    }
    return Files.readAllLines(status).stream()
        .filter(l -> l.startsWith("VmRSS:"))
        .mapToLong(l -> Long.parseLong(l.replaceAll("[^0-9]", "")) << 10)
        .sum();
  }
}
