package unfold.pass;

import org.junit.jupiter.api.Test;

/// Many small ops that become one: concats that repeat each other, sums over steps of time.
class JoiningTest {
  private static final double ROUNDING = 2e-6;

  @Test
  void aConcatBeginsWithTheLongestEarlierOne() {
    Golden.check(
        NestConcats.pass(),
        0,
        """
        feed %0 a : f32[2x1]
        feed %1 b : f32[2x2]
        feed %2 c : f32[2x3]
        feed %3 d : f32[2x4]
        %4 = concat(%0, %1) axis=1 : f32[2x3]
        %5 = concat(%0, %1, %2) axis=1 : f32[2x6]
        %6 = concat(%0, %1, %2, %3) axis=1 : f32[2x10]
        result ab %4
        result abc %5
        result abcd %6
        """,
        """
        feed %0 a : f32[2x1]
        feed %1 b : f32[2x2]
        feed %2 c : f32[2x3]
        feed %3 d : f32[2x4]
        %4 = concat(%0, %1) axis=1 : f32[2x3]
        %7 = concat(%4, %2) axis=1 : f32[2x6]
        %8 = concat(%7, %3) axis=1 : f32[2x10]
        result ab %4
        result abc %7
        result abcd %8
        """);
  }

  @Test
  void slicesSideBySideAreConcatenated() {
    Golden.check(
        JoinSlices.pass(),
        0,
        """
        feed %0 a : f32[2x1]
        feed %1 b : f32[2x1]
        feed %2 c : f32[2x2]
        feed %3 whole : f32[2x4]
        %4 = unslice(%2) start=0,2 step=1,1 shape=2x4 : f32[2x4]
        %5 = unslice(%1) start=0,1 step=1,1 shape=2x4 : f32[2x4]
        %6 = unslice(%0) start=0,0 step=1,1 shape=2x4 : f32[2x4]
        %7 = binary(%3, %4) f=add : f32[2x4] @ step3
        %8 = binary(%7, %5) f=add : f32[2x4] @ step2
        %9 = binary(%8, %6) f=add : f32[2x4] @ step1
        result sum %9
        """,
        """
        feed %0 a : f32[2x1]
        feed %1 b : f32[2x1]
        feed %2 c : f32[2x2]
        feed %3 whole : f32[2x4]
        %13 = concat(%0, %1, %2) axis=1 : f32[2x4] @ step1
        %14 = binary(%3, %13) f=add : f32[2x4] @ step1
        result sum %14
        """);
  }

  @Test
  void slicesThatLeaveAGapOrAreReadElsewhereStay() {
    Golden.unchanged(
        JoinSlices.pass(),
        """
        feed %0 a : f32[2x1]
        feed %1 b : f32[2x1]
        %2 = unslice(%0) start=0,0 step=1,1 shape=2x3 : f32[2x3]
        %3 = unslice(%1) start=0,2 step=1,1 shape=2x3 : f32[2x3]
        %4 = unslice(%1) start=0,1 step=1,1 shape=2x3 : f32[2x3]
        %5 = binary(%2, %3) f=add : f32[2x3]
        %6 = binary(%2, %4) f=add : f32[2x3]
        result gap %5
        result twice %6
        """);
  }

  @Test
  void weightGradientsOfAllStepsBecomeOneProduct() {
    Golden.check(
        JoinProducts.pass(),
        ROUNDING,
        """
        feed %0 h1 : f32[2x5]
        feed %1 h2 : f32[2x5]
        feed %2 h3 : f32[2x5]
        feed %3 g : f32[2x4]
        %4 = matmul(%2, %3) ta=true tb=false out=f32 : f32[5x4] @ step3
        %5 = matmul(%1, %3) ta=true tb=false out=f32 : f32[5x4] @ step2
        %6 = binary(%4, %5) f=add : f32[5x4] @ step2
        %7 = matmul(%0, %3) ta=true tb=false out=f32 : f32[5x4] @ step1
        %8 = binary(%6, %7) f=add : f32[5x4] @ step1
        result dw %8
        """,
        """
        feed %0 h1 : f32[2x5]
        feed %1 h2 : f32[2x5]
        feed %2 h3 : f32[2x5]
        feed %3 g : f32[2x4]
        %12 = concat(%0, %1, %2) axis=0 : f32[6x5] @ step1
        %13 = concat(%3, %3, %3) axis=0 : f32[6x4] @ step1
        %14 = matmul(%12, %13) ta=true tb=false out=f32 : f32[5x4] @ step1
        result dw %14
        """);
  }

  @Test
  void productsOfManyRowsStayApartSinceCopyingThemCostsMore() {
    Golden.unchanged(
        JoinProducts.pass(),
        """
        feed %0 a : f32[9x2]
        feed %1 b : f32[9x2]
        feed %2 g : f32[9x3]
        %3 = matmul(%0, %2) ta=true tb=false out=f32 : f32[2x3]
        %4 = matmul(%1, %2) ta=true tb=false out=f32 : f32[2x3]
        %5 = binary(%3, %4) f=add : f32[2x3]
        result dw %5
        """);
  }
}
