package unfold.pass;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import unfold.autodiff.Autodiff;
import unfold.graph.Graph;

/// Where bf16 begins and ends.
class LowPrecisionTest {
  /// Eight bits of mantissa, a few roundings.
  private static final double BF16 = 0.05;

  @Test
  void activationsAreBf16AndLogitsAndLossF32() {
    Golden.check(
        LowPrecision.forTraining(),
        BF16,
        """
        feed %0 picture : u8[2x1x6x6]
        feed %1 labels : i32[2]
        state %2 w : f32[4x1x3x3]
        state %3 b : f32[4]
        state %4 fc.w : f32[3x4]
        state %5 fc.b : f32[3]
        %6 = normalize_picture(%0) mean=0.5 deviation=0.25 out=f32 : f32[2x1x6x6] @ normalize
        %7 = conv2d(%6, %2, %3) stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 act=relu : f32[2x4x4x4] @ conv
        %8 = reduce(%7) fold=mean axes=2,3 keep=false out=f32 : f32[2x4] @ pool
        %9 = matmul(%8, %4, %5) ta=false tb=true out=f32 : f32[2x3] @ fc
        %10 = softmax_cross_entropy(%9, %1) smoothing=0.0 ignore=-100 : f32[()] @ loss
        result loss %10
        result logits %9
        """,
        """
        feed %0 picture : u8[2x1x6x6]
        feed %1 labels : i32[2]
        state %2 w : f32[4x1x3x3]
        state %3 b : f32[4]
        state %4 fc.w : f32[3x4]
        state %5 fc.b : f32[3]
        %6 = normalize_picture(%0) mean=0.5 deviation=0.25 out=bf16 : bf16[2x1x6x6] @ normalize
        %7 = cast(%2) to=bf16 : bf16[4x1x3x3] @ conv
        %8 = conv2d(%6, %7, %3) stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 act=relu : bf16[2x4x4x4] @ conv
        %9 = reduce(%8) fold=mean axes=2,3 keep=false out=bf16 : bf16[2x4] @ pool
        %10 = cast(%4) to=bf16 : bf16[3x4] @ fc
        %11 = matmul(%9, %10, %5) ta=false tb=true out=f32 : f32[2x3] @ fc
        %12 = softmax_cross_entropy(%11, %1) smoothing=0.0 ignore=-100 : f32[()] @ loss
        result loss %12
        result logits %11
        """);
  }

  @Test
  void smallBeginningAndDepthwiseWeightsStayF32WhereNobodyLearns() {
    Golden.check(
        LowPrecision.forInference(),
        BF16,
        """
        feed %0 picture : u8[1x3x6x6]
        state %1 first.w : f32[8x3x3x3]
        state %2 early.w : f32[8x1x3x3]
        state %3 wide.w : f32[72x8x1x1]
        state %4 late.w : f32[72x1x3x3]
        state %5 last.w : f32[4x72x1x1]
        %6 = normalize_picture(%0) mean=0.5,0.5,0.5 deviation=0.25,0.25,0.25 out=f32 : f32[1x3x6x6] @ normalize
        %7 = conv2d(%6, %1) stride=1,1 pad=1,1,1,1 dilation=1,1 groups=1 : f32[1x8x6x6] @ first
        %8 = conv2d(%7, %2) stride=1,1 pad=1,1,1,1 dilation=1,1 groups=8 : f32[1x8x6x6] @ early
        %9 = conv2d(%8, %3) stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 : f32[1x72x6x6] @ wide
        %10 = conv2d(%9, %4) stride=1,1 pad=1,1,1,1 dilation=1,1 groups=72 : f32[1x72x6x6] @ late
        %11 = conv2d(%10, %5) stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 : f32[1x4x6x6] @ last
        result y %11
        """,
        """
        feed %0 picture : u8[1x3x6x6]
        state %1 first.w : f32[8x3x3x3]
        state %2 early.w : f32[8x1x3x3]
        state %3 wide.w : f32[72x8x1x1]
        state %4 late.w : f32[72x1x3x3]
        state %5 last.w : f32[4x72x1x1]
        %6 = normalize_picture(%0) mean=0.5,0.5,0.5 deviation=0.25,0.25,0.25 out=f32 : f32[1x3x6x6] @ normalize
        %7 = conv2d(%6, %1) stride=1,1 pad=1,1,1,1 dilation=1,1 groups=1 : f32[1x8x6x6] @ first
        %8 = conv2d(%7, %2) stride=1,1 pad=1,1,1,1 dilation=1,1 groups=8 : f32[1x8x6x6] @ early
        %9 = cast(%8) to=bf16 : bf16[1x8x6x6] @ wide
        %10 = cast(%3) to=bf16 : bf16[72x8x1x1] @ wide
        %11 = conv2d(%9, %10) stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 : bf16[1x72x6x6] @ wide
        %12 = conv2d(%11, %4) stride=1,1 pad=1,1,1,1 dilation=1,1 groups=72 : bf16[1x72x6x6] @ late
        %13 = cast(%5) to=bf16 : bf16[4x72x1x1] @ last
        %14 = conv2d(%12, %13) stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 : bf16[1x4x6x6] @ last
        %15 = cast(%14) to=f32 : f32[1x4x6x6]
        result y %15
        """);
  }

