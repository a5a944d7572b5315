package unfold.op;

import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Ops that work on each element by itself.
public sealed interface Pointwise extends Op {

  /// A function of one number.
  enum UnaryFunction {
    NEGATE,
    ABS,
    EXP,
    LOG,
    SQRT,
    RECIPROCAL,
    SQUARE,
    SIGN
  }

  /// A function of two numbers.
  enum BinaryFunction {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    MAXIMUM,
    MINIMUM,
    POWER
  }

  /// A comparison; the result is 1 where it holds, else 0.
  enum Relation {
    LESS,
    LESS_EQUAL,
    EQUAL,
    NOT_EQUAL,
    GREATER,
    GREATER_EQUAL
  }

  /// y = f(x).
  record Unary(UnaryFunction function) implements Pointwise {
    @Override
    public String name() {
      return "unary";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("f", function);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      return List.of(Operands.of(this, operands, "x").real(0).type(0));
    }
  }

  /// y = act(x).
  record Activate(Activation activation) implements Pointwise {
    @Override
    public String name() {
      return "activate";
    }

    @Override
    public Attributes attributes() {
      return activation.write(Attributes.of());
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      return List.of(Operands.of(this, operands, "x").real(0).type(0));
    }
  }

  /// dx = dy · act′. The second operand is y = act(x) where the derivative follows from the output
  /// ([Activation#differentiableFromOutput]), else x.
  record ActivateGrad(Activation activation) implements Pointwise {
    @Override
    public String name() {
      return "activate_grad";
    }

    @Override
    public Attributes attributes() {
      return activation.write(Attributes.of());
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "dy", "known").real(0).sameDtype(0, 1);
      in.shape(1, in.shape(0), "one value per gradient");
      return List.of(in.type(0));
    }
  }

  /// y = act( f(a, b) ) with NumPy's broadcasting; both of one real type.
  record Binary(BinaryFunction function, Activation activation) implements Pointwise {
    public Binary(BinaryFunction function) {
      this(function, Activation.IDENTITY);
    }

    @Override
    public String name() {
      return "binary";
    }

    @Override
    public Attributes attributes() {
      return activation.write(Attributes.of().with("f", function));
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "a", "b").real(0).sameDtype(0, 1);
      return List.of(in.type(0).with(broadcast(in, 0, 1)));
    }
  }

  /// y = scale·x + shift with constant numbers.
  record Affine(double scale, double shift) implements Pointwise {
    @Override
    public String name() {
      return "affine";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("scale", scale).with("shift", shift);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      return List.of(Operands.of(this, operands, "x").real(0).type(0));
    }
  }

  /// 1 where a ∘ b holds, else 0 (u8), with broadcasting. Operands of one type, real or i32.
  record Compare(Relation relation) implements Pointwise {
    @Override
    public String name() {
      return "compare";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("relation", relation);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "a", "b").sameDtype(0, 1);
      return List.of(new TensorType(DType.U8, broadcast(in, 0, 1)));
    }
  }

  /// a where the condition (u8) is not 0, else b, which are of one type: real, or i32 such as
  /// words. All of one shape; see [Movement.Broadcast].
  record Select() implements Pointwise {
    @Override
    public String name() {
      return "select";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of();
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "condition", "a", "b").dtype(0, DType.U8);
      if (in.dtype(1) != DType.I32) {
        in.real(1);
      }
      in.sameDtype(1, 2).shape(2, in.shape(1), "a and b agree");
      in.shape(0, in.shape(1), "one condition per element");
      return List.of(in.type(1));
    }
  }

  /// The same numbers in another element type, to nearest even; u8 saturates.
  record Cast(DType to) implements Pointwise {
    @Override
    public String name() {
      return "cast";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("to", to);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      return List.of(Operands.of(this, operands, "x").type(0).with(to));
    }
  }

  /// A u8 picture as floats: y[n,c] = (x[n,c]/255 − mean[c]) / deviation[c].
  ///
  /// Operand: x [N×C×H×W] u8. Result: y of type `out`.
  record NormalizePicture(List<Double> mean, List<Double> deviation, DType out)
      implements Pointwise {
    public NormalizePicture {
      mean = List.copyOf(mean);
      deviation = List.copyOf(deviation);
      if (mean.size() != deviation.size() || deviation.stream().anyMatch(d -> !(d > 0))) {
        throw new IllegalArgumentException(
            "needs as many means " + mean + " as deviations " + deviation + ", which are > 0");
      }
    }

    @Override
    public String name() {
      return "normalize_picture";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("mean", mean).with("deviation", deviation).with("out", out);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "x").rank(0, 4, "N×C×H×W").dtype(0, DType.U8);
      if (in.shape(0).dim(1) != mean.size()) {
        throw in.error(
            in.show(0)
                + " has "
                + in.shape(0).dim(1)
                + " channels, but the normalisation has "
                + mean.size()
                + " means "
                + mean);
      }
      if (!out.isFloat()) {
        throw in.error("the result type " + out + " must be a real type");
      }
      return List.of(in.type(0).with(out));
    }
  }

  private static Shape broadcast(Operands in, int i, int j) {
    try {
      return Shape.broadcast(in.shape(i), in.shape(j));
    } catch (unfold.error.ShapeException e) {
      throw in.error(e.getMessage());
    }
  }

  static @Nullable Op read(String name, Attributes a) {
    return switch (name) {
      case "unary" -> new Unary(a.constant("f", UnaryFunction.class));
      case "activate" -> new Activate(Activation.read(a));
      case "activate_grad" -> new ActivateGrad(Activation.read(a));
      case "binary" -> new Binary(a.constant("f", BinaryFunction.class), Activation.read(a));
      case "affine" -> new Affine(a.real("scale"), a.real("shift"));
      case "compare" -> new Compare(a.constant("relation", Relation.class));
      case "select" -> new Select();
      case "cast" -> new Cast(a.dtype("to"));
      case "normalize_picture" ->
          new NormalizePicture(a.reals("mean"), a.reals("deviation"), a.dtype("out"));
      default -> null;
    };
  }
}
