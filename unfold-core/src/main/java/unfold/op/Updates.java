package unfold.op;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.error.ShapeException;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// What an optimiser does to many parameters at once. One op takes all parameters of a group, so
/// that one pass over memory updates them all.
///
/// Operands of an update: rate (scalar f32), gradient scale s (scalar f32, multiplies every
/// gradient: 1, or the clip factor), for Adam the number of this step (scalar f32, from 1), then
/// all parameters p, all gradients g (f32), and each kind of optimiser state, n of each. Results:
/// the new parameters, then the new states in the same order. Below g stands for s·g, and η for the
/// rate. **A scale that is not finite leaves parameters and states as they are**, so that a step
/// whose loss is NaN does no harm and can be looked at.
public sealed interface Updates extends Op {

  /// v ← μ·v + (1 − dampening)·(g + λp); p ← p − η·v, or with Nesterov p − η·(g + λp + μ·v).
  /// Without momentum (μ = 0) there is no state. λ is the weight decay.
  ///
  /// @source the form of torch.optim.SGD (the rate multiplies v, not g); the first v is (1 −
  ///   dampening)·g, since v starts at 0
  record Sgd(double momentum, double dampening, boolean nesterov, double weightDecay)
      implements Updates {
    @Override
    public String name() {
      return "sgd";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of()
          .with("momentum", momentum)
          .with("dampening", dampening)
          .with("nesterov", nesterov)
          .with("decay", weightDecay);
    }

    @Override
    public int states() {
      return momentum == 0 ? 0 : 1;
    }
  }

  /// m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; p ← p − η·(m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε). Weight
  /// decay λ adds λp to g, or if `decoupled` first shrinks p by (1 − ηλ) (AdamW).
  ///
  /// @source Kingma, Ba: Adam (2015), algorithm 1; Loshchilov, Hutter: Decoupled weight decay
  ///   (2019)
  record Adam(double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled)
      implements Updates {
    @Override
    public String name() {
      return "adam";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of()
          .with("beta1", beta1)
          .with("beta2", beta2)
          .with("eps", epsilon)
          .with("decay", weightDecay)
          .with("decoupled", decoupled);
    }

    @Override
    public int states() {
      return 2;
    }

    @Override
    public boolean countsSteps() {
      return true;
    }
  }

  /// v ← αv + (1−α)(g + λp)²; u = (g + λp)/(√v + ε); with momentum b ← μb + u, p ← p − ηb, else p ←
  /// p − ηu. States: v, and b with momentum.
  ///
  /// @source Hinton: lecture 6e of Neural networks for machine learning (2012)
  record RmsProp(double alpha, double epsilon, double momentum, double weightDecay)
      implements Updates {
    @Override
    public String name() {
      return "rmsprop";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of()
          .with("alpha", alpha)
          .with("eps", epsilon)
          .with("momentum", momentum)
          .with("decay", weightDecay);
    }

    @Override
    public int states() {
      return momentum == 0 ? 1 : 2;
    }
  }

  /// v ← v + (g + λp)²; p ← p − η·(g + λp)/(√v + ε).
  ///
  /// @source Duchi, Hazan, Singer: Adaptive subgradient methods (2011)
  record Adagrad(double epsilon, double weightDecay) implements Updates {
    @Override
    public String name() {
      return "adagrad";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("eps", epsilon).with("decay", weightDecay);
    }

    @Override
    public int states() {
      return 1;
    }
  }

  /// √Σ‖gᵢ‖² over all operands (f32 scalar).
  record GlobalNorm() implements Updates {
    @Override
    public String name() {
      return "global_norm";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of();
    }

    @Override
    public int states() {
      return 0;
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var names = new String[operands.size()];
      for (int i = 0; i < names.length; i++) {
        names[i] = "g" + i;
      }
      var in = Operands.of(this, operands, names);
      for (int i = 0; i < in.count(); i++) {
        in.real(i).sameDtype(0, i);
      }
      DType dtype = in.count() == 0 ? DType.F32 : in.dtype(0);
      return List.of(new TensorType(dtype, Shape.SCALAR));
    }
  }

  /// How many tensors of state each parameter has.
  int states();

  /// Whether an operand counts the steps.
  default boolean countsSteps() {
    return false;
  }

  /// Operands in front of the parameters.
  default int leading() {
    return countsSteps() ? 3 : 2;
  }

  /// Number of parameters of a call with this many operands.
  default int parameters(int operands) {
    return (operands - leading()) / (2 + states());
  }

  @Override
  default List<TensorType> infer(List<TensorType> operands) {
    int n = parameters(operands.size());
    var names = new ArrayList<String>(List.of("rate", "scale"));
    if (countsSteps()) {
      names.add("step");
    }
    if (operands.size() < leading() || (operands.size() - leading()) % (2 + states()) != 0) {
      throw new ShapeException(
          name()
              + ": got "
              + operands.size()
              + " operands, but needs "
              + String.join(", ", names)
              + ", then all parameters, all gradients and "
              + states()
              + " kinds of state, as many of each");
    }
    for (int i = 0; i < n * (2 + states()); i++) {
      names.add((i < n ? "p" : i < 2 * n ? "g" : "state") + i % n);
    }
    var in = Operands.of(this, operands, names.toArray(String[]::new));
    for (int i = 0; i < leading(); i++) {
      in.real(i).shape(i, Shape.SCALAR, "one number for all parameters");
    }
    var out = new ArrayList<TensorType>();
    int first = leading();
    for (int kind = 0; kind < 2 + states(); kind++) {
      for (int i = 0; i < n; i++) {
        int at = first + kind * n + i;
        in.shape(at, in.shape(first + i), "it goes with " + in.show(first + i));
        in.real(at).sameDtype(first + i, at);
        if (kind != 1) {
          out.add(in.type(at));
        }
      }
    }
    return List.copyOf(out);
  }

  static @Nullable Op read(String name, Attributes a) {
    return switch (name) {
      case "sgd" ->
          new Sgd(a.real("momentum"), a.real("dampening"), a.flag("nesterov"), a.real("decay"));
      case "adam" ->
          new Adam(
              a.real("beta1"),
              a.real("beta2"),
              a.real("eps"),
              a.real("decay"),
              a.flag("decoupled"));
      case "rmsprop" ->
          new RmsProp(a.real("alpha"), a.real("eps"), a.real("momentum"), a.real("decay"));
      case "adagrad" -> new Adagrad(a.real("eps"), a.real("decay"));
      case "global_norm" -> new GlobalNorm();
      default -> null;
    };
  }
}