  @Test
  void logitsThatAConvolutionOfOnePixelMakesStayF32WhereNobodyLearns() {
    Golden.check(
        LowPrecision.forInference(),
        BF16,
        """
        feed %0 x : f32[1x72x6x6]
        state %1 wide.w : f32[72x72x1x1]
        state %2 fc.w : f32[4x72x1x1]
        %3 = conv2d(%0, %1) stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 : f32[1x72x6x6] @ wide
        %4 = reduce(%3) fold=mean axes=2,3 keep=true out=f32 : f32[1x72x1x1] @ pool
        %5 = conv2d(%4, %2) stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 : f32[1x4x1x1] @ fc
        result y %5
        """,
        """
        feed %0 x : f32[1x72x6x6]
        state %1 wide.w : f32[72x72x1x1]
        state %2 fc.w : f32[4x72x1x1]
        %3 = cast(%0) to=bf16 : bf16[1x72x6x6] @ wide
        %4 = cast(%1) to=bf16 : bf16[72x72x1x1] @ wide
        %5 = conv2d(%3, %4) stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 : bf16[1x72x6x6] @ wide
        %6 = reduce(%5) fold=mean axes=2,3 keep=true out=f32 : f32[1x72x1x1] @ pool
        %7 = conv2d(%6, %2) stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 : f32[1x4x1x1] @ fc
        result y %7
        """);
  }

  @Test
  void statisticsScaleAndShiftStayF32() {
    Golden.check(
        LowPrecision.forTraining(),
        BF16,
        """
        feed %0 x : f32[4x3x2x2]
        state %1 w : f32[3x3x1x1]
        state %2 scale : f32[3]
        state %3 shift : f32[3]
        state %4 mean : f32[3]
        state %5 var : f32[3]
        %6 = conv2d(%0, %1) stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 : f32[4x3x2x2] @ conv
        %7, %8, %9, %10, %11 = batch_norm_train(%6, %2, %3, %4, %5, %6) eps=0.1 momentum=0.1 : f32[4x3x2x2], f32[3], f32[3], f32[3], f32[3] @ bn
        %12 = reduce(%7) fold=max axes=0,1,2,3 keep=false out=f32 : f32[()] @ loss
        result loss %12
        update mean %10
        update var %11
        """,
        """
        feed %0 x : f32[4x3x2x2]
        state %1 w : f32[3x3x1x1]
        state %2 scale : f32[3]
        state %3 shift : f32[3]
        state %4 mean : f32[3]
        state %5 var : f32[3]
        %6 = cast(%0) to=bf16 : bf16[4x3x2x2] @ conv
        %7 = cast(%1) to=bf16 : bf16[3x3x1x1] @ conv
        %8 = conv2d(%6, %7) stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 : bf16[4x3x2x2] @ conv
        %9, %10, %11, %12, %13 = batch_norm_train(%8, %2, %3, %4, %5, %8) eps=0.1 momentum=0.1 : bf16[4x3x2x2], f32[3], f32[3], f32[3], f32[3] @ bn
        %14 = reduce(%9) fold=max axes=0,1,2,3 keep=false out=f32 : f32[()] @ loss
        result loss %14
        update mean %12
        update var %13
        """);
  }

