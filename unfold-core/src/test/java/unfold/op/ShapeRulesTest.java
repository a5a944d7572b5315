package unfold.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.error.ShapeException;
import unfold.tensor.TensorType;

/// What each shape rule says when it is broken: who, both numbers, the remedy.
class ShapeRulesTest {
  /// Op, attributes and operand types, then on the next line the complaint.
  private static final String COMPLAINTS =
      """
      conv2d stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 (f32[1x3x8x8])
        conv2d: got 1 operands [f32[1x3x8x8]], but needs x, w, bias?, addend?
      conv2d stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 (f32[3x8x8] f32[6x3x3x3])
        conv2d: x [3x8x8] has rank 3, but needs rank 4 (N×C×H×W)
      conv2d stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 (u8[1x3x8x8] f32[6x3x3x3])
        conv2d: x [1x3x8x8] is u8, but must be a real type; cast it first
      conv2d stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 (bf16[1x3x8x8] f32[6x3x3x3])
        conv2d: x [1x3x8x8] is bf16, but w [6x3x3x3] is f32; cast one of them
      conv2d stride=1,1 pad=0,0,0,0 dilation=1,1 groups=2 (f32[1x3x8x8] f32[6x3x3x3])
        conv2d: x [1x3x8x8] has 3 channels, but w [6x3x3x3] with groups=2 reads 6
      conv2d stride=1,1 pad=0,0,0,0 dilation=1,1 groups=2 (f32[1x6x8x8] f32[5x3x3x3])
        conv2d: w [5x3x3x3] has 5 output channels, which groups=2 does not divide
      conv2d stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 (f32[1x3x8x8] f32[6x3x0x3])
        conv2d: w [6x3x0x3] has an empty kernel
      conv2d stride=2,2 pad=1,1,0,0 dilation=1,2 groups=1 (f32[1x3x2x4] f32[6x3x3x3])
        conv2d: x [1x3x2x4] is smaller than the kernel of w [6x3x3x3] (stride=2,2 pad=1,1,0,0 dilation=1,2): the result would be 1x0; use padding or a larger picture
      conv2d stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 (f32[1x3x8x8] f32[6x3x3x3] f32[5])
        conv2d: bias [5] must be [6]: one number per output channel
      conv2d stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 (f32[1x3x8x8] f32[6x3x3x3] bf16[6])
        conv2d: bias [6] is bf16, but beside x [1x3x8x8] of f32 it must be f32
      conv2d stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 (bf16[1x3x8x8] bf16[6x3x3x3] f64[6])
        conv2d: bias [6] is f64, but beside x [1x3x8x8] of bf16 it must be bf16 or f32
      conv2d stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 (f32[1x3x8x8] f32[6x3x3x3] f32[6] f32[1x6x8x8])
        conv2d: addend [1x6x8x8] must be [1x6x6x6]: it is added to the result
      conv_transpose2d stride=2,2 pad=0,0,0,0 dilation=1,1 groups=1 size=8,8 (f32[1x5x4x4] f32[6x3x2x2])
        conv_transpose2d: y [1x5x4x4] has 5 channels, but w [6x3x2x2] spreads 6
      conv_transpose2d stride=2,2 pad=0,0,0,0 dilation=1,1 groups=4 size=8,8 (f32[1x6x4x4] f32[6x3x2x2])
        conv_transpose2d: w [6x3x2x2]: groups=4 does not divide 6
      conv_transpose2d stride=2,2 pad=0,0,0,0 dilation=1,1 groups=1 size=10,8 (f32[1x6x4x4] f32[6x3x2x2])
        conv_transpose2d: y [1x6x4x4] is 4x4, but a convolution of 10x8 with w [6x3x2x2] gives 5x4
      conv_transpose2d stride=1,1 pad=0,0,0,0 dilation=1,1 groups=2 size=1,1 (f32[0x2x1x1] f32[2x2000000000x1x1])
        conv_transpose2d: the result would have 4000000000 channels, more than fit
      conv2d_weight_grad stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 kernel=3,3 out=f32 (f32[2x3x8x8] f32[1x6x6x6])
        conv2d_weight_grad: x [2x3x8x8] and dy [1x6x6x6] have different batch sizes
      conv2d_weight_grad stride=1,1 pad=0,0,0,0 dilation=1,1 groups=2 kernel=3,3 out=f32 (f32[2x3x8x8] f32[2x6x6x6])
        conv2d_weight_grad: groups=2 must divide the channels of x [2x3x8x8] and dy [2x6x6x6]
      conv2d_weight_grad stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 kernel=5,5 out=f32 (f32[2x3x8x8] f32[2x6x6x6])
        conv2d_weight_grad: dy [2x6x6x6] is 6x6, but the convolution of x [2x3x8x8] gives 4x4
      max_pool2d kernel=3,3 stride=1,1 pad=0,0,0,0 dilation=1,1 (f32[1x3x2x8])
        max_pool2d: x [1x3x2x8] is smaller than the 3x3 window; use a smaller window or a larger picture
      max_pool2d kernel=2,2 stride=1,1 pad=2,2,2,2 dilation=1,1 (f32[1x3x8x8])
        max_pool2d: stride=1,1 pad=2,2,2,2 dilation=1,1: the padding must be smaller than the 2x2 window, or a window would see padding only
      max_pool2d kernel=3,3 stride=1,1 pad=2,2,2,2 dilation=2,2 (f32[1x3x1x8])
        max_pool2d: dilation 2x2 must not exceed the picture of 1x8, or a window would see padding only
      max_pool2d_grad kernel=2,2 stride=2,2 pad=0,0,0,0 dilation=1,1 size=8,8 (f32[1x3x3x4] u8[1x3x3x4])
        max_pool2d_grad: dy [1x3x3x4] is 3x4, but pooling 8x8 gives 4x4
      max_pool2d_grad kernel=2,2 stride=2,2 pad=0,0,0,0 dilation=1,1 size=8,8 (f32[1x3x4x4] u8[1x3x4x5])
        max_pool2d_grad: place [1x3x4x5] must be [1x3x4x4]: one place per gradient
      max_pool2d_grad kernel=2,2 stride=2,2 pad=0,0,0,0 dilation=1,1 size=8,8 (f32[1x3x4x4] i32[1x3x4x4])
        max_pool2d_grad: place [1x3x4x4] is i32, but needs u8; cast it first
      average_pool2d kernel=9,9 stride=1,1 pad=0,0,0,0 dilation=1,1 count_padding=false (f32[1x3x8x8])
        average_pool2d: x [1x3x8x8] is smaller than the 9x9 window; use a smaller window or a larger picture
      average_pool2d_grad kernel=2,2 stride=2,2 pad=0,0,0,0 dilation=1,1 count_padding=false size=9,8 (f32[1x3x4x5])
        average_pool2d_grad: dy [1x3x4x5] is 4x5, but pooling 9x8 gives 4x4
      adaptive_average_pool2d out=0,1 (f32[1x3x8x8])
        adaptive_average_pool2d: x [1x3x8x8] cannot be pooled to 0x1
      adaptive_max_pool2d out=1,1 (f32[1x3x0x8])
        adaptive_max_pool2d: x [1x3x0x8] cannot be pooled to 1x1
      adaptive_max_pool2d_grad size=8,8 (f32[1x3x2x2] i32[1x3x2x3])
        adaptive_max_pool2d_grad: place [1x3x2x3] must be [1x3x2x2]: one place per gradient
      batch_norm_train eps=1e-5 momentum=0.1 (f32[8] f32[8] f32[8] f32[8] f32[8])
        batch_norm_train: x [8] has no channel axis; needs N×C or N×C×H×W
      batch_norm_train eps=1e-5 momentum=0.1 (f32[2x3x4x4] f32[4] f32[3] f32[3] f32[3])
        batch_norm_train: scale [4] must be [3]: one number for each channel of x [2x3x4x4]
      batch_norm_train eps=1e-5 momentum=0.1 (bf16[2x3x4x4] bf16[3] bf16[3] f32[3] f32[3])
        batch_norm_train: scale [3] is bf16, but needs f32; cast it first
      batch_norm_train eps=1e-5 momentum=0.1 (f32[1x3] f32[3] f32[3] f32[3] f32[3])
        batch_norm_train: x [1x3] has one value per channel; its variance is not defined: train with a larger batch
      batch_norm_train eps=1e-5 momentum=0.1 (f32[2x3x4x4] f32[3] f32[3] f32[3] f32[3] f32[2x3x4x5])
        batch_norm_train: addend [2x3x4x5] must be [2x3x4x4]: it goes with x [2x3x4x4]
      batch_norm_train_grad (f32[2x3x4x4] f32[2x3x4x5] f32[3] f32[3] f32[3] f32[3])
        batch_norm_train_grad: x [2x3x4x5] must be [2x3x4x4]: x and its gradient agree
      layer_norm axes=3 eps=1e-5 (f32[4x5] f32[5] f32[5])
        layer_norm: x [4x5] has no 3 last axes
      layer_norm axes=1 eps=1e-5 (f32[4x5] f32[4] f32[5])
        layer_norm: scale [4] must be [5]: the last 1 axes of x [4x5]
      layer_norm_grad axes=1 (f32[4x5] f32[4x5] f32[5] f32[5] f32[4])
        layer_norm_grad: mean [5] must be [4]: one mean per row
      local_response_norm size=5 alpha=1e-4 beta=0.75 k=1 (f32[4x5])
        local_response_norm: x [4x5] has rank 2, but needs rank 4 (N×C×H×W)
      matmul ta=false tb=false out=f32 (f32[5] f32[5x4])
        matmul: a [5] and b [5x4] must have at least two axes
      matmul ta=true tb=false out=f32 (f32[8x5] f32[5x4])
        matmul: a [8x5]ᵀ has 8 columns, but b [5x4] has 5 rows
      matmul ta=false tb=true out=f32 (f32[8x5] f32[4x6])
        matmul: a [8x5] has 5 columns, but b [4x6]ᵀ has 6 rows
      matmul ta=false tb=false out=f32 (f32[2x8x5] f32[3x5x4])
        matmul: a [2x8x5] and b [3x5x4] have different batch axes
      matmul ta=false tb=false out=f32 (f32[8x5] f32[5x4] f32[5])
        matmul: bias [5] must be [4]: one number per column
      matmul ta=false tb=false out=bf16 (f32[8x5] f32[5x4])
        matmul: a product of f32 cannot be written as bf16
      unary f=exp (i32[4])
        unary: x [4] is i32, but must be a real type; cast it first
      binary f=add (f32[8x5] f32[8])
        binary: shapes 8x5 and 8 do not broadcast: axis -1 has 5 and 8; they must be equal or one of them 1
      binary f=add (f32[8x5] bf16[8x5])
        binary: a [8x5] is f32, but b [8x5] is bf16; cast one of them
      compare relation=less (f32[8] i32[8])
        compare: a [8] is f32, but b [8] is i32; cast one of them
      activate_grad act=relu (f32[8] f32[9])
        activate_grad: known [9] must be [8]: one value per gradient
      select (i32[4] f32[4] f32[4])
        select: condition [4] is i32, but needs u8; cast it first
      select (u8[4] f32[5] f32[5])
        select: condition [4] must be [5]: one condition per element
      normalize_picture mean=0.5,0.5,0.5 deviation=1.0,1.0,1.0 out=f32 (u8[2x1x8x8])
        normalize_picture: x [2x1x8x8] has 1 channels, but the normalisation has 3 means [0.5, 0.5, 0.5]
      normalize_picture mean=0.5 deviation=1.0 out=u8 (u8[2x1x8x8])
        normalize_picture: the result type u8 must be a real type
      softmax axis=2 (f32[4x5])
        softmax: x [4x5] has no axis 2
      softmax_grad axis=1 (f32[4x5] f32[4x6])
        softmax_grad: y [4x6] must be [4x5]: y and its gradient agree
      softmax_cross_entropy smoothing=0.0 ignore=-100 (f32[4x10] i32[5])
        softmax_cross_entropy: labels [5] must be [4]: one label for each item of logits [4x10]
      softmax_cross_entropy smoothing=0.0 ignore=-100 (f32[4x10] f32[4])
        softmax_cross_entropy: labels [4] is f32, but needs i32; cast it first
      softmax_cross_entropy_grad smoothing=0.0 ignore=-100 (bf16[()] bf16[4x10] i32[4])
        softmax_cross_entropy_grad: dloss [()] is bf16, but needs f32; cast it first
      reduce fold=sum axes=1,0 keep=false out=f32 (f32[4x5])
        reduce: x [4x5] cannot be folded along axes [1, 0]: they must ascend and be below 2
      reduce fold=max axes=1 keep=false out=f32 (f32[4x0])
        reduce: x [4x0] has no elements along axis 1
      argmax axis=2 (f32[4x5])
        argmax: x [4x5] has nothing to choose along axis 2
      reshape shape=3x4 (f32[2x5])
        reshape: x [2x5] has 10 elements, but [3x4] has 12
      transpose order=0,0,1 (f32[2x3x4])
        transpose: order [0, 0, 1] is no order of the 3 axes of x [2x3x4]
      broadcast shape=4x3 (f32[4])
        broadcast: x [4] does not stretch to [4x3]
      concat axis=2 (f32[2x3] f32[2x3])
        concat: x0 [2x3] has no axis 2
      concat axis=1 (f32[2x3] f32[3x3])
        concat: x1 [3x3] and x0 [2x3] differ beside axis 1
      concat axis=0 ()
        concat: got 0 operands [], but needs x0
      concat axis=1 (u8[0x2000000000] u8[0x2000000000])
        concat: the result would have 4000000000 elements along axis 1, more than fit
      slice start=0,4 size=2,2 step=1,1 (f32[2x5])
        slice: start=[0, 4] size=[2, 2] step=[1, 1] leaves [2x5]
      unslice start=0,4 step=1,2 shape=2x5 (f32[2x2])
        unslice: start=[0, 4] size=[2, 2] step=[1, 2] leaves [2x5]
      pad before=1 after=1 value=0 (f32[2x5])
        pad: x [2x5] has 2 axes, but before=[1] after=[1]
      pad before=1,-1 after=1,1 value=0 (f32[2x5])
        pad: padding must not be negative: [1, -1], [1, 1]
      gather (f32[10] i32[4])
        gather: table [10] has rank 1, but needs rank 2 (V×D)
      gather (f32[10x4] f32[4])
        gather: indices [4] is f32, but needs i32; cast it first
      gather_grad rows=10 out=f32 (f32[4x5] i32[5])
        gather_grad: dy [4x5] must be the shape of indices [5] and one more axis
      dropout rate=0.5 stream=1 grain=channel (f32[4] i32[4])
        dropout: x [4] has no channel to drop
      dropout rate=0.5 stream=1 grain=element (f32[4] i32[2])
        dropout: key [2] must be [4]: seed and step, two words each
      sgd momentum=0.9 dampening=0.0 nesterov=false decay=0.0 (f32[()] f32[()] f32[4] f32[4])
        sgd: got 4 operands, but needs rate, scale, then all parameters, all gradients and 1 kinds of state, as many of each
      sgd momentum=0.9 dampening=0.0 nesterov=false decay=0.0 (f32[()] f32[()] f32[4] f32[5] f32[4])
        sgd: g0 [5] must be [4]: it goes with p0 [4]
      sgd momentum=0.0 dampening=0.0 nesterov=false decay=0.0 (f32[1] f32[()] f32[4] f32[4])
        sgd: rate [1] must be [()]: one number for all parameters
      sgd momentum=0.0 dampening=0.0 nesterov=false decay=0.0 (f32[()] f32[()] f32[4] f64[4])
        sgd: p0 [4] is f32, but g0 [4] is f64; cast one of them
      adam beta1=0.9 beta2=0.999 eps=1e-8 decay=0.0 decoupled=false (f32[()] f32[()] f32[4] f32[4] f32[4] f32[4])
        adam: got 6 operands, but needs rate, scale, step, then all parameters, all gradients and 2 kinds of state, as many of each
      batch_norm_train_grad act=silu (f32[2x3x4x4] f32[2x3x4x4] f32[3] f32[3] f32[3] f32[3] f32[2x3x4x4])
        batch_norm_train_grad: the derivative of act=silu does not follow from y; leave the activation out of the normalisation
      global_norm (i32[4])
        global_norm: g0 [4] is i32, but must be a real type; cast it first
      fill type=f32[()] value=1 (f32[4])
        fill: got 1 operands [f32[4]], but needs none
      sgd momentum=0.0 dampening=0.0 nesterov=false decay=0.0 (f32[()] i32[()] f32[4] f32[4])
        sgd: scale [()] is i32, but must be a real type; cast it first
      """;

