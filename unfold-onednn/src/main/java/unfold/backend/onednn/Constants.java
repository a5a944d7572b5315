package unfold.backend.onednn;

/// The numbers behind oneDNN's names, for oneDNN 3.x. A test reads the headers that ship beside the
/// library and compares.
///
/// @source `oneapi/dnnl/dnnl_types.h` and `oneapi/dnnl/dnnl_common_types.h`; `RELU` of
///   `ELTWISE_RELU` is `dnnl_eltwise_relu` there, `ARG_DST` is `DNNL_ARG_DST`
final class Constants {
  private Constants() {}

  // status
  static final int SUCCESS = 0;
  static final int UNIMPLEMENTED = 3;
  static final int LAST_IMPL_REACHED = 4;

  /// A status in words.
  static String status(int status) {
    return switch (status) {
      case SUCCESS -> "success";
      case 1 -> "out of memory";
      case 2 -> "invalid arguments";
      case UNIMPLEMENTED -> "not implemented for these types and shapes on this CPU";
      case LAST_IMPL_REACHED -> "no further implementation";
      case 5 -> "runtime error";
      case 6 -> "nothing required";
      default -> "unknown status " + status;
    };
  }

  // element types
  static final int BF16 = 2;
  static final int F32 = 3;
  static final int S32 = 4;
  static final int U8 = 6;

  // engines and streams
  static final int CPU = 1;
  static final int STREAM_IN_ORDER = 1;
  static final int SCRATCHPAD_MODE_USER = 1;

  // what a primitive is for
  static final int FORWARD_TRAINING = 64;
  static final int FORWARD_INFERENCE = 96;
  static final int BACKWARD = 128;
  static final int BACKWARD_DATA = 160;

  // algorithms
  static final int CONVOLUTION_DIRECT = 1;
  static final int POOLING_MAX = 511;
  static final int POOLING_AVG_INCLUDE_PADDING = 767;
  static final int POOLING_AVG_EXCLUDE_PADDING = 1023;
  static final int LRN_ACROSS_CHANNELS = 2815;
  static final int SOFTMAX_ACCURATE = 196608;
  static final int SOFTMAX_LOG = 196609;
  static final int BINARY_ADD = 131056;
  static final int BINARY_MUL = 131057;
  static final int BINARY_DIV = 131060;
  static final int BINARY_SUB = 131061;
  static final int REDUCTION_MAX = 196594;
  static final int REDUCTION_MIN = 196595;
  static final int REDUCTION_SUM = 196596;
  static final int REDUCTION_MEAN = 196598;
  static final int ELTWISE_RELU = 32;
  static final int ELTWISE_TANH = 33;
  static final int ELTWISE_ELU = 34;
  static final int ELTWISE_SQUARE = 35;
  static final int ELTWISE_ABS = 36;
  static final int ELTWISE_SQRT = 37;
  static final int ELTWISE_LINEAR = 38;
  static final int ELTWISE_SOFT_RELU = 39;
  static final int ELTWISE_HARDSIGMOID = 40;
  static final int ELTWISE_LOGISTIC = 41;
  static final int ELTWISE_EXP = 42;
  static final int ELTWISE_SWISH = 44;
  static final int ELTWISE_LOG = 45;
  static final int ELTWISE_CLIP_V2 = 47;
  static final int ELTWISE_POW = 48;
  static final int ELTWISE_GELU_ERF = 49;
  static final int ELTWISE_HARDSWISH = 52;
  static final int ELTWISE_RELU_USE_DST_FOR_BWD = 256;
  static final int ELTWISE_TANH_USE_DST_FOR_BWD = 257;
  static final int ELTWISE_ELU_USE_DST_FOR_BWD = 258;
  static final int ELTWISE_LOGISTIC_USE_DST_FOR_BWD = 260;
  static final int ELTWISE_CLIP_V2_USE_DST_FOR_BWD = 262;

  // flags of normalisations
  static final int USE_GLOBAL_STATS = 1;
  static final int USE_SCALE = 2;
  static final int USE_SHIFT = 4;

  // memory descriptors
  static final int FORMAT_TAG_ANY = 1;
  static final int BLOCKED = 2;

  // questions
  static final int QUERY_IMPL_INFO_STR = 8;
  static final int QUERY_STRIDES = 14;
  static final int QUERY_SCRATCHPAD_MD = 136;
  static final int QUERY_EXEC_ARG_MD = 255;
  static final int QUERY_NDIMS_S32 = 256;
  static final int QUERY_DIMS = 257;
  static final int QUERY_PADDED_DIMS = 260;
  static final int QUERY_FORMAT_KIND = 262;
  static final int QUERY_INNER_NBLKS_S32 = 263;
  static final int QUERY_INNER_BLKS = 264;
  static final int QUERY_INNER_IDXS = 265;

  // roles of memory in a primitive
  static final int ARG_SRC = 1;
  static final int ARG_SRC_1 = 2;
  static final int ARG_DST = 17;
  static final int ARG_WEIGHTS = 33;
  static final int ARG_BIAS = 41;
  static final int ARG_MEAN = 49;
  static final int ARG_VARIANCE = 50;
  static final int ARG_SCALE = 51;
  static final int ARG_SHIFT = 52;
  static final int ARG_WORKSPACE = 64;
  static final int ARG_SCRATCHPAD = 80;
  static final int ARG_DIFF_SRC = 129;
  static final int ARG_DIFF_DST = 145;
  static final int ARG_DIFF_WEIGHTS = 161;
  static final int ARG_DIFF_SCALE = 255;
  static final int ARG_DIFF_SHIFT = 256;
  static final int ARG_ATTR_MULTIPLE_POST_OP_BASE = 32768;

  // instruction sets
  static final int CPU_ISA_AVX512_CORE = 0x27;
  static final int CPU_ISA_AVX512_CORE_BF16 = 0xe7;
}
