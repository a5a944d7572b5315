package unfold.backend.onednn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;

/// The functions of libdnnl with floating-point arguments, each with its exact signature and linked
/// when first called. All return a status; parameters are those of the C function in order.
///
/// @source `oneapi/dnnl/dnnl.h`
final class FloatCalls {
  private final Dnnl dnnl;

  FloatCalls(Dnnl dnnl) {
    this.dnnl = dnnl;
  }

  /// A handle for a signature written as p (pointer), l (64-bit), i (int), f (float).
  private static MethodHandle link(String signature) {
    var arguments = new MemoryLayout[signature.length()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] =
          switch (signature.charAt(i)) {
            case 'i' -> JAVA_INT;
            case 'f' -> JAVA_FLOAT;
            default -> JAVA_LONG;
          };
    }
    return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_INT, arguments));
  }

  /// Links what nearly every network asks for.
  static void link() {
    Object _ = AppendEltwise.HANDLE;
    Object _ = EltwiseForward.HANDLE;
    Object _ = EltwiseBackward.HANDLE;
    Object _ = Reduction.HANDLE;
  }

  private static final class AppendEltwise {
    static final MethodHandle HANDLE = link("piff");
  }

  int appendEltwise(long postOps, int algorithm, float alpha, float beta) {
    var function = dnnl.function("dnnl_post_ops_append_eltwise");
    try {
      return (int) AppendEltwise.HANDLE.invokeExact(function, postOps, algorithm, alpha, beta);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static final class AppendSum {
    static final MethodHandle HANDLE = link("pfii");
  }

  int appendSum(long postOps, float scale, int zeroPoint, int dataType) {
    var function = dnnl.function("dnnl_post_ops_append_sum");
    try {
      return (int) AppendSum.HANDLE.invokeExact(function, postOps, scale, zeroPoint, dataType);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static final class EltwiseForward {
    static final MethodHandle HANDLE = link("ppiippffp");
  }

  int eltwiseForward(
      long out,
      long engine,
      int kind,
      int algorithm,
      long src,
      long dst,
      float alpha,
      float beta,
      long attributes) {
    var function = dnnl.function("dnnl_eltwise_forward_primitive_desc_create");
    try {
      return (int)
          EltwiseForward.HANDLE.invokeExact(
              function, out, engine, kind, algorithm, src, dst, alpha, beta, attributes);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static final class EltwiseBackward {
    static final MethodHandle HANDLE = link("ppipppffpp");
  }

  int eltwiseBackward(
      long out,
      long engine,
      int algorithm,
      long diffSrc,
      long diffDst,
      long data,
      float alpha,
      float beta,
      long forward,
      long attributes) {
    var function = dnnl.function("dnnl_eltwise_backward_primitive_desc_create");
    try {
      return (int)
          EltwiseBackward.HANDLE.invokeExact(
              function,
              out,
              engine,
              algorithm,
              diffSrc,
              diffDst,
              data,
              alpha,
              beta,
              forward,
              attributes);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static final class BatchNormForward {
    static final MethodHandle HANDLE = link("ppippfip");
  }

  int batchNormForward(
      long out,
      long engine,
      int kind,
      long src,
      long dst,
      float epsilon,
      int flags,
      long attributes) {
    var function = dnnl.function("dnnl_batch_normalization_forward_primitive_desc_create");
    try {
      return (int)
          BatchNormForward.HANDLE.invokeExact(
              function, out, engine, kind, src, dst, epsilon, flags, attributes);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static final class BatchNormBackward {
    static final MethodHandle HANDLE = link("ppipppfipp");
  }

  int batchNormBackward(
      long out,
      long engine,
      int kind,
      long diffSrc,
      long diffDst,
      long src,
      float epsilon,
      int flags,
      long forward,
      long attributes) {
    var function = dnnl.function("dnnl_batch_normalization_backward_primitive_desc_create");
    try {
      return (int)
          BatchNormBackward.HANDLE.invokeExact(
              function,
              out,
              engine,
              kind,
              diffSrc,
              diffDst,
              src,
              epsilon,
              flags,
              forward,
              attributes);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static final class LayerNormForward {
    static final MethodHandle HANDLE = link("ppipppfip");
  }

  int layerNormForward(
      long out,
      long engine,
      int kind,
      long src,
      long dst,
      long statistics,
      float epsilon,
      int flags,
      long attributes) {
    var function = dnnl.function("dnnl_layer_normalization_forward_primitive_desc_create");
    try {
      return (int)
          LayerNormForward.HANDLE.invokeExact(
              function, out, engine, kind, src, dst, statistics, epsilon, flags, attributes);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static final class LayerNormBackward {
    static final MethodHandle HANDLE = link("ppippppfipp");
  }

  int layerNormBackward(
      long out,
      long engine,
      int kind,
      long diffSrc,
      long diffDst,
      long src,
      long statistics,
      float epsilon,
      int flags,
      long forward,
      long attributes) {
    var function = dnnl.function("dnnl_layer_normalization_backward_primitive_desc_create");
    try {
      return (int)
          LayerNormBackward.HANDLE.invokeExact(
              function,
              out,
              engine,
              kind,
              diffSrc,
              diffDst,
              src,
              statistics,
              epsilon,
              flags,
              forward,
              attributes);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static final class LrnForward {
    static final MethodHandle HANDLE = link("ppiipplfffp");
  }

  int lrnForward(
      long out,
      long engine,
      int kind,
      int algorithm,
      long src,
      long dst,
      long size,
      float alpha,
      float beta,
      float k,
      long attributes) {
    var function = dnnl.function("dnnl_lrn_forward_primitive_desc_create");
    try {
      return (int)
          LrnForward.HANDLE.invokeExact(
              function, out, engine, kind, algorithm, src, dst, size, alpha, beta, k, attributes);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static final class LrnBackward {
    static final MethodHandle HANDLE = link("ppippplfffpp");
  }

  int lrnBackward(
      long out,
      long engine,
      int algorithm,
      long diffSrc,
      long diffDst,
      long src,
      long size,
      float alpha,
      float beta,
      float k,
      long forward,
      long attributes) {
    var function = dnnl.function("dnnl_lrn_backward_primitive_desc_create");
    try {
      return (int)
          LrnBackward.HANDLE.invokeExact(
              function,
              out,
              engine,
              algorithm,
              diffSrc,
              diffDst,
              src,
              size,
              alpha,
              beta,
              k,
              forward,
              attributes);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static final class Reduction {
    static final MethodHandle HANDLE = link("ppippffp");
  }

  int reduction(
      long out,
      long engine,
      int algorithm,
      long src,
      long dst,
      float power,
      float epsilon,
      long attributes) {
    var function = dnnl.function("dnnl_reduction_primitive_desc_create");
    try {
      return (int)
          Reduction.HANDLE.invokeExact(
              function, out, engine, algorithm, src, dst, power, epsilon, attributes);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
