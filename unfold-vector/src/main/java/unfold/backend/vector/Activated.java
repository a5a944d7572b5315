package unfold.backend.vector;

import unfold.op.Activation;

/// An activation as loops: what a fused kernel can cut off itself, and what is left to do.
///
/// @param bounds a kernel applies these to z in its own loop ([Bounds#NONE] if that is not enough)
/// @param forward y = act(z) for what is left; does nothing if the bounds are all
/// @param full y = act(x) as a whole
/// @param grad dx = dy·act′ from what the derivative needs (y or x)
record Activated(Bounds bounds, Flat.One forward, Flat.One full, Flat.Two grad) {
  private static final Flat.One NOTHING = (_, _, _, _) -> {};

  /// Whether a kernel must keep z in f32 for this activation: rounded to bf16 in between, the
  /// result would be rounded twice.
  boolean widens(boolean bf16) {
    return bf16 && !cutsOnly();
  }

  /// Whether this is the identity.
  boolean nothing() {
    return cutsOnly() && bounds.equals(Bounds.NONE);
  }

  /// Whether the bounds say it all.
  boolean cutsOnly() {
    return forward == NOTHING;
  }

  static Activated of(Activation act) {
    float alpha = (float) act.alpha();
    return Bounds.of(act)
        .map(Activated::cut)
        .orElseGet(() -> {
          Flat.One forward = forward(act, alpha);
          return new Activated(Bounds.NONE, forward, forward, grad(act, alpha));
        });
  }

  private static Activated cut(Bounds b) {
    return new Activated(
        b,
        NOTHING,
        (bf16, x, y, n) -> ActivationLoops.cut(bf16, x, y, n, b.low(), b.high()),
        (bf16, dy, known, dx, n) ->
            ActivationLoops.cutGrad(bf16, dy, known, dx, n, b.low(), b.high()));
  }

  private static Flat.One forward(Activation act, float alpha) {
    return switch (act.kind()) {
      case IDENTITY, RELU, RELU6 -> NOTHING;
      case LEAKY_RELU -> (b, x, y, n) -> ActivationLoops.leakyRelu(b, x, y, n, alpha);
      case ELU -> (b, x, y, n) -> ActivationLoops.elu(b, x, y, n, alpha);
      case GELU -> ActivationLoops::gelu;
      case SILU -> ActivationLoops::silu;
      case HARD_SWISH -> ActivationLoops::hardSwish;
      case HARD_SIGMOID -> ActivationLoops::hardSigmoid;
      case SIGMOID -> ActivationLoops::sigmoid;
      case TANH -> ActivationLoops::tanh;
      case SOFTPLUS -> ActivationLoops::softplus;
    };
  }

  private static Flat.Two grad(Activation act, float alpha) {
    return switch (act.kind()) {
      case IDENTITY, RELU, RELU6 -> (_, _, _, _, _) -> {};
      case LEAKY_RELU -> (b, dy, y, dx, n) -> ActivationLoops.leakyReluGrad(b, dy, y, dx, n, alpha);
      case ELU -> (b, dy, y, dx, n) -> ActivationLoops.eluGrad(b, dy, y, dx, n, alpha);
      case GELU -> ActivationLoops::geluGrad;
      case SILU -> ActivationLoops::siluGrad;
      case HARD_SWISH -> ActivationLoops::hardSwishGrad;
      case HARD_SIGMOID -> ActivationLoops::hardSigmoidGrad;
      case SIGMOID -> ActivationLoops::sigmoidGrad;
      case TANH -> ActivationLoops::tanhGrad;
      case SOFTPLUS -> ActivationLoops::softplusGrad;
    };
  }
}
