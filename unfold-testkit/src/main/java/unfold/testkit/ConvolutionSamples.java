package unfold.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.op.Convolution.Conv2d;
import unfold.op.Convolution.Conv2dWeightGrad;
import unfold.op.Convolution.ConvTranspose2d;
import unfold.op.Window;
import unfold.tensor.Shape;

/// Convolutions: `n` batch, `c` channels in, `h` `w` picture, `o` channels out, `k` kernel, `s`
/// stride, `p` padding, `d` dilation, `g` groups; then `wide` (weights that are f32 beside a bf16
/// picture), `bias`, `addend`, `act=`.
///
/// For the adjoints the code is that of the convolution; its result's size follows.
final class ConvolutionSamples {
  private ConvolutionSamples() {}

  private static final List<String> GEOMETRIES =
      List.of(
          "n1c1h5w5-o1k1",
          "n1c1h7w7-o1k7",
          "n2c3h8w8-o6k3",
          "n2c3h9w7-o4k3s2p1",
          "n1c4h5w6-o3k3x2s2x1",
          "n2c4h5w5-o4k3s2p1g1",
          "n2c6h7w7-o4k3p0x1x1x0",
          "n1c6h8w8-o6k2s2p1x0x0x1",
          "n2c4h9w9-o4k3p2d2",
          "n1c3h11w9-o5k3x5p1x2d2x1",
          "n2c6h6w6-o9k3p1g3",
          "n2c4h6w6-o8k3s2p1g2",
          "n2c24h7w7-o24k3p1g24",
          "n2c37h9w9-o37k3s2p1g37",
          "n1c8h9w9-o8k5p2g8",
          "n2c6h8w8-o12k3p1g6",
          "n1c37h5w5-o24k1",
          "n2c24h8w8-o37k1s2",
          "n4c16h6w6-o32k3p1",
          "n1c64h7w7-o64k1",
          "n2c32h9w9-o16k3s2p1",
          "n1c3h23w23-o16k7s2p3",
          "n1c6h14w14-o16k5",
          "n3c1h1w37-o4k1x5p0x2",
          "n1c48h10w10-o48k3p1",
          "n2c5h3w3-o7k3",
          "n2c32h9w11-o64k3p1",
          "n1c64h17w14-o32k3",
          "n3c32h9w5-o32k3p2x0x1x2",
          "n1c32h9w6-o32k3p0x8x1x6",
          "n2c32h9w7-o64k5p2",
          "n2c64h12w11-o32k5p0x1x4x0",
          "n3c32h41w35-o64k3p1",
          "n1c128h3w57-o32k3p1",
          "n2c96h14w14-o96k3p1g96",
          "n2c80h15w15-o80k3s2p1g80",
          "n2c48h12w10-o48k3s2p1g48",
          "n2c16h3w2-o16k3p1g16",
          "n1c16h4w1-o16k3p1g16",
          "n2c32h7w9-o32k3p0x2x2x0g32",
          "n1c16h9w11-o16k3s1x3p1g16",
          "n2c24h8w8-o16k1",
          "n3c32h9w7-o20k1s2",
          "n2c48h13w11-o96k1",
          "n1c16h3w3-o6k1",
          "n1c256h5w5-o272k1",
          "n2c6h9w7-o16k3s2p1",
          "n1c5h11w10-o32k5x3s3x2p2x1x0x2d2x1",
          "n1c24h6w6-o16k2s3",
          "n2c32h9w9-o48k3s2p1",
          "n2c16h7w6-o24k1p1",
          "n1c16h6w7-o32k1s2p1x0x0x1");

