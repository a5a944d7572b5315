package unfold.backend.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Offer;
import unfold.backend.PoolWorkers;
import unfold.backend.Workers;
import unfold.op.Activation;
import unfold.op.Movement.Concat;
import unfold.op.Movement.Reshape;
import unfold.op.Normalization.BatchNormTrain;
import unfold.op.Normalization.BatchNormTrainGrad;
import unfold.op.Op;
import unfold.op.Pointwise.Activate;
import unfold.op.Pointwise.ActivateGrad;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.BinaryFunction;
import unfold.op.Pointwise.Cast;
import unfold.op.Pointwise.NormalizePicture;
import unfold.op.Pooling.AveragePool2d;
import unfold.op.Pooling.AveragePool2dGrad;
import unfold.op.Pooling.MaxPool2d;
import unfold.op.Pooling.MaxPool2dGrad;
import unfold.op.Reduction.Fold;
import unfold.op.Reduction.Reduce;
import unfold.op.Softmaxes.SoftmaxCrossEntropy;
import unfold.op.Softmaxes.SoftmaxCrossEntropyGrad;
import unfold.op.Updates.Adam;
import unfold.op.Updates.Sgd;
import unfold.op.Window;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Speed of the kernels beside that of a copy: `KernelSpeed [words of a case…]`. Not a test; run
/// its main with the machine to itself. GB/s count each operand and result once.
public final class KernelSpeed {
  private KernelSpeed() {}

  private record Case(String name, Op op, List<TensorType> inputs) {}

  public static void main(String[] words) {
    Workers workers = new PoolWorkers(2);
    System.out.printf("vectors of %d floats, %d threads%n", Raw.L, workers.threads());
    var backend = new PureBackend(workers);
    copy(workers);
    for (Case c : cases()) {
      if (Arrays.stream(words).allMatch(c.name()::contains)) {
        measure(backend, c);
      }
    }
  }

  private static List<Case> cases() {
    var cases = new ArrayList<Case>();
    for (DType t : List.of(DType.BF16, DType.F32)) {
      for (int[] s :
          new int[][] {
            {16, 64, 112, 112}, {16, 256, 56, 56}, {16, 64, 56, 56}, {16, 512, 28, 28},
            {16, 2048, 7, 7}, {32, 24, 56, 56}, {32, 144, 56, 56}, {128, 16, 32, 32}
          }) {
        batchNorm(cases, t, Activation.RELU, s);
      }
      batchNorm(cases, t, Activation.RELU6, 32, 96, 112, 112);
      batchNorm(cases, t, Activation.IDENTITY, 32, 24, 56, 56);
      var big = TensorType.of(t, 16, 256, 56, 56);
      var add = new Binary(BinaryFunction.ADD, Activation.RELU);
      cases.add(new Case("add+relu " + t, add, List.of(big, big)));
      for (Activation a :
          List.of(Activation.RELU, Activation.TANH, Activation.GELU, Activation.SILU)) {
        cases.add(new Case("activate " + a.kind() + " " + t, new Activate(a), List.of(big)));
        cases.add(new Case("grad " + a.kind() + " " + t, new ActivateGrad(a), List.of(big, big)));
      }
      var bias = new Reduce(Fold.SUM, List.of(0, 2, 3), false, DType.F32);
      for (int[] s : new int[][] {{128, 6, 28, 28}, {128, 16, 10, 10}, {16, 256, 56, 56}}) {
        cases.add(new Case("bias " + Shape.of(s) + " " + t, bias, List.of(TensorType.of(t, s))));
      }
      cases.add(
          new Case(
              "bias 128x120 " + t,
              new Reduce(Fold.SUM, List.of(0), false, DType.F32),
              List.of(TensorType.of(t, 128, 120))));
      var two = Window.UNIT.stride(2, 2);
      var three = Window.of(2, 1);
      for (int[] s : new int[][] {{128, 6, 28, 28}, {128, 16, 10, 10}}) {
        pools(cases, t, 2, two, s);
      }
      pools(cases, t, 3, three, 16, 64, 112, 112);
      cases.add(
          new Case(
              "flatten " + t,
              new Reshape(Shape.of(128, 400)),
              List.of(TensorType.of(t, 128, 16, 5, 5))));
      cases.add(
          new Case(
              "unflatten " + t,
              new Reshape(Shape.of(128, 16, 5, 5)),
              List.of(TensorType.of(t, 128, 400))));
      cases.add(
          new Case(
              "concat " + t,
              new Concat(1),
              List.of(TensorType.of(t, 16, 96, 28, 28), TensorType.of(t, 16, 32, 28, 28))));
      cases.add(
          new Case(
              "picture " + t,
              new NormalizePicture(List.of(.4, .5, .6), List.of(.2, .2, .2), t),
              List.of(TensorType.of(DType.U8, 16, 3, 224, 224))));
      for (int n : new int[] {10, 1000}) {
        var logits = TensorType.of(t, 128, n);
        var labels = TensorType.of(DType.I32, 128);
        cases.add(
            new Case(
                "cross entropy " + n + " " + t,
                new SoftmaxCrossEntropy(0, -100),
                List.of(logits, labels)));
        cases.add(
            new Case(
                "cross entropy grad " + n + " " + t,
                new SoftmaxCrossEntropyGrad(0, -100),
                List.of(TensorType.f32(), logits, labels)));
      }
    }
    cases.add(
        new Case("cast to bf16", new Cast(DType.BF16), List.of(TensorType.f32(16, 256, 56, 56))));
    updates(cases, new Sgd(0.9, 0, false, 1e-4), 3, 2048, 2048);
    updates(cases, new Adam(0.9, 0.999, 1e-8, 0, false), 4, 2048, 2048);
    updates(cases, new Sgd(0.9, 0, false, 1e-4), 3, 84, 120);
    return cases;
  }

