package unfold.backend.onednn;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.backend.Workers;
import unfold.op.Convolution.Conv2dWeightGrad;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// The gradient of a convolution's weights as products: the [Patches] of a strip of positions at a
/// time, small enough to stay in a cache, then dw += dyᵀ·patches. Where oneDNN's own kernels for
/// this direction are far behind its products (AVX2), that pays for the copies.
///
/// @param first dw = dyᵀ·patches, of the first strip
/// @param next the same added to dw
/// @param strip units of a strip, a divisor of all
record PatchProduct(
    Dnnl dnnl,
    Workers workers,
    Patches patches,
    int strip,
    Product product,
    PrimitiveDesc first,
    PrimitiveDesc next,
    List<Layout> inputs,
    List<Layout> outputs)
    implements Candidate {
  private static final long STRIP_BYTES = 2 << 20;

  /// A product with fewer rows than this spends its time on reading and writing dw.
  private static final int FEWEST_ROWS = 96;

  private static final long LINE = 64;

  /// What the products read and write.
  ///
  /// @param dyBytes of a strip
  record Product(Md dy, Md patches, Md dw, long dyBytes) {}

  static Optional<Candidate> of(Dnnl dnnl, Workers workers, Conv2dWeightGrad op, Call call) {
    Shape x = call.inputs().get(0).shape();
    Shape dy = call.inputs().get(1).shape();
    Shape dw = call.outputs().getFirst().shape();
    boolean f32 =
        call.inputs().stream().allMatch(t -> t.dtype() == DType.F32) && op.out() == DType.F32;
    if (!f32 || op.groups() != 1) {
      return Optional.empty();
    }
    var patches =
        new Patches(
            x, op.window(), op.kernelH(), op.kernelW(), dy.dim(2), dy.dim(3), DType.F32.bytes());
    int strip = strip(patches, dw.size() * DType.F32.bytes());
    long rows = (long) strip * dy.dim(3);
    if (rows < FEWEST_ROWS && strip < patches.units()) {
      return Optional.empty();
    }
    long out = dw.dim(0);
    long width = patches.width();
    var a = Md.strided(dnnl, DType.F32, new long[] {out, rows}, new long[] {1, out});
    var b = Md.strided(dnnl, DType.F32, new long[] {rows, width}, new long[] {width, 1});
    var y = Md.strided(dnnl, DType.F32, new long[] {out, width}, new long[] {width, 1});
    var products = new MatMuls(dnnl);
    var first = products.primitive(a, b, y, List.of());
    var next = products.primitive(a, b, y, List.of(new PostOp.Sum()));
    if (first.isEmpty() || next.isEmpty() || PrimitiveDesc.isSlow(next.get().implementation())) {
      return Optional.empty();
    }
    return Optional.of(
        new PatchProduct(
            dnnl,
            workers,
            patches,
            strip,
            new Product(a, b, y, rows * out * DType.F32.bytes()),
            first.get(),
            next.get(),
            List.of(Layout.standard(x), Layout.standard(dy)),
            List.of(Layout.standard(dw))));
  }

  /// The largest divisor of all units whose patches stay in a cache, or take no more memory than
  /// reading and writing dw does.
  private static int strip(Patches patches, long dwBytes) {
    long most = Math.max(STRIP_BYTES, 2 * dwBytes) / patches.unitBytes();
    int strip = 1;
    for (int n = 1; n <= patches.units() && n <= most; n++) {
      if (patches.units() % n == 0) {
        strip = n;
      }
    }
    return strip;
  }

  @Override
  public String label() {
    return next.implementation() + " patches";
  }

  private static long aligned(long bytes) {
    return (bytes + LINE - 1) / LINE * LINE;
  }

  private long patchBytes() {
    return strip * patches.unitBytes();
  }

  @Override
  public long scratchBytes() {
    return aligned(patches.zeroBytes())
        + aligned(patchBytes())
        + Math.max(first.scratchBytes(), next.scratchBytes());
  }

  @Override
  public Kernel bind(
      List<MemorySegment> inputs, List<MemorySegment> outputs, MemorySegment scratch) {
    MemorySegment x = shared(inputs.get(0));
    MemorySegment dy = inputs.get(1);
    MemorySegment zeros = shared(scratch.asSlice(0, patches.zeroBytes()));
    MemorySegment rows = shared(scratch.asSlice(aligned(patches.zeroBytes()), patchBytes()));
    MemorySegment rest = scratch.asSlice(aligned(patches.zeroBytes()) + aligned(patchBytes()));
    var steps = new ArrayList<Kernel>();
    int parts = Math.min(strip, workers.threads());
    for (int i = 0; i < patches.units() / strip; i++) {
      int begin = i * strip;
      Workers.Body write =
          part ->
              patches.write(
                  x,
                  zeros,
                  rows,
                  begin,
                  begin + strip * part / parts,
                  begin + strip * (part + 1) / parts);
      steps.add(() -> workers.run(parts, write));
      steps.add(
          multiply(
              i == 0 ? first : next,
              dy.asSlice(i * product.dyBytes(), product.dyBytes()),
              rows,
              outputs.getFirst(),
              rest));
    }
    Kernel[] all = steps.toArray(Kernel[]::new);
    return () -> {
      zeros.fill((byte) 0);
      for (Kernel step : all) {
        step.run();
      }
    };
  }

  /// The same memory for all threads; it outlives the kernel.
  @SuppressWarnings("restricted")
  private static MemorySegment shared(MemorySegment memory) {
    return MemorySegment.ofAddress(memory.address()).reinterpret(memory.byteSize());
  }

  private Kernel multiply(
      PrimitiveDesc desc,
      MemorySegment dy,
      MemorySegment rows,
      MemorySegment dw,
      MemorySegment rest) {
    return PrimitiveKernel.bind(
        dnnl,
        desc,
        List.of(
            new PrimitiveKernel.Argument("dy", Constants.ARG_SRC, product.dy(), dy),
            new PrimitiveKernel.Argument("patches", Constants.ARG_WEIGHTS, product.patches(), rows),
            new PrimitiveKernel.Argument("dw", Constants.ARG_DST, product.dw(), dw)),
        rest);
  }
}
