package unfold.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import unfold.backend.Backend.Traits;

/// The fusions, each on the smallest graph that shows it.
class FusionTest {
  private static final double ROUNDING = 2e-6;
  private static final Traits ALL_FUSED = new Traits(false);

  private static final String BATCH_NORM_1D =
      """
      feed %0 x : f32[2x5]
      state %1 w : f32[5x3]
      state %2 b : f32[3]
      state %3 scale : f32[3]
      state %4 shift : f32[3]
      state %5 mean : f32[3]
      state %6 var : f32[3]
      %7 = matmul(%0, %1, %2) ta=false tb=false out=f32 : f32[2x3] @ fc
      %8 = batch_norm_inference(%7, %3, %4, %5, %6) eps=0.001 act=tanh : f32[2x3] @ bn
      result y %8
      """;

  @Test
  void biasGoesIntoTheConvolution() {
    Golden.check(
        FuseBias.pass(),
        ROUNDING,
        """
        feed %0 x : f32[2x3x5x5]
        state %1 w : f32[4x3x3x3]
        state %2 b : f32[1x4x1x1]
        %3 = conv2d(%0, %1) stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 : f32[2x4x3x3] @ conv
        %4 = binary(%2, %3) act=relu f=add : f32[2x4x3x3] @ relu
        result y %4
        """,
        """
        feed %0 x : f32[2x3x5x5]
        state %1 w : f32[4x3x3x3]
        state %2 b : f32[1x4x1x1]
        %5 = reshape(%2) shape=4 : f32[4] @ conv
        %6 = conv2d(%0, %1, %5) stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 act=relu : f32[2x4x3x3] @ conv
        result y %6
        """);
  }

  @Test
  void biasGoesIntoTheMatrixProduct() {
    Golden.check(
        FuseBias.pass(),
        ROUNDING,
        """
        feed %0 x : f32[2x3x5]
        state %1 w : f32[4x5]
        state %2 b : f32[4]
        %3 = matmul(%0, %1) ta=false tb=true out=f32 : f32[2x3x4] @ fc
        %4 = binary(%3, %2) f=add : f32[2x3x4] @ fc
        result y %4
        """,
        """
        feed %0 x : f32[2x3x5]
        state %1 w : f32[4x5]
        state %2 b : f32[4]
        %5 = matmul(%0, %1, %2) ta=false tb=true out=f32 : f32[2x3x4] @ fc
        result y %5
        """);
  }

  @Test
  void numbersAlongAnotherAxisAreNoBias() {
    Golden.unchanged(
        FuseBias.pass(),
        """
        feed %0 x : f32[2x3x4x4]
        state %1 w : f32[4x3x1x1]
        state %2 b : f32[4]
        %3 = conv2d(%0, %1) stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 : f32[2x4x4x4]
        %4 = binary(%3, %2) f=add : f32[2x4x4x4]
        result y %4
        """);
  }

  @Test
  void activationGoesIntoBatchNormalisationAndItsStatisticsFollow() {
    Golden.check(
        FuseActivation.forTraining(ALL_FUSED),
        ROUNDING,
        """
        feed %0 x : f32[4x3x2x2]
        state %1 scale : f32[3]
        state %2 shift : f32[3]
        state %3 mean : f32[3]
        state %4 var : f32[3]
        %5, %6, %7, %8, %9 = batch_norm_train(%0, %1, %2, %3, %4) eps=0.1 momentum=0.1 : f32[4x3x2x2], f32[3], f32[3], f32[3], f32[3] @ bn
        %10 = activate(%5) act=relu : f32[4x3x2x2] @ relu
        result y %10
        update mean %8
        update var %9
        """,
        """
        feed %0 x : f32[4x3x2x2]
        state %1 scale : f32[3]
        state %2 shift : f32[3]
        state %3 mean : f32[3]
        state %4 var : f32[3]
        %11, %12, %13, %14, %15 = batch_norm_train(%0, %1, %2, %3, %4) eps=0.1 momentum=0.1 act=relu : f32[4x3x2x2], f32[3], f32[3], f32[3], f32[3] @ bn
        result y %11
        update mean %14
        update var %15
        """);
  }

  @Test
  void activationStaysWhereTheValueBeforeItIsRead() {
    Golden.unchanged(
        FuseActivation.forInference(ALL_FUSED),
        """
        feed %0 a : f32[3]
        feed %1 b : f32[3]
        %2 = binary(%0, %1) f=multiply : f32[3]
        %3 = activate(%2) act=relu : f32[3]
        %4 = binary(%2, %3) f=add : f32[3]
        result y %4
        """);
  }