  @Test
  void aRecurrentLayerKeepsItsCellInF32EvenWhereHAndCAreTheSameZeros() {
    Golden.check(
        LowPrecision.forTraining(),
        BF16,
        """
        feed %0 p : f32[3x2x8]
        state %1 w : f32[8x2]
        %2 = fill() type=f32[2x2] value=0.0 : f32[2x2] @ rnn
        %3, %4, %5, %6 = lstm_sequence(%0, %2, %2, %1) reverse=false peepholes=false projection=false : f32[4x2x2], f32[2x2], f32[3x2x2], f32[3x2x8] @ rnn
        result h %3
        result c %4
        result gates %6
        """,
        """
        feed %0 p : f32[3x2x8]
        state %1 w : f32[8x2]
        %2 = cast(%0) to=bf16 : bf16[3x2x8] @ rnn
        %3 = fill() type=bf16[2x2] value=0.0 : bf16[2x2] @ rnn
        %4 = fill() type=f32[2x2] value=0.0 : f32[2x2] @ rnn
        %5 = cast(%1) to=bf16 : bf16[8x2] @ rnn
        %6, %7, %8, %9 = lstm_sequence(%2, %3, %4, %5) reverse=false peepholes=false projection=false : bf16[4x2x2], f32[2x2], f32[3x2x2], bf16[3x2x8] @ rnn
        %10 = cast(%6) to=f32 : f32[4x2x2]
        %11 = cast(%9) to=f32 : f32[3x2x8]
        result h %10
        result c %7
        result gates %11
        """);
  }

  @Test
  void lossAgainstAnF32TargetIsTakenInF32() {
    Golden.check(
        LowPrecision.forTraining(),
        BF16,
        """
        feed %0 x : f32[4x3]
        feed %1 target : f32[4x2x1]
        state %2 w : f32[3x2]
        %3 = matmul(%0, %2) ta=false tb=false out=f32 : f32[4x2] @ fc
        %4 = reshape(%3) shape=4x2x1 : f32[4x2x1] @ fc
        %5 = binary(%4, %1) f=subtract : f32[4x2x1] @ loss
        %6 = unary(%5) f=square : f32[4x2x1] @ loss
        %7 = reduce(%6) fold=mean axes=0,1,2 keep=false out=f32 : f32[()] @ loss
        result loss %7
        """,
        """
        feed %0 x : f32[4x3]
        feed %1 target : f32[4x2x1]
        state %2 w : f32[3x2]
        %3 = cast(%0) to=bf16 : bf16[4x3] @ fc
        %4 = cast(%2) to=bf16 : bf16[3x2] @ fc
        %5 = matmul(%3, %4) ta=false tb=false out=f32 : f32[4x2] @ fc
        %6 = reshape(%5) shape=4x2x1 : f32[4x2x1] @ fc
        %7 = binary(%6, %1) f=subtract : f32[4x2x1] @ loss
        %8 = unary(%7) f=square : f32[4x2x1] @ loss
        %9 = reduce(%8) fold=mean axes=0,1,2 keep=false out=f32 : f32[()] @ loss
        result loss %9
        """);
  }

  @Test
  void parametersAndConstantsGoAlongWithActivations() {
    Golden.check(
        LowPrecision.forTraining(),
        BF16,
        """
        feed %0 x : f32[4x3]
        feed %1 mask : u8[4x2]
        state %2 w : f32[3x2]
        state %3 gain : f32[2x1]
        %4 = fill() type=f32[4x2] value=0.5 : f32[4x2]
        %5 = cast(%1) to=f32 : f32[4x2]
        %6 = reshape(%3) shape=2 : f32[2]
        %7 = matmul(%0, %2) ta=false tb=false out=f32 : f32[4x2] @ fc
        %8 = binary(%7, %6) f=multiply : f32[4x2] @ gain
        %9 = binary(%8, %5) f=multiply : f32[4x2] @ mask
        %10 = binary(%9, %4) f=add : f32[4x2] @ half
        %11 = matmul(%10, %2) ta=false tb=true out=f32 : f32[4x3] @ back
        result y %11
        """,
        """
        feed %0 x : f32[4x3]
        feed %1 mask : u8[4x2]
        state %2 w : f32[3x2]
        state %3 gain : f32[2x1]
        %4 = cast(%0) to=bf16 : bf16[4x3] @ fc
        %5 = cast(%2) to=bf16 : bf16[3x2] @ fc
        %6 = matmul(%4, %5) ta=false tb=false out=bf16 : bf16[4x2] @ fc
        %7 = cast(%3) to=bf16 : bf16[2x1] @ gain
        %8 = reshape(%7) shape=2 : bf16[2]
        %9 = binary(%6, %8) f=multiply : bf16[4x2] @ gain
        %10 = cast(%1) to=bf16 : bf16[4x2]
        %11 = binary(%9, %10) f=multiply : bf16[4x2] @ mask
        %12 = fill() type=bf16[4x2] value=0.5 : bf16[4x2]
        %13 = binary(%11, %12) f=add : bf16[4x2] @ half
        %14 = matmul(%13, %5) ta=false tb=true out=f32 : f32[4x3] @ back
        result y %14
        """);
  }