  private static void batchNorm(List<Case> cases, DType t, Activation a, int... s) {
    var x = TensorType.of(t, s);
    var c = TensorType.f32(s[1]);
    String name = "batch norm " + a.kind() + " " + x;
    cases.add(new Case(name, new BatchNormTrain(1e-5, 0.1, a), List.of(x, c, c, c, c)));
    cases.add(new Case("grad " + name, new BatchNormTrainGrad(a), List.of(x, x, c, c, c, c)));
  }

  private static void pools(List<Case> cases, DType t, int k, Window w, int... s) {
    var x = TensorType.of(t, s);
    int h = w.outH(s[2], k);
    var y = TensorType.of(t, s[0], s[1], h, h);
    var place = TensorType.of(DType.U8, s[0], s[1], h, h);
    cases.add(new Case("max pool " + k + " " + x, new MaxPool2d(k, k, w), List.of(x)));
    cases.add(
        new Case(
            "grad max pool " + k + " " + x,
            new MaxPool2dGrad(k, k, w, s[2], s[3]),
            List.of(y, place)));
    cases.add(
        new Case("average pool " + k + " " + x, new AveragePool2d(k, k, w, true), List.of(x)));
    cases.add(
        new Case(
            "grad average pool " + k + " " + x,
            new AveragePool2dGrad(k, k, w, true, s[2], s[3]),
            List.of(y)));
  }

  private static void updates(List<Case> cases, Op op, int kinds, int... s) {
    var list = new ArrayList<>(List.of(TensorType.f32(), TensorType.f32()));
    if (kinds > 3) {
      list.add(TensorType.f32());
    }
    for (int i = 0; i < kinds; i++) {
      list.add(TensorType.f32(s));
    }
    cases.add(new Case(op.name() + " " + Shape.of(s), op, List.copyOf(list)));
  }

  private static void copy(Workers workers) {
    long bytes = 25 << 20;
    MemorySegment from = Arena.ofAuto().allocate(bytes, 64);
    MemorySegment to = Arena.ofAuto().allocate(bytes, 64);
    Kernel k =
        Split.loop(
            workers,
            bytes / 64,
            bytes,
            (_, a, b) -> Raw.copy(from.address() + a * 64, to.address() + a * 64, (b - a) * 64));
    report("copy of 25 MiB", k, 2 * bytes);
  }

  private static void measure(PureBackend backend, Case c) {
    Call call = Call.of(c.op(), c.inputs());
    if (!(backend.offer(call) instanceof Offer.Accepted(var candidates))) {
      System.out.println(c.name() + ": declined");
      return;
    }
    Candidate best = candidates.getFirst();
    long bytes = 0;
    var in = new ArrayList<MemorySegment>();
    for (TensorType t : call.inputs()) {
      in.add(filled(t));
      bytes += t.bytes();
    }
    var out = new ArrayList<MemorySegment>();
    for (TensorType t : call.outputs()) {
      out.add(Arena.ofAuto().allocate(t.bytes(), 64));
      bytes += t.bytes();
    }
    var scratch = Arena.ofAuto().allocate(Math.max(1, best.scratchBytes()), 64);
    report(c.name() + " " + best.label(), best.bind(in, out, scratch), bytes);
    if (out.isEmpty() || scratch.byteSize() < 0 || in.isEmpty()) {
      throw new IllegalStateException();
    }
  }

  private static MemorySegment filled(TensorType t) {
    Tensor x = Tensor.zeros(t);
    var random = new java.util.Random(1);
    long n = Math.min(t.shape().size(), 1 << 16);
    for (long i = 0; i < n; i++) {
      x.set(
          i,
          t.dtype().isFloat()
              ? t.shape().rank() == 0 ? 1 : random.nextGaussian()
              : random.nextInt(4));
    }
    long filled = n * t.dtype().bytes();
    while (filled < t.bytes()) {
      long more = Math.min(filled, t.bytes() - filled);
      MemorySegment.copy(x.data(), 0, x.data(), filled, more);
      filled += more;
    }
    return x.data();
  }

  private static void report(String name, Kernel kernel, long bytes) {
    var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long end = System.nanoTime() + 700_000_000L;
    while (System.nanoTime() < end) {
      kernel.run();
    }
    double[] millis = new double[41];
    int repeats = 1;
    for (boolean enough = false; !enough; ) {
      long start = System.nanoTime();
      for (int i = 0; i < repeats; i++) {
        kernel.run();
      }
      enough = System.nanoTime() - start > 2_000_000;
      repeats *= enough ? 1 : 2;
    }
    long allocated = bean.getCurrentThreadAllocatedBytes();
    for (int m = 0; m < millis.length; m++) {
      long start = System.nanoTime();
      for (int i = 0; i < repeats; i++) {
        kernel.run();
      }
      millis[m] = (System.nanoTime() - start) / 1e6 / repeats;
    }
    allocated = bean.getCurrentThreadAllocatedBytes() - allocated;
    Arrays.sort(millis);
    System.out.printf(
        "%-64s %9.4f ms (best %.4f) %6.1f GB/s%s%n",
        name,
        millis[20],
        millis[0],
        bytes / millis[20] / 1e6,
        allocated > 41L * repeats ? "  ALLOCATES " + allocated / 41 / repeats + " a run" : "");
  }
}