  static List<String> names() {
    var names = new ArrayList<String>();
    for (String op : List.of("conv2d", "conv_transpose2d", "conv2d_weight_grad")) {
      GEOMETRIES.forEach(g -> names.add(op + " " + g));
    }
    names.addAll(
        """
        conv2d n2c3h8w8-o6k3p1 bias
        conv2d n2c16h7w7-o32k3p1 bias
        conv2d n2c16h7w7-o32k3p1 bias act=relu
        conv2d n1c32h18w11-o64k3p1 bias act=silu
        conv2d n2c32h9w7-o32k3p1 bias addend act=relu
        conv2d n1c24h7w7-o37k1 bias act=relu
        conv2d n4c32h20w17-o32k3p1 bias addend act=relu
        conv2d n97c192h1w1-o224k3p1 bias act=relu
        conv2d n2c24h7w7-o24k3p1g24 bias act=relu6
        conv2d n2c24h7w7-o24k3s2p1g24 bias act=hard_swish
        conv2d n2c24h7w7-o24k3p1g24 wide
        conv2d n2c37h9w9-o37k3s2p1g37 wide bias act=relu6
        conv2d n2c32h9w9-o32k3p1g32 wide bias act=relu
        conv2d n2c24h7w7-o24k3s2p1g24 wide bias act=hard_swish
        conv2d n2c6h8w8-o12k3p1g6 wide bias
        conv2d n2c24h7w7-o24k3p1g24 wide bias act=silu
        conv2d n2c16h7w7-o16k1 bias act=silu
        conv2d n1c8h7w7-o6k3p1 bias act=leaky_relu alpha=0.1
        conv2d n1c6h14w14-o16k5 bias act=tanh
        conv2d n1c6h8w8-o16k5 bias act=sigmoid
        conv2d n3c1h28w28-o6k5p2 bias act=tanh
        conv2d n2c1h31w29-o3k3s2p1 bias act=relu
        conv2d n1c2h40w31-o5k3x2p1x0 bias act=gelu
        conv2d n1c3h6w21-o7k3s1x2p1d1x2
        conv2d n1c1h6w17-o1k3 bias
        conv2d n2c1h12w16-o6k5p2 bias act=relu
        conv2d n1c1h31w16-o6k3p1 bias act=tanh
        conv2d n2c2h35w13-o12k3p1 bias act=relu
        conv2d n1c1h33w30-o10k3p1
        conv2d n1c3h9w40-o2k3s1x2p1 bias
        conv2d n2c16h7w7-o32k3p1 bias addend
        conv2d n2c16h7w7-o32k3p1 bias addend act=relu
        conv2d n1c37h5w5-o24k1 bias addend act=relu
        conv2d_weight_grad n4c64h28w28-o8k3p1
        conv2d_weight_grad n2c16h8w8-o32k3p1 out=same
        conv2d_weight_grad n2c24h7w7-o24k3p1g24 out=same
        """
            .lines()
            .toList());
    return names;
  }

  static @Nullable Sample read(Words w) {
    return switch (w.op()) {
      case "conv2d" -> conv2d(w);
      case "conv_transpose2d" -> {
        Window window = w.window();
        var op = new ConvTranspose2d(window, groups(w), w.number('h'), w.number('w'));
        yield Sample.of(w, _ -> op, Operand.real("y", result(w)), Operand.real("w", weight(w)));
      }
      case "conv2d_weight_grad" -> {
        Shape weight = weight(w);
        yield Sample.of(
            w,
            real ->
                new Conv2dWeightGrad(
                    w.window(), groups(w), weight.dim(2), weight.dim(3), w.out(real, "wide")),
            Operand.real("x", picture(w)),
            Operand.real("dy", result(w)));
      }
      default -> null;
    };
  }

  private static Sample conv2d(Words w) {
    var op = new Conv2d(w.window(), groups(w), w.activation());
    var operands = new ArrayList<Operand>();
    operands.add(Operand.real("x", picture(w)));
    Draw draw = Draw.normal(0, 1 / Math.sqrt(fanIn(w)));
    operands.add(
        w.has("wide") ? Operand.wide("w", weight(w), draw) : Operand.real("w", weight(w), draw));
    if (w.has("bias")) {
      operands.add(Operand.wide("bias", Shape.of(w.number('o')), Draw.normal()));
    }
    if (w.has("addend")) {
      operands.add(Operand.real("addend", result(w)));
    }
    return Sample.of(w, _ -> op, operands.toArray(Operand[]::new));
  }

  private static int fanIn(Words w) {
    Shape weight = weight(w);
    return weight.dim(1) * weight.dim(2) * weight.dim(3);
  }

  private static int groups(Words w) {
    return w.numbers('g', 1, 1)[0];
  }

  static Shape picture(Words w) {
    return Shape.of(w.number('n'), w.number('c'), w.number('h'), w.number('w'));
  }

  private static Shape weight(Words w) {
    int[] kernel = w.numbers('k', 2, 1);
    return Shape.of(w.number('o'), w.number('c') / groups(w), kernel[0], kernel[1]);
  }

  private static Shape result(Words w) {
    int[] kernel = w.numbers('k', 2, 1);
    return Shape.of(
        w.number('n'),
        w.number('o'),
        w.window().outH(w.number('h'), kernel[0]),
        w.window().outW(w.number('w'), kernel[1]));
  }
}
