package unfold.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import unfold.backend.Backend;
import unfold.backend.BackendProvider;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.PoolWorkers;
import unfold.backend.Workers;
import unfold.error.InputException;
import unfold.op.Convolution.Conv2d;
import unfold.op.Convolution.Conv2dWeightGrad;
import unfold.op.Convolution.ConvTranspose2d;
import unfold.op.Window;
import unfold.plan.Cost;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// Times every candidate that a backend offers for the convolutions of a network, in all three
/// directions, with operands that are not in any cache: `java -cp bench.jar
/// unfold.bench.ConvolutionTimes resnet50 16 bf16 [backend] [threads]`.
///
/// The last lines sum over the network: the candidate the backend put first, and the best one.
final class ConvolutionTimes {
  /// More than any cache holds.
  private static final long COLD_BYTES = 96L << 20;

  private static final double SECONDS_EACH = 0.3;

  /// Loops in Java are compiled while a kernel runs.
  private static final double WARM_SECONDS = 0.3;

  /// One convolution of a network.
  ///
  /// @param pad zeros on each side
  /// @param count how often it occurs
  /// @param data whether its input needs a gradient
  private record Layer(
      int channels,
      int size,
      int out,
      int kernel,
      int stride,
      int pad,
      int groups,
      int count,
      boolean data) {
    static Layer of(int channels, int size, int out, int kernel, int stride, int count) {
      return new Layer(channels, size, out, kernel, stride, kernel / 2, 1, count, true);
    }

    static Layer depthwise(int channels, int size, int stride, int count) {
      return new Layer(channels, size, channels, 3, stride, 1, channels, count, true);
    }

    Layer first() {
      return new Layer(channels, size, out, kernel, stride, pad, groups, count, false);
    }

    Layer unpadded() {
      return new Layer(channels, size, out, kernel, stride, 0, groups, count, data);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%dx%d %d>%d k%ds%d%s x%d",
          size,
          size,
          channels,
          out,
          kernel,
          stride,
          groups == 1 ? "" : "g" + groups,
          count);
    }
  }

  private static List<Layer> layers(String network) {
    return switch (network) {
      case "lenet5" ->
          List.of(Layer.of(1, 28, 6, 5, 1, 1).first(), Layer.of(6, 14, 16, 5, 1, 1).unpadded());
      case "resnet20" ->
          List.of(
              Layer.of(3, 32, 16, 3, 1, 1).first(), Layer.of(16, 32, 16, 3, 1, 6),
              Layer.of(16, 32, 32, 3, 2, 1), Layer.of(32, 16, 32, 3, 1, 5),
              Layer.of(32, 16, 64, 3, 2, 1), Layer.of(64, 8, 64, 3, 1, 5));
      case "alexnet" ->
          List.of(
              Layer.of(64, 27, 192, 5, 1, 1),
              Layer.of(192, 13, 384, 3, 1, 1),
              Layer.of(384, 13, 256, 3, 1, 1),
              Layer.of(256, 13, 256, 3, 1, 1));
      case "resnet18" ->
          List.of(
              Layer.of(3, 224, 64, 7, 2, 1).first(),
              Layer.of(64, 56, 64, 3, 1, 4),
              Layer.of(64, 56, 128, 3, 2, 1),
              Layer.of(64, 56, 128, 1, 2, 1),
              Layer.of(128, 28, 128, 3, 1, 3),
              Layer.of(128, 28, 256, 3, 2, 1),
              Layer.of(128, 28, 256, 1, 2, 1),
              Layer.of(256, 14, 256, 3, 1, 3),
              Layer.of(256, 14, 512, 3, 2, 1),
              Layer.of(256, 14, 512, 1, 2, 1),
              Layer.of(512, 7, 512, 3, 1, 3));
      case "resnet50" ->
          List.of(
              Layer.of(3, 224, 64, 7, 2, 1).first(),
              Layer.of(64, 56, 64, 1, 1, 1),
              Layer.of(64, 56, 64, 3, 1, 3),
              Layer.of(64, 56, 256, 1, 1, 4),
              Layer.of(256, 56, 64, 1, 1, 2),
              Layer.of(256, 56, 128, 1, 1, 1),
              Layer.of(128, 56, 128, 3, 2, 1),
              Layer.of(128, 28, 512, 1, 1, 4),
              Layer.of(256, 56, 512, 1, 2, 1),
              Layer.of(512, 28, 128, 1, 1, 3),
              Layer.of(128, 28, 128, 3, 1, 3),
              Layer.of(512, 28, 256, 1, 1, 1),
              Layer.of(256, 28, 256, 3, 2, 1),
              Layer.of(256, 14, 1024, 1, 1, 6),
              Layer.of(512, 28, 1024, 1, 2, 1),
              Layer.of(1024, 14, 256, 1, 1, 5),
              Layer.of(256, 14, 256, 3, 1, 5),
              Layer.of(1024, 14, 512, 1, 1, 1),
              Layer.of(512, 14, 512, 3, 2, 1),
              Layer.of(512, 7, 2048, 1, 1, 3),
              Layer.of(1024, 14, 2048, 1, 2, 1),
              Layer.of(2048, 7, 512, 1, 1, 2),
              Layer.of(512, 7, 512, 3, 1, 2));
      case "mobilenet_v2_pointwise" ->
          List.of(
              Layer.of(32, 112, 16, 1, 1, 1),
              Layer.of(16, 112, 96, 1, 1, 1),
              Layer.of(96, 56, 24, 1, 1, 1),
              Layer.of(24, 56, 144, 1, 1, 2),
              Layer.of(144, 56, 24, 1, 1, 1),
              Layer.of(144, 28, 32, 1, 1, 1),
              Layer.of(32, 28, 192, 1, 1, 3),
              Layer.of(192, 28, 32, 1, 1, 2),
              Layer.of(192, 14, 64, 1, 1, 1),
              Layer.of(64, 14, 384, 1, 1, 4),
              Layer.of(384, 14, 64, 1, 1, 3),
              Layer.of(384, 14, 96, 1, 1, 1),
              Layer.of(96, 14, 576, 1, 1, 3),
              Layer.of(576, 14, 96, 1, 1, 2),
              Layer.of(576, 7, 160, 1, 1, 1),
              Layer.of(160, 7, 960, 1, 1, 3),
              Layer.of(960, 7, 160, 1, 1, 2),
              Layer.of(960, 7, 320, 1, 1, 1),
              Layer.of(320, 7, 1280, 1, 1, 1));
      case "mobilenet_v2_depthwise" ->
          List.of(
              Layer.depthwise(32, 112, 1, 1), Layer.depthwise(96, 112, 2, 1),
              Layer.depthwise(144, 56, 1, 1), Layer.depthwise(144, 56, 2, 1),
              Layer.depthwise(192, 28, 1, 2), Layer.depthwise(192, 28, 2, 1),
              Layer.depthwise(384, 14, 1, 4), Layer.depthwise(576, 14, 1, 2),
              Layer.depthwise(576, 14, 2, 1), Layer.depthwise(960, 7, 1, 3));
      default ->
          throw new InputException(
              "no list of convolutions for '"
                  + network
                  + "'; there are lenet5, resnet20, resnet18, resnet50, alexnet,"
                  + " mobilenet_v2_pointwise, mobilenet_v2_depthwise");
    };
  }

  private final Backend backend;
  private final Workers workers;
  private final MemorySegment pool = Arena.ofAuto().allocate(1L << 30, 4096);
  private double firstSeconds;
  private double bestSeconds;
  private double flops;

  private ConvolutionTimes(Backend backend, Workers workers) {
    this.backend = backend;
    this.workers = workers;
    // Words whose two halves are the same harmless bf16, so that they are harmless f32, too.
    for (long i = 0; i < pool.byteSize() / Integer.BYTES; i++) {
      int half = 0x3f00 | (int) (i * 31 % 0x80);
      pool.setAtIndex(ValueLayout.JAVA_INT, i, half | half << 16);
    }
  }

  public static void main(String[] args) {
    if (args.length < 3) {
      throw new InputException("usage: NETWORK BATCH f32|bf16 [BACKEND] [THREADS]");
    }
    int batch = Integer.parseInt(args[1]);
    DType dtype = DType.parse(args[2]);
    String name = args.length > 3 ? args[3] : "onednn";
    int threads =
        args.length > 4 ? Integer.parseInt(args[4]) : Runtime.getRuntime().availableProcessors();
    BackendProvider provider =
        ServiceLoader.load(BackendProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(p -> p.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new InputException("there is no backend '" + name + "'"));
    provider
        .unavailable()
        .ifPresent(why -> {
          throw new InputException(why);
        });
    Workers workers = provider.workers(threads).orElseGet(() -> new PoolWorkers(threads));
    System.out.printf(
        "%s, %d threads, %s batch %d %s, %s%n",
        Machine.cpu(), threads, args[0], batch, dtype, name);
    var times = new ConvolutionTimes(provider.open(workers), workers);
    for (Layer layer : layers(args[0])) {
      times.measure(layer, batch, dtype);
    }
    System.out.printf(
        Locale.ROOT,
        "sum: first %.2f ms (%.0f GFLOP/s), best %.2f ms (%.0f GFLOP/s)%n",
        times.firstSeconds * 1e3,
        times.flops / times.firstSeconds / 1e9,
        times.bestSeconds * 1e3,
        times.flops / times.bestSeconds / 1e9);
  }

  private void measure(Layer l, int batch, DType dtype) {
    var window = Window.of(l.stride, l.pad);
    var x = TensorType.of(dtype, batch, l.channels, l.size, l.size);
    var w = TensorType.of(dtype, l.out, l.channels / l.groups, l.kernel, l.kernel);
    var forward = new Conv2d(window, l.groups);
    var y = forward.infer(List.of(x, w)).getFirst();
    System.out.println(l);
    time("forward", Call.of(forward, List.of(x, w)), l.count);
    if (l.data) {
      time(
          "data",
          Call.of(new ConvTranspose2d(window, l.groups, l.size, l.size), List.of(y, w)),
          l.count);
    }
    time(
        "weights",
        Call.of(
            new Conv2dWeightGrad(window, l.groups, l.kernel, l.kernel, DType.F32), List.of(x, y)),
        l.count);
  }

  private void time(String direction, Call call, int count) {
    double work = Cost.flops(call.op(), call.inputs(), call.outputs());
    switch (backend.offer(call)) {
      case Offer.Declined(String reason) ->
          System.out.printf("  %-8s declined: %s%n", direction, reason);
      case Offer.Accepted(var candidates) -> {
        double first = Double.NaN;
        double best = Double.MAX_VALUE;
        for (Candidate candidate : candidates) {
          double seconds = time(call, candidate);
          first = Double.isNaN(first) ? seconds : first;
          best = Math.min(best, seconds);
          System.out.printf(
              Locale.ROOT,
              "  %-8s %8.3f ms %5.0f GFLOP/s  %s%n",
              direction,
              seconds * 1e3,
              work / seconds / 1e9,
              candidate.label());
        }
        firstSeconds += first * count;
        bestSeconds += best * count;
        flops += work * count;
      }
    }
  }

  /// Median seconds of one run.
  private double time(Call call, Candidate candidate) {
    var sizes = new ArrayList<Long>();
    for (int i = 0; i < call.inputs().size(); i++) {
      sizes.add(bytes(candidate.inputs().get(i), call.inputs().get(i)));
    }
    for (int i = 0; i < call.outputs().size(); i++) {
      sizes.add(bytes(candidate.outputs().get(i), call.outputs().get(i)));
    }
    sizes.add((candidate.scratchBytes() + 4095) / 4096 * 4096);
    long set = sizes.stream().mapToLong(Long::longValue).sum();
    int copies = (int) Math.clamp(COLD_BYTES / set + 1, 2, Math.max(2, pool.byteSize() / set));
    var kernels = new Kernel[copies];
    for (int k = 0; k < copies; k++) {
      var parts = new ArrayList<MemorySegment>();
      long offset = k * set;
      for (long size : sizes) {
        parts.add(pool.asSlice(offset, size));
        offset += size;
      }
      int inputs = call.inputs().size();
      kernels[k] =
          candidate.bind(
              parts.subList(0, inputs), parts.subList(inputs, parts.size() - 1), parts.getLast());
    }
    long warm = System.nanoTime();
    for (int k = 0; k < 2 || System.nanoTime() - warm < WARM_SECONDS * 1e9; k++) {
      kernels[k % copies].run();
    }
    long start = System.nanoTime();
    kernels[2 % copies].run();
    double guess = (System.nanoTime() - start) / 1e9;
    double[] seconds = new double[(int) Math.clamp(SECONDS_EACH / guess, 5, 60)];
    for (int r = 0; r < seconds.length; r++) {
      workers.gather();
      long t = System.nanoTime();
      kernels[(r + 3) % copies].run();
      seconds[r] = (System.nanoTime() - t) / 1e9;
    }
    Arrays.sort(seconds);
    return seconds[seconds.length / 2];
  }

  private static long bytes(Layout layout, TensorType type) {
    return (layout.bytes(type) + 4095) / 4096 * 4096;
  }
}