  @Test
  void trainingLeavesActivationsThatNeedTheirInput() {
    String graph =
        """
        feed %0 a : f32[3x3]
        %1 = matmul(%0, %0) ta=false tb=false out=f32 : f32[3x3]
        %2 = activate(%1) act=gelu : f32[3x3]
        result y %2
        """;
    Golden.unchanged(FuseActivation.forTraining(ALL_FUSED), graph);
    Golden.check(
        FuseActivation.forInference(ALL_FUSED),
        ROUNDING,
        graph,
        """
        feed %0 a : f32[3x3]
        %3 = matmul(%0, %0) ta=false tb=false out=f32 act=gelu : f32[3x3]
        result y %3
        """);
  }

  @Test
  void tanhStaysBehindAProductWhereItIsDearInside() {
    var dearTanh = new Traits(false, false);
    String graph =
        """
        feed %0 a : f32[3x3]
        %1 = matmul(%0, %0) ta=false tb=false out=f32 : f32[3x3]
        %2 = activate(%1) act=tanh : f32[3x3]
        %3 = matmul(%2, %2) ta=false tb=false out=f32 : f32[3x3]
        %4 = activate(%3) act=sigmoid : f32[3x3]
        %5 = binary(%4, %4) f=add : f32[3x3]
        %6 = activate(%5) act=tanh : f32[3x3]
        result y %6
        """;
    String fused =
        """
        feed %0 a : f32[3x3]
        %1 = matmul(%0, %0) ta=false tb=false out=f32 : f32[3x3]
        %2 = activate(%1) act=tanh : f32[3x3]
        %7 = matmul(%2, %2) ta=false tb=false out=f32 act=sigmoid : f32[3x3]
        %8 = binary(%7, %7) f=add act=tanh : f32[3x3]
        result y %8
        """;
    Golden.check(FuseActivation.forTraining(dearTanh), ROUNDING, graph, fused);
    Golden.check(FuseActivation.forInference(dearTanh), ROUNDING, graph, fused);
  }

  @Test
  void batchNormalisationTakesAnyActivationSinceItsGradientReadsX() {
    Golden.check(
        FuseActivation.forTraining(ALL_FUSED),
        ROUNDING,
        """
        feed %0 x : f32[4x3]
        state %1 c : f32[3]
        state %2 var : f32[3]
        %5, %6, %7, %8, %9 = batch_norm_train(%0, %1, %1, %1, %2) eps=0.1 momentum=0.1 : f32[4x3], f32[3], f32[3], f32[3], f32[3] @ bn
        %10 = activate(%5) act=silu : f32[4x3] @ silu
        result y %10
        """,
        """
        feed %0 x : f32[4x3]
        state %1 c : f32[3]
        state %2 var : f32[3]
        %11, %12, %13, %14, %15 = batch_norm_train(%0, %1, %1, %1, %2) eps=0.1 momentum=0.1 act=silu : f32[4x3], f32[3], f32[3], f32[3], f32[3] @ bn
        result y %11
        """);
  }

  @Test
  void residualSumGoesIntoBatchNormalisation() {
    Golden.check(
        FuseResidual.forTraining(),
        ROUNDING,
        """
        feed %0 x : f32[4x3x2x2]
        feed %16 shortcut : f32[4x3x2x2]
        state %1 scale : f32[3]
        state %2 shift : f32[3]
        state %3 mean : f32[3]
        state %4 var : f32[3]
        %5, %6, %7, %8, %9 = batch_norm_train(%0, %1, %2, %3, %4) eps=0.1 momentum=0.1 : f32[4x3x2x2], f32[3], f32[3], f32[3], f32[3] @ bn
        %10 = binary(%16, %5) act=relu f=add : f32[4x3x2x2] @ block
        result y %10
        """,
        """
        feed %0 x : f32[4x3x2x2]
        feed %16 shortcut : f32[4x3x2x2]
        state %1 scale : f32[3]
        state %2 shift : f32[3]
        state %3 mean : f32[3]
        state %4 var : f32[3]
        %17, %18, %19, %20, %21 = batch_norm_train(%0, %1, %2, %3, %4, %16) eps=0.1 momentum=0.1 act=relu : f32[4x3x2x2], f32[3], f32[3], f32[3], f32[3] @ bn
        result y %17
        """);
  }

