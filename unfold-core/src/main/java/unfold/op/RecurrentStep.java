package unfold.op;

import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.tensor.TensorType;

/// The elementwise part of one step of a recurrent layer, after its products. A backend unrolls a
/// [RecurrentSequence] into products and these; they stand in no program of their own, and have no
/// derivative.
///
/// N rows, H hidden units. p, h and gates have one type; products of h (`u`), sums of gradients and
/// c are f32 beside bf16, so that nothing is rounded on its way through time but h.
public sealed interface RecurrentStep extends Recurrence {
  @Override
  default Attributes attributes() {
    return Attributes.of();
  }

  @Override
  default List<TensorType> infer(List<TensorType> operands) {
    return StepTypes.infer(this, operands);
  }

  /// h′ = act( p + u ).
  ///
  /// Operands: p, u [N×H]. Result: h′.
  record RnnStep(Activation activation) implements RecurrentStep {
    @Override
    public String name() {
      return "rnn_step";
    }

    @Override
    public Attributes attributes() {
      return activation.write(Attributes.of());
    }
  }

  /// The gradient of [RnnStep].
  ///
  /// Operands: the gradient of h′ from outside (type of p) and from the later step (f32), h′.
  /// Result: gradient of p and u.
  record RnnStepGrad(Activation activation) implements RecurrentStep {
    @Override
    public String name() {
      return "rnn_step_grad";
    }

    @Override
    public Attributes attributes() {
      return activation.write(Attributes.of());
    }
  }

  /// i, f, g, o = p + u; c′ = σ(f)∘c + σ(i)∘tanh(g); h′ = σ(o)∘tanh(c′).
  ///
  /// Operands: p, u [N×4H], c [N×H], with `peepholes` those [3×H]. Results: h′, c′ [N×H], activated
  /// gates [N×4H].
  record LstmStep(boolean peepholes) implements RecurrentStep {
    @Override
    public String name() {
      return "lstm_step";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("peepholes", peepholes);
    }
  }

  /// The gradient of [LstmStep].
  ///
  /// Operands: gradient of h′ from outside and from the later step [N×H], gradient of c′, c, c′
  /// [N×H], gates [N×4H], with `peepholes` those. Results: gradient of p and u [N×4H], of c [N×H].
  record LstmStepGrad(boolean peepholes) implements RecurrentStep {
    @Override
    public String name() {
      return "lstm_step_grad";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("peepholes", peepholes);
    }
  }

  /// r, z = σ(p + u), n = tanh(p + r∘u), h′ = z∘h + (1 − z)∘n: reset after the product.
  ///
  /// Operands: p, u [N×3H], h [N×H]. Results: h′, gates [N×3H], u of n [N×H].
  record GruStep() implements RecurrentStep {
    @Override
    public String name() {
      return "gru_step";
    }
  }

  /// The gradient of [GruStep].
  ///
  /// Operands: gradient of h′ from outside, through the later step's product and around it [N×H], h
  /// [N×H], gates [N×3H], u of n [N×H]. Results: gradients of p and of u [N×3H], and of h around
  /// the product [N×H].
  record GruStepGrad() implements RecurrentStep {
    @Override
    public String name() {
      return "gru_step_grad";
    }
  }

  /// The first half of a step with the reset before the product: r, z = σ(p + u) and r∘h.
  ///
  /// Operands: p [N×3H], u [N×2H], h [N×H]. Results: r and z [N×2H], r∘h [N×H].
  record GruReset() implements RecurrentStep {
    @Override
    public String name() {
      return "gru_reset";
    }
  }

  /// The second half: n = tanh(p + u), h′ = z∘h + (1 − z)∘n.
  ///
  /// Operands: p [N×3H], u = (r∘h)·wᵀ [N×H], r and z [N×2H], h [N×H]. Results: h′ [N×H], gates
  /// [N×3H].
  record GruMix() implements RecurrentStep {
    @Override
    public String name() {
      return "gru_mix";
    }
  }

  /// The gradient of [GruMix].
  ///
  /// Operands: gradient of h′ from outside, through the later step's products and around them
  /// [N×H], h [N×H], gates [N×3H]. Results: gradient of n before its tanh [N×H], of z before its σ
  /// [N×H], and of h around the products [N×H].
  record GruMixGrad() implements RecurrentStep {
    @Override
    public String name() {
      return "gru_mix_grad";
    }
  }

  /// The gradient of [GruReset].
  ///
  /// Operands: gradients of n and of z as [GruMixGrad] gives them, of r∘h, of h around the products
  /// [N×H], h [N×H], gates [N×3H]. Results: gradient of p [N×3H], its part for r and z [N×2H], and
  /// of h around the last product [N×H].
  record GruResetGrad() implements RecurrentStep {
    @Override
    public String name() {
      return "gru_reset_grad";
    }
  }

  static @Nullable Op read(String name, Attributes a) {
    return switch (name) {
      case "rnn_step" -> new RnnStep(Activation.read(a));
      case "rnn_step_grad" -> new RnnStepGrad(Activation.read(a));
      case "lstm_step" -> new LstmStep(a.flag("peepholes"));
      case "lstm_step_grad" -> new LstmStepGrad(a.flag("peepholes"));
      case "gru_step" -> new GruStep();
      case "gru_step_grad" -> new GruStepGrad();
      case "gru_reset" -> new GruReset();
      case "gru_mix" -> new GruMix();
      case "gru_mix_grad" -> new GruMixGrad();
      case "gru_reset_grad" -> new GruResetGrad();
      default -> null;
    };
  }
}