  @Test
  void aGraphInF64StaysAsItIs() {
    Golden.unchanged(
        LowPrecision.forTraining(),
        """
        feed %0 x : f64[4x3]
        %1 = matmul(%0, %0) ta=true tb=false out=f64 : f64[3x3]
        %2 = activate(%1) act=relu : f64[3x3]
        result y %2
        """);
  }

  @Test
  void weightGradientsAreWrittenInF32AlsoWhenStepsShareTheWeight() {
    var forward =
        LowPrecision.forTraining()
            .apply(
                Golden.graph(
                    """
                    feed %0 x : f32[4x3]
                    state %1 w : f32[3x3]
                    %2 = matmul(%0, %1) ta=false tb=false out=f32 act=tanh : f32[4x3] @ step1
                    %3 = matmul(%2, %1) ta=false tb=false out=f32 act=tanh : f32[4x3] @ step2
                    %4 = matmul(%3, %1) ta=false tb=false out=f32 act=tanh : f32[4x3] @ step3
                    %5 = reduce(%4) fold=sum axes=0,1 keep=false out=f32 : f32[()] @ loss
                    result loss %5
                    """));
    var step = Autodiff.differentiate(forward, "loss", List.of("w"));
    Golden.check(
        WidenGradients.pass(),
        BF16,
        body(step),
        """
        feed %0 x : f32[4x3]
        state %1 w : f32[3x3]
        %2 = cast(%0) to=bf16 : bf16[4x3] @ step1
        %3 = cast(%1) to=bf16 : bf16[3x3] @ step1
        %4 = matmul(%2, %3) ta=false tb=false out=bf16 act=tanh : bf16[4x3] @ step1
        %5 = matmul(%4, %3) ta=false tb=false out=bf16 act=tanh : bf16[4x3] @ step2
        %6 = matmul(%5, %3) ta=false tb=false out=f32 act=tanh : f32[4x3] @ step3
        %7 = reduce(%6) fold=sum axes=0,1 keep=false out=f32 : f32[()] @ loss
        %10 = fill() type=f32[4x3] value=1.0 : f32[4x3] @ loss
        %11 = activate_grad(%10, %6) act=tanh : f32[4x3] @ step3
        %12 = cast(%11) to=bf16 : bf16[4x3] @ step3
        %23 = matmul(%5, %12) ta=true tb=false out=f32 : f32[3x3] @ step3
        %14 = matmul(%12, %3) ta=false tb=true out=bf16 : bf16[4x3] @ step3
        %15 = activate_grad(%14, %5) act=tanh : bf16[4x3] @ step2
        %24 = matmul(%4, %15) ta=true tb=false out=f32 : f32[3x3] @ step2
        %25 = binary(%23, %24) f=add : f32[3x3] @ step2
        %18 = matmul(%15, %3) ta=false tb=true out=bf16 : bf16[4x3] @ step2
        %19 = activate_grad(%18, %4) act=tanh : bf16[4x3] @ step1
        %26 = matmul(%2, %19) ta=true tb=false out=f32 : f32[3x3] @ step1
        %27 = binary(%25, %26) f=add : f32[3x3] @ step1
        result loss %7
        result d:w %27
        """);
  }

  private static String body(Graph graph) {
    return graph
            .toString()
            .lines()
            .filter(l -> l.startsWith("  "))
            .collect(Collectors.joining("\n"))
        + "\n";
  }
}
