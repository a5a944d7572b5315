package unfold.op;

/// A pointwise nonlinearity; `alpha` is the slope or scale of those that have one, else 0.
public record Activation(Kind kind, double alpha) {
  /// The functions. Those whose derivative follows from the output alone can be fused into the op
  /// that feeds them and still train.
  public enum Kind {
    /// x
    IDENTITY(true),
    /// max(x, 0)
    RELU(true),
    /// x for x > 0, else α·x (α ≥ 0)
    LEAKY_RELU(true),
    /// min(max(x, 0), 6)
    RELU6(true),
    /// x for x > 0, else α·(eˣ − 1)
    ELU(true),
    /// x·Φ(x), Φ the normal distribution function (exact, by erf)
    GELU(false),
    /// x·σ(x)
    SILU(false),
    /// x·relu6(x + 3)/6
    HARD_SWISH(false),
    /// relu6(x + 3)/6
    HARD_SIGMOID(false),
    /// 1/(1 + e⁻ˣ)
    SIGMOID(true),
    /// tanh x
    TANH(true),
    /// log(1 + eˣ)
    SOFTPLUS(false);

    private final boolean fromOutput;

    Kind(boolean fromOutput) {
      this.fromOutput = fromOutput;
    }
  }

  public static final Activation IDENTITY = new Activation(Kind.IDENTITY, 0);
  public static final Activation RELU = new Activation(Kind.RELU, 0);
  public static final Activation RELU6 = new Activation(Kind.RELU6, 0);
  public static final Activation GELU = new Activation(Kind.GELU, 0);
  public static final Activation SILU = new Activation(Kind.SILU, 0);
  public static final Activation HARD_SWISH = new Activation(Kind.HARD_SWISH, 0);
  public static final Activation HARD_SIGMOID = new Activation(Kind.HARD_SIGMOID, 0);
  public static final Activation SIGMOID = new Activation(Kind.SIGMOID, 0);
  public static final Activation TANH = new Activation(Kind.TANH, 0);
  public static final Activation SOFTPLUS = new Activation(Kind.SOFTPLUS, 0);

  public Activation {
    if (alpha < 0 || !Double.isFinite(alpha)) {
      throw new IllegalArgumentException(kind + " needs a finite alpha >= 0, not " + alpha);
    }
  }

  public static Activation leakyRelu(double slope) {
    return new Activation(Kind.LEAKY_RELU, slope);
  }

  public static Activation elu(double alpha) {
    return new Activation(Kind.ELU, alpha);
  }

  public boolean isIdentity() {
    return kind == Kind.IDENTITY;
  }

  /// As in the text form: `act=elu alpha=1.0`; empty for the identity.
  @Override
  public String toString() {
    return write(Attributes.of()).toString();
  }

  /// Whether f′(x) can be computed from f(x), so that x need not be kept.
  public boolean differentiableFromOutput() {
    return kind.fromOutput;
  }

  Attributes write(Attributes a) {
    if (isIdentity()) {
      return a;
    }
    a.with("act", kind);
    return alpha == 0 ? a : a.with("alpha", alpha);
  }

  static Activation read(Attributes a) {
    var words = a.asMap();
    if (!words.containsKey("act")) {
      return IDENTITY;
    }
    return new Activation(
        a.constant("act", Kind.class), words.containsKey("alpha") ? a.real("alpha") : 0);
  }
}
