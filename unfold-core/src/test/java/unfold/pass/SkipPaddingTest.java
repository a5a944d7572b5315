package unfold.pass;

import org.junit.jupiter.api.Test;

/// Products over all steps without padding, where it is inert.
class SkipPaddingTest {
  private static final double ROUNDING = 2e-6;

  @Test
  void whatALayerReadsIsMultipliedWithoutPadding() {
    Golden.check(
        SkipPadding.pass(),
        ROUNDING,
        """
        feed %0 x : f32[3x2x5]
        feed %1 w : f32[4x5]
        feed %2 b : f32[4]
        feed %3 h : f32[2x4]
        feed %4 u : f32[4x4]
        feed %5 lengths : i32[2]
        %6 = matmul(%0, %1, %2) ta=false tb=true out=f32 : f32[3x2x4]
        %7 = rnn_sequence(%6, %3, %4, %5) reverse=false act=tanh : f32[4x2x4]
        result states %7
        """,
        """
        feed %0 x : f32[3x2x5]
        feed %1 w : f32[4x5]
        feed %2 b : f32[4]
        feed %3 h : f32[2x4]
        feed %4 u : f32[4x4]
        feed %5 lengths : i32[2]
        %8 = sequence_product(%0, %1, %2, %5) tb=true bias=true out=f32 : f32[3x2x4]
        %9 = rnn_sequence(%8, %3, %4, %5) reverse=false act=tanh : f32[4x2x4]
        result states %9
        """);
  }

  @Test
  void gradientsAreMultipliedWithoutPadding() {
    Golden.check(
        SkipPadding.pass(),
        ROUNDING,
        """
        feed %0 dstates : f32[4x2x4]
        feed %1 states : f32[4x2x4]
        feed %2 u : f32[4x4]
        feed %3 lengths : i32[2]
        feed %4 w : f32[4x5]
        feed %5 x : f32[6x5]
        %6, %7 = rnn_sequence_grad(%0, %1, %2, %3) reverse=false act=tanh : f32[3x2x4], f32[2x4]
        %8 = matmul(%6, %4) ta=false tb=false out=f32 : f32[3x2x5]
        %9 = reshape(%6) shape=6x4 : f32[6x4]
        %10 = matmul(%9, %5) ta=true tb=false out=f32 : f32[4x5]
        result dx %8
        result dw %10
        """,
        """
        feed %0 dstates : f32[4x2x4]
        feed %1 states : f32[4x2x4]
        feed %2 u : f32[4x4]
        feed %3 lengths : i32[2]
        feed %4 w : f32[4x5]
        feed %5 x : f32[6x5]
        %6, %7 = rnn_sequence_grad(%0, %1, %2, %3) reverse=false act=tanh : f32[3x2x4], f32[2x4]
        %11 = sequence_product(%6, %4, %3) tb=false bias=false out=f32 : f32[3x2x5]
        %12 = reshape(%5) shape=3x2x5 : f32[3x2x5]
        %13 = sequence_product_sum(%6, %12, %3) out=f32 : f32[4x5]
        result dx %11
        result dw %13
        """);
  }

  @Test
  void whatOthersReadTooAndWholeRowsStay() {
    Golden.unchanged(
        SkipPadding.pass(),
        """
        feed %0 x : f32[3x2x5]
        feed %1 w : f32[4x5]
        feed %2 h : f32[2x4]
        feed %3 u : f32[4x4]
        feed %4 lengths : i32[2]
        %5 = matmul(%0, %1) ta=false tb=true out=f32 : f32[3x2x4]
        %6 = rnn_sequence(%5, %2, %3, %4) reverse=false act=tanh : f32[4x2x4]
        %7 = matmul(%0, %1) ta=false tb=true out=f32 : f32[3x2x4]
        %8 = rnn_sequence(%7, %2, %3) reverse=false act=tanh : f32[4x2x4]
        result p %5
        result states %6
        result whole %8
        """);
  }
}
