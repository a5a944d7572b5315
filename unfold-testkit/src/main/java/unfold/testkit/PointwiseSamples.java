package unfold.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import unfold.op.Activation;
import unfold.op.Op;
import unfold.op.Pointwise.Activate;
import unfold.op.Pointwise.ActivateGrad;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.BinaryFunction;
import unfold.op.Pointwise.Cast;
import unfold.op.Pointwise.NormalizePicture;
import unfold.op.Pointwise.Relation;
import unfold.op.Pointwise.Select;
import unfold.op.Pointwise.Unary;
import unfold.op.Pointwise.UnaryFunction;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// Element by element: the shapes of the operands, then the settings of the op; `of=i32` another
/// element type.
final class PointwiseSamples {
  private PointwiseSamples() {}

  static List<String> names() {
    var names = new ArrayList<String>();
    for (UnaryFunction f : UnaryFunction.values()) {
      names.add("unary 3x37 f=" + word(f));
    }
    for (Activation.Kind kind : Activation.Kind.values()) {
      if (kind != Activation.Kind.IDENTITY) {
        String alpha =
            switch (kind) {
              case LEAKY_RELU -> " alpha=0.1";
              case ELU -> " alpha=1.0";
              case IDENTITY,
                  RELU,
                  RELU6,
                  GELU,
                  SILU,
                  HARD_SWISH,
                  HARD_SIGMOID,
                  SIGMOID,
                  TANH,
                  SOFTPLUS ->
                  "";
            };
        for (String shape : List.of("3x37", "2x6x5x7")) {
          names.add("activate " + shape + " act=" + word(kind) + alpha);
          names.add("activate_grad " + shape + " act=" + word(kind) + alpha);
        }
      }
    }
    for (BinaryFunction f : BinaryFunction.values()) {
      names.add("binary 3x37 3x37 f=" + word(f));
      names.add("binary 2x6x5x7 6x1x1 f=" + word(f));
    }
    for (Relation relation : Relation.values()) {
      names.add("compare 3x37 3x37 relation=" + word(relation));
    }
    names.addAll(
        """
        unary () f=exp
        unary 300x101 f=exp
        activate 4x64x16x16 act=relu
        activate_grad 4x64x16x16 act=relu
        activate 300x101 act=gelu
        activate_grad 300x101 act=silu
        binary 4x64x16x16 4x64x16x16 f=add act=relu
        binary 4x64x16x16 64x1x1 f=multiply
        binary 300x101 101 f=add
        affine 300x101 scale=0.5 shift=1.0
        compare 300x101 300x101 relation=less
        select 300x101
        cast 300x101 from=f32 to=bf16
        cast 300x101 from=bf16 to=f32
        normalize_picture 16x3x32x32
        unary 1000 f=square
        activate 1000x3 act=relu
        activate_grad 1000x3 act=relu
        activate 4x24x9x9 act=relu6
        activate_grad 4x24x9x9 act=relu6
        binary () () f=add
        binary 2x6x5x7 2x6x5x7 f=add act=relu
        binary 4x37x9x9 4x37x9x9 f=add act=relu
        binary 2x6x5x7 2x6x1x1 f=multiply
        binary 2x6x5x7 () f=multiply
        binary 2x24x5x7 1x24x1x1 f=add act=silu
        binary 3x1 1x37 f=subtract
        binary 37 5x1 f=add
        binary 5x4x3 4x1 f=maximum
        affine 3x37 scale=0.5 shift=-1.5
        affine 2x6x5x7 scale=-2 shift=0
        compare 2x5x3 5x1 relation=less
        compare 3x37 () relation=equal of=i32
        select 3x37
        select 2x6x5x7
        select 3x37 of=i32
        cast 3x37 from=f32 to=bf16
        cast 1000 from=f32 to=bf16
        cast 3x37 from=bf16 to=f32
        cast 2x6x5x7 from=f32 to=bf16
        cast 2x6x5x7 from=bf16 to=f32
        cast 3x37 from=f64 to=f64
        cast 3x37 from=f64 to=f32
        cast 3x37 from=f32 to=i32
        cast 3x37 from=i32 to=f32
        cast 3x37 from=f32 to=u8
        cast 3x37 from=u8 to=f32
        normalize_picture 2x3x5x7
        normalize_picture 4x3x32x32
        normalize_picture 2x1x28x28
        normalize_picture 1x6x3x3
        """
            .lines()
            .toList());
    return names;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static @Nullable Sample read(Words w) {
    return switch (w.op()) {
      case "unary" -> {
        var f = w.settings("").constant("f", UnaryFunction.class);
        yield Sample.of(w, _ -> new Unary(f), Operand.real("x", w.shape(0), argument(f)));
      }
      case "activate" -> {
        var op = new Activate(w.activation());
        var x = Operand.real("x", w.shape(0), Draw.awayFrom(kinks(w.activation())));
        yield Sample.of(w, _ -> op, x);
      }
      case "activate_grad" -> activateGrad(w, w.activation());
      case "binary" -> binary(w);
      case "affine" -> {
        Op op = Op.read(w.op(), w.settings("scale=1 shift=0"));
        yield Sample.of(w, _ -> op, Operand.real("x", w.shape(0)));
      }
      case "compare" -> compare(w, Op.read(w.op(), w.settings("")));
      case "select" -> {
        boolean words = w.setting("of", "real").equals("i32");
        Draw some = Draw.integers(-5, 1 << 30);
        yield Sample.of(
            w,
            _ -> new Select(),
            Operand.fixed("condition", w.shape(0), DType.U8, Draw.integers(0, 2)),
            words ? Operand.fixed("a", w.shape(0), DType.I32, some) : Operand.real("a", w.shape(0)),
            words
                ? Operand.fixed("b", w.shape(0), DType.I32, some)
                : Operand.real("b", w.shape(0)));
      }
      case "cast" ->
          cast(w, DType.parse(w.setting("from", "f32")), DType.parse(w.setting("to", "f32")));
      case "normalize_picture" -> normalizePicture(w);
      default -> null;
    };
  }

  private static Draw argument(UnaryFunction f) {
    return switch (f) {
      case NEGATE, EXP, SQUARE -> Draw.normal();
      case ABS, SIGN -> Draw.awayFrom(0);
      case LOG, SQRT, RECIPROCAL -> Draw.uniform(0.5, 2);
    };
  }

  private static double[] kinks(Activation activation) {
    return switch (activation.kind()) {
      case IDENTITY, GELU, SILU, SIGMOID, TANH, SOFTPLUS -> new double[0];
      case RELU, LEAKY_RELU, ELU -> new double[] {0};
      case RELU6 -> new double[] {0, 6};
      case HARD_SWISH, HARD_SIGMOID -> new double[] {-3, 3};
    };
  }

  private static Sample activateGrad(Words w, Activation act) {
    Draw x = Draw.awayFrom(kinks(act));
    Draw known =
        act.differentiableFromOutput() ? Draw.resultOf(new Activate(act), 0, x, w.shape(0)) : x;
    Operand operand = Operand.real("known", w.shape(0), known);
    boolean onKinks = act.kind() == Activation.Kind.RELU || act.kind() == Activation.Kind.RELU6;
    return Sample.of(
        w,
        _ -> new ActivateGrad(act),
        Operand.real("dy", w.shape(0)),
        onKinks ? operand.constant() : operand);
  }

  private static Sample binary(Words w) {
    var f = w.settings("").constant("f", BinaryFunction.class);
    Draw a =
        switch (f) {
          case ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM -> Draw.normal();
          case POWER -> Draw.uniform(0.5, 2);
        };
    Draw b =
        switch (f) {
          case ADD, SUBTRACT, MULTIPLY, MAXIMUM, MINIMUM, POWER -> Draw.normal();
          case DIVIDE -> Draw.uniform(0.5, 2);
        };
    return Sample.of(
        w,
        _ -> new Binary(f, w.activation()),
        Operand.real("a", w.shape(0), a),
        Operand.real("b", w.shape(1), b));
  }

  private static Sample compare(Words w, Op op) {
    Draw few = Draw.integers(-2, 3);
    if (w.setting("of", "real").equals("real")) {
      return Sample.of(
          w,
          _ -> op,
          Operand.real("a", w.shape(0), few).constant(),
          Operand.real("b", w.shape(1), few).constant());
    }
    DType of = w.settings("").dtype("of");
    return Sample.fixed(
        w, op, Operand.fixed("a", w.shape(0), of, few), Operand.fixed("b", w.shape(1), of, few));
  }

  private static Sample cast(Words w, DType from, DType to) {
    Draw x =
        switch (from) {
          case F64, F32, BF16 -> Draw.normal(0, to.isFloat() ? 1 : 100);
          case I32 -> Draw.integers(-1000, 1000);
          case U8 -> Draw.integers(0, 256);
        };
    boolean smooth = from == DType.F64 && to == DType.F64;
    var operand = new Operand("x", w.shape(0), _ -> from, x, smooth);
    return Sample.of(w, _ -> new Cast(to), operand).in(smooth ? DType.F64 : DType.F32);
  }

  private static Sample normalizePicture(Words w) {
    int channels = w.shape(0).dim(1);
    var mean = new ArrayList<Double>();
    for (int c = 0; c < channels; c++) {
      mean.add(0.4 + 0.05 * c);
    }
    var deviation = Collections.nCopies(channels, 0.25);
    Shape x = w.shape(0);
    return Sample.of(
        w,
        real -> new NormalizePicture(mean, deviation, real),
        Operand.fixed("x", x, DType.U8, Draw.integers(0, 256)));
  }
}
