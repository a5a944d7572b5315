package unfold.backend.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.config.Knobs;
import unfold.error.GraphException;
import unfold.op.Convolution.Conv2d;
import unfold.op.Linear.MatMul;
import unfold.op.Window;
import unfold.tensor.DType;
import unfold.tensor.TensorType;
import unfold.testkit.HeapUse;

final class PrimitiveKernelTest {
  private static final NativeLibrary.Loaded LIBRARY =
      (NativeLibrary.Loaded)
          NativeLibrary.load(PrimitiveKernelTest.class.getClassLoader(), Knobs.CACHE_DIR.value());

  private final Arena arena = Arena.ofAuto();

  @Test
  void refusesMemoryThatLiesOtherwiseThanThePrimitiveReadsIt() {
    var dnnl = LIBRARY.dnnl();
    var layouts = new Layouts(dnnl);
    var a = layouts.standard(TensorType.f32(4, 8));
    var transposed = Md.strided(dnnl, DType.F32, new long[] {4, 8}, new long[] {1, 4});
    var reorder = new Reorders(dnnl).primitive(a, transposed).orElseThrow();
    var memory = arena.allocate(128, 64);
    assertThatThrownBy(() ->
            PrimitiveKernel.bind(
                dnnl,
                reorder,
                List.of(
                    new PrimitiveKernel.Argument("input 0", Constants.ARG_SRC, a, memory),
                    new PrimitiveKernel.Argument("output 0", Constants.ARG_DST, a, memory)),
                MemorySegment.NULL))
        .isInstanceOf(GraphException.class)
        .hasMessageMatching(
            "oneDNN \\S+: output 0 lies as \\[4, 8\\]ab, but the primitive reads it as \\[4, 8\\]ba");
  }

  @Test
  void refusesMemoryThatIsTooSmall() {
    var candidate = rowMajor(backend(), matmul(DType.F32));
    var small = arena.allocate(4 * 64 * 32 - 1, 64);
    assertThatThrownBy(() ->
            candidate.bind(
                List.of(arena.allocate(4 * 16 * 64, 64), small),
                List.of(arena.allocate(4 * 16 * 32, 64)),
                arena.allocate(Math.max(1, candidate.scratchBytes()), 64)))
        .isInstanceOf(GraphException.class)
        .hasMessageMatching("oneDNN \\S+: input 1 has 8191 bytes, but \\[64, 32\\]ab needs 8192");
  }

  @Test
  void saysWhatOneDnnRefused() {
    assertThatThrownBy(
            () -> Md.strided(LIBRARY.dnnl(), DType.F32, new long[] {4, 8}, new long[] {2, 1}))
        .isInstanceOf(GraphException.class)
        .hasMessage(
            "oneDNN refused a descriptor of f32[4, 8] with strides [2, 1]: invalid arguments");
  }

  @Test
  void packedLayoutsAreEqualIfTheirDescriptorsAre() {
    var x = TensorType.of(DType.F32, 1, 32, 8, 8);
    var w = TensorType.of(DType.F32, 64, 32, 3, 3);
    var once = first(backend(), Call.of(new Conv2d(Window.of(1, 1), 1), List.of(x, w)));
    var again = first(backend(), Call.of(new Conv2d(Window.of(1, 1), 1), List.of(x, w)));
    var grouped =
        first(
            backend(),
            Call.of(
                new Conv2d(Window.of(1, 1), 2), List.of(TensorType.of(DType.F32, 1, 64, 8, 8), w)));
    assertThat(once.inputs().get(1)).isInstanceOf(Layout.Packed.class);
    assertThat(once.inputs().get(1)).isEqualTo(again.inputs().get(1));
    assertThat(once.inputs().get(1)).hasSameHashCodeAs(again.inputs().get(1));
    assertThat(once.inputs().get(1)).isNotEqualTo(grouped.inputs().get(1));
  }

  @Test
  void runsWithoutAllocating() {
    var kernel = bind(first(backend(), matmul(DType.F32)), matmul(DType.F32));
    Runnable window =
        () -> {
          for (int i = 0; i < 1_000; i++) {
            kernel.run();
          }
        };
    assertThat(HeapUse.quietest(window)).isZero();
  }

  @Test
  void aThousandKernelsLeaveNothingBehind() throws InterruptedException {
    var counting =
        new CountingLibrary(
            LIBRARY.lookup(),
            Map.of(
                "dnnl_memory_create", 4,
                "dnnl_memory_destroy", 4,
                "dnnl_primitive_create", 4,
                "dnnl_primitive_destroy", 4,
                "dnnl_primitive_desc_clone", 4,
                "dnnl_matmul_primitive_desc_create", 13,
                "dnnl_convolution_forward_primitive_desc_create", 13,
                "dnnl_primitive_desc_destroy", 4));
    var backend = new OneDnnBackend(new Dnnl(counting), Workers.single());
    for (int i = 0; i < 1_000; i++) {
      bind(first(backend, matmul(DType.F32)), matmul(DType.F32)).run();
    }
    assertThat(counting.calls("dnnl_primitive_create")).isEqualTo(1_000);
    for (int i = 0; i < 200 && !balanced(counting); i++) {
      System.gc();
      Thread.sleep(50);
    }
    assertThat(counting.calls("dnnl_primitive_destroy")).isEqualTo(1_000);
    assertThat(counting.calls("dnnl_memory_destroy"))
        .isEqualTo(counting.calls("dnnl_memory_create"));
    assertThat(counting.calls("dnnl_primitive_desc_destroy")).isEqualTo(descs(counting));
  }

  private static boolean balanced(CountingLibrary c) {
    return c.calls("dnnl_primitive_destroy") == c.calls("dnnl_primitive_create")
        && c.calls("dnnl_memory_destroy") == c.calls("dnnl_memory_create")
        && c.calls("dnnl_primitive_desc_destroy") == descs(c);
  }

  private static long descs(CountingLibrary c) {
    return c.calls("dnnl_primitive_desc_clone")
        + c.calls("dnnl_matmul_primitive_desc_create")
        + c.calls("dnnl_convolution_forward_primitive_desc_create");
  }

  private static OneDnnBackend backend() {
    return new OneDnnBackend(LIBRARY.dnnl(), Workers.single());
  }

  private static Call matmul(DType dtype) {
    return Call.of(
        new MatMul(false, false, DType.F32),
        List.of(TensorType.of(dtype, 16, 64), TensorType.of(dtype, 64, 32)));
  }

  private static Candidate first(OneDnnBackend backend, Call call) {
    return ((Offer.Accepted) backend.offer(call)).candidates().getFirst();
  }

  /// The first that takes its second operand as it lies.
  private static Candidate rowMajor(OneDnnBackend backend, Call call) {
    var shape = call.inputs().get(1).shape();
    return ((Offer.Accepted) backend.offer(call))
        .candidates().stream()
            .filter(c -> Layout.isStandard(c.inputs().get(1), shape))
            .findFirst()
            .orElseThrow();
  }

  private Kernel bind(Candidate candidate, Call call) {
    return candidate.bind(
        List.of(memory(call, candidate, 0), memory(call, candidate, 1)),
        List.of(
            arena.allocate(candidate.outputs().getFirst().bytes(call.outputs().getFirst()), 64)),
        arena.allocate(Math.max(1, candidate.scratchBytes()), 64));
  }

  private MemorySegment memory(Call call, Candidate candidate, int i) {
    return arena.allocate(candidate.inputs().get(i).bytes(call.inputs().get(i)), 64);
  }
}
