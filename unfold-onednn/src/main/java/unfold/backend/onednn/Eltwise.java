package unfold.backend.onednn;

import unfold.op.Activation;

/// A function of one number in oneDNN's terms. Its ReLU, ReLU6 and hard sigmoid make an ordinary
/// number of a NaN.
///
/// @param algorithm forward
/// @param backward the algorithm of its gradient, which reads the output where ours does
/// @source oneDNN developer guide, primitive Eltwise, for the meaning of α and β
record Eltwise(int algorithm, int backward, float alpha, float beta) {

  static Eltwise of(Activation activation) {
    float alpha = (float) activation.alpha();
    return switch (activation.kind()) {
      case IDENTITY -> plain(Constants.ELTWISE_LINEAR, 1, 0);
      case RELU, LEAKY_RELU ->
          new Eltwise(Constants.ELTWISE_RELU, Constants.ELTWISE_RELU_USE_DST_FOR_BWD, alpha, 0);
      case RELU6 ->
          new Eltwise(Constants.ELTWISE_CLIP_V2, Constants.ELTWISE_CLIP_V2_USE_DST_FOR_BWD, 0, 6);
      case ELU ->
          new Eltwise(Constants.ELTWISE_ELU, Constants.ELTWISE_ELU_USE_DST_FOR_BWD, alpha, 0);
      case GELU -> plain(Constants.ELTWISE_GELU_ERF, 0, 0);
      case SILU -> plain(Constants.ELTWISE_SWISH, 1, 0);
      case HARD_SWISH -> plain(Constants.ELTWISE_HARDSWISH, 1 / 6f, 0.5f);
      case HARD_SIGMOID -> plain(Constants.ELTWISE_HARDSIGMOID, 1 / 6f, 0.5f);
      case SIGMOID ->
          new Eltwise(Constants.ELTWISE_LOGISTIC, Constants.ELTWISE_LOGISTIC_USE_DST_FOR_BWD, 0, 0);
      case TANH ->
          new Eltwise(Constants.ELTWISE_TANH, Constants.ELTWISE_TANH_USE_DST_FOR_BWD, 0, 0);
      case SOFTPLUS -> plain(Constants.ELTWISE_SOFT_RELU, 1, 0);
    };
  }

  /// A function whose gradient reads the input.
  static Eltwise plain(int algorithm, float alpha, float beta) {
    return new Eltwise(algorithm, algorithm, alpha, beta);
  }
}