  /// Op and attributes, then what is wrong with them.
  private static final String BAD_SETTINGS =
      """
      conv3d
        unknown op 'conv3d'
      conv2d stride=1,1 pad=0,0,0,0 dilation=1,1
        attribute 'groups' is missing
      conv2d stride=1,1 pad=0,0,0,0 dilation=1,1 groups=0
        groups must be at least 1, not 0
      conv2d stride=0,1 pad=0,0,0,0 dilation=1,1 groups=1
        stride and dilation must be at least 1
      conv2d stride=1,1 pad=0,0,0,-1 dilation=1,1 groups=1
        padding must not be negative
      conv2d_weight_grad stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 kernel=0,3 out=f32
        kernel height must be at least 1, not 0
      activate act=elu alpha=-1.0
        ELU needs a finite alpha >= 0, not -1.0
      dropout rate=1.0 stream=1 grain=element
        dropout rate 1.0 must be in [0, 1)
      constant type=f32[3] values=1.0,2.0
        a constant f32[3] needs 3 values, not 2
      normalize_picture mean=0.5 deviation=0.0 out=f32
        needs as many means [0.5] as deviations [0.0], which are > 0
      cast to=f16
        unknown element type 'f16'
      reduce fold
        'fold' is not an attribute such as stride=2,2
      """;