  @Test
  void inferenceFoldsBatchNormalisationAndResidualIntoTheConvolution() {
    String graph =
        """
        feed %0 x : f32[2x3x4x4]
        state %1 w : f32[3x1x3x3]
        state %2 scale : f32[3]
        state %3 shift : f32[3]
        state %4 mean : f32[3]
        state %5 var : f32[3]
        %6 = conv2d(%0, %1) stride=1,1 pad=1,1,1,1 dilation=1,1 groups=3 : f32[2x3x4x4] @ conv
        %7 = batch_norm_inference(%6, %2, %3, %4, %5) eps=0.001 : f32[2x3x4x4] @ bn
        %8 = binary(%7, %0) f=add : f32[2x3x4x4] @ block
        %9 = activate(%8) act=silu : f32[2x3x4x4] @ block
        result y %9
        """;
    Golden.check(
        new Pass(
            "three",
            g ->
                Pass.applyAll(
                    List.of(
                        FoldBatchNorm.pass(),
                        FuseResidual.forInference(),
                        FuseActivation.forInference(ALL_FUSED)),
                    g)),
        ROUNDING,
        graph,
        """
        feed %0 x : f32[2x3x4x4]
        state %1 w : f32[3x1x3x3]
        state %2 scale : f32[3]
        state %3 shift : f32[3]
        state %4 mean : f32[3]
        state %5 var : f32[3]
        %10 = affine(%5) scale=1.0 shift=0.001 : f32[3] @ bn
        %11 = unary(%10) f=sqrt : f32[3] @ bn
        %12 = binary(%2, %11) f=divide : f32[3] @ bn
        %13 = reshape(%12) shape=3x1x1x1 : f32[3x1x1x1] @ bn
        %14 = binary(%1, %13) f=multiply : f32[3x1x3x3] @ bn
        %15 = binary(%4, %12) f=multiply : f32[3] @ bn
        %16 = binary(%3, %15) f=subtract : f32[3] @ bn
        %19 = conv2d(%0, %14, %16, %0) stride=1,1 pad=1,1,1,1 dilation=1,1 groups=3 act=silu : f32[2x3x4x4] @ conv
        result y %19
        """);
  }

  @Test
  void inferenceFoldsBatchNormalisationIntoAMatrixProductWithBias() {
    var folded = FoldBatchNorm.pass().apply(Golden.graph(BATCH_NORM_1D));
    Golden.assertSame(Golden.graph(BATCH_NORM_1D), folded, ROUNDING);
    assertThat(folded.toString())
        .contains("matmul(%0, %13, %16) ta=false tb=false out=f32 act=tanh : f32[2x3] @ fc")
        .doesNotContain("batch_norm");
  }

  @Test
  void activationSinksBelowTheMaxPool() {
    Golden.check(
        SinkActivation.pass(),
        0,
        """
        feed %0 x : f32[2x3x4x4]
        %1 = unary(%0) f=negate : f32[2x3x4x4]
        %2 = activate(%1) act=leaky_relu alpha=0.1 : f32[2x3x4x4] @ act
        %3, %4 = max_pool2d(%2) kernel=2,2 stride=2,2 pad=0,0,0,0 dilation=1,1 : f32[2x3x2x2], u8[2x3x2x2] @ pool
        result y %3
        result place %4
        """,
        """
        feed %0 x : f32[2x3x4x4]
        %1 = unary(%0) f=negate : f32[2x3x4x4]
        %5, %6 = max_pool2d(%1) kernel=2,2 stride=2,2 pad=0,0,0,0 dilation=1,1 : f32[2x3x2x2], u8[2x3x2x2] @ pool
        %7 = activate(%5) act=leaky_relu alpha=0.1 : f32[2x3x2x2] @ act
        result y %7
        result place %6
        """);
  }

  @Test
  void activationThatFallsSomewhereStaysAboveTheMaxPool() {
    Golden.unchanged(
        SinkActivation.pass(),
        """
        feed %0 x : f32[2x3x4x4]
        %2 = activate(%0) act=silu : f32[2x3x4x4] @ act
        %3, %4 = max_pool2d(%2) kernel=2,2 stride=2,2 pad=0,0,0,0 dilation=1,1 : f32[2x3x2x2], u8[2x3x2x2] @ pool
        result y %3
        """);
  }
}
