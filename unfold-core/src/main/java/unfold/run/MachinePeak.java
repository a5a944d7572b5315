package unfold.run;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.List;
import unfold.backend.Backend;
import unfold.error.PlanException;
import unfold.graph.Graph;
import unfold.graph.GraphBuilder;
import unfold.graph.Value;
import unfold.memory.Block;
import unfold.op.Linear;
import unfold.op.Pointwise;
import unfold.plan.Plan;
import unfold.plan.PlanOptions;
import unfold.plan.Planner;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// What this machine can do at most, measured through the backends: large matrix products with a
/// packed right-hand side, and a scaled copy of more memory than any cache holds.
///
/// @param copyBytesPerSecond read and written
/// @param f32FlopsPerSecond 0 if no fast backend computes it
/// @param bf16FlopsPerSecond 0 if no fast backend computes it
public record MachinePeak(
    double copyBytesPerSecond, double f32FlopsPerSecond, double bf16FlopsPerSecond) {
  private static final int SIZE = 2048;
  private static final int COPY_ELEMENTS = 32 << 20;
  private static final int RUNS = 5;

  /// Four of them are an f32 and two a bf16 of about 0.75. Memory must have been written before it
  /// is read here: all pages that nobody has written are one page of zeros, which lies in a cache.
  private static final byte HARMLESS = 0x3f;

  /// Nothing is known.
  public static final MachinePeak UNKNOWN = new MachinePeak(0, 0, 0);

  /// Takes about a second; nothing else should run meanwhile.
  public static MachinePeak measure(List<Backend> backends) {
    return new MachinePeak(
        Math.max(best(backends, copy()), plainCopy()),
        best(backends, product(DType.F32)),
        backends.stream().anyMatch(b -> b.traits().bf16())
            ? best(backends, product(DType.BF16))
            : 0);
  }

  /// The least time for this work, limited by arithmetic or by memory; 0 if that is unknown.
  public double boundNanos(long flops, long bytes, boolean bf16) {
    double peak = bf16 && bf16FlopsPerSecond > 0 ? bf16FlopsPerSecond : f32FlopsPerSecond;
    double arithmetic = peak > 0 ? flops / peak : 0;
    double memory = copyBytesPerSecond > 0 ? bytes / copyBytesPerSecond : 0;
    return 1e9 * Math.max(arithmetic, memory);
  }

  private static Graph copy() {
    var g = new GraphBuilder("copy");
    Value x = g.feed("x", TensorType.f32(COPY_ELEMENTS));
    g.result("y", g.one(new Pointwise.Affine(0.5, 1), "", x));
    return g.build();
  }

  private static Graph product(DType dtype) {
    var g = new GraphBuilder("product_" + dtype);
    Value a = g.feed("a", TensorType.of(dtype, SIZE, SIZE));
    Value b = g.state("b", TensorType.f32(SIZE, SIZE));
    Value packed = dtype == DType.F32 ? b : g.one(new Pointwise.Cast(dtype), "", b);
    g.result("y", g.one(new Linear.MatMul(false, false, dtype), "", a, packed));
    return g.build();
  }

  /// What one thread of the JVM copies.
  private static double plainCopy() {
    long bytes = 4L * COPY_ELEMENTS / 2;
    Block block = Block.allocate(2 * bytes);
    block.segment().fill(HARMLESS);
    double best = 0;
    for (int i = 0; i < RUNS; i++) {
      long start = System.nanoTime();
      MemorySegment.copy(block.segment(), 0, block.segment(), bytes, bytes);
      best = Math.max(best, 2e9 * bytes / Math.max(1, System.nanoTime() - start));
    }
    Reference.reachabilityFence(block);
    return best;
  }

  /// Work a second of the only step, in FLOP if it is a matrix product, else in bytes; 0 if nobody
  /// is fast.
  private static double best(List<Backend> backends, Graph graph) {
    var fast = backends.stream().filter(b -> !b.name().equals("reference")).toList();
    Plan plan;
    try {
      plan = new Planner(fast, PlanOptions.defaults()).plan(graph);
    } catch (PlanException _) {
      return 0;
    }
    var program = new Program(plan, new States());
    graph.inputs().stream()
        .filter(i -> i.role() == Graph.Role.FEED)
        .forEach(i -> program.feedMemory(i.name()).fill(HARMLESS));
    double best = 0;
    for (int i = 0; i < RUNS; i++) {
      long[] nanos = program.runProfiled();
      for (int k = plan.prologue(); k < nanos.length; k++) {
        var step = plan.steps().get(k);
        long work = step.op().equals("matmul") ? step.flops() : step.bytes();
        best = Math.max(best, 1e9 * work / Math.max(1, nanos[k]));
      }
    }
    return best;
  }
}