  record Case(String call, String complaint) {
    @Override
    public String toString() {
      return call;
    }
  }

  static Stream<Case> complaints() {
    return cases(COMPLAINTS);
  }

  static Stream<Case> badSettings() {
    return cases(BAD_SETTINGS);
  }

  private static Stream<Case> cases(String text) {
    var lines = text.lines().filter(l -> !l.isBlank()).toList();
    var cases = new ArrayList<Case>();
    for (int i = 0; i < lines.size(); i += 2) {
      cases.add(new Case(lines.get(i), lines.get(i + 1).strip()));
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("complaints")
  void complains(Case broken) {
    Op op = op(broken.call());
    assertThatThrownBy(() -> op.infer(operands(broken.call())))
        .isInstanceOf(ShapeException.class)
        .hasMessage(broken.complaint());
  }

  @ParameterizedTest
  @MethodSource("badSettings")
  void refusesSettingsThatMeanNothing(Case broken) {
    assertThatThrownBy(() -> op(broken.call() + " ()"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(broken.complaint());
  }

  @Test
  void aKernelThatJustFitsGivesOnePosition() {
    Op op = op("conv2d stride=2,3 pad=1,0,0,0 dilation=2,1 groups=1 ()");
    assertThat(op.infer(List.of(TensorType.f32(1, 3, 4, 3), TensorType.f32(6, 3, 3, 3))))
        .containsExactly(TensorType.f32(1, 6, 1, 1));
  }

  private static Op op(String call) {
    String head = call.substring(0, call.indexOf(" ("));
    int space = head.indexOf(' ');
    return space < 0
        ? Op.read(head, Attributes.of())
        : Op.read(head.substring(0, space), Attributes.parse(head.substring(space)));
  }

  private static List<TensorType> operands(String call) {
    String inside = call.substring(call.indexOf(" (") + 2, call.length() - 1);
    return inside.isBlank()
        ? List.of()
        : Stream.of(inside.strip().split(" ")).map(TensorType::parse).toList();
  }
}
