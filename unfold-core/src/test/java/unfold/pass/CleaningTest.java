package unfold.pass;

import org.junit.jupiter.api.Test;

/// The passes that only take away: dead code, algebra, constants, repetitions.
class CleaningTest {
  @Test
  void deadCodeGoesAndUpdatesStay() {
    Golden.check(
        DeadCode.pass(),
        0,
        """
        feed %0 x : f32[3]
        state %1 s : f32[3]
        %2 = unary(%0) f=exp : f32[3]
        %3 = unary(%2) f=abs : f32[3]
        %4 = binary(%0, %1) f=add : f32[3]
        result y %0
        update s %4
        """,
        """
        feed %0 x : f32[3]
        state %1 s : f32[3]
        %4 = binary(%0, %1) f=add : f32[3]
        result y %0
        update s %4
        """);
  }

  @Test
  void sameOpOnSameOperandsIsComputedOnce() {
    Golden.check(
        CommonSubexpressions.pass(),
        0,
        """
        feed %0 x : f32[3]
        feed %1 key : i32[4]
        %2 = unary(%0) f=exp : f32[3]
        %3 = unary(%0) f=exp : f32[3]
        %4 = dropout(%2, %1) rate=0.5 stream=7 grain=element : f32[3]
        %5 = dropout(%3, %1) rate=0.5 stream=7 grain=element : f32[3]
        %6 = dropout(%3, %1) rate=0.5 stream=8 grain=element : f32[3]
        %7 = binary(%4, %5) f=add : f32[3]
        result y %7
        result z %6
        """,
        """
        feed %0 x : f32[3]
        feed %1 key : i32[4]
        %2 = unary(%0) f=exp : f32[3]
        %4 = dropout(%2, %1) rate=0.5 stream=7 grain=element : f32[3]
        %6 = dropout(%2, %1) rate=0.5 stream=8 grain=element : f32[3]
        %7 = binary(%4, %4) f=add : f32[3]
        result y %7
        result z %6
        """);
  }

  @Test
  void arithmeticWithOneNumberBecomesOneAffine() {
    Golden.check(
        Simplify.pass(),
        1e-7,
        """
        feed %0 x : f32[2x3]
        %1 = fill() type=f32[()] value=2.0 : f32[()]
        %2 = fill() type=f32[3] value=3.0 : f32[3]
        %3 = fill() type=f32[2x3] value=1.0 : f32[2x3]
        %4 = binary(%0, %1) f=multiply : f32[2x3]
        %5 = binary(%2, %4) f=subtract : f32[2x3]
        %6 = binary(%5, %1) f=divide : f32[2x3]
        %7 = binary(%6, %3) f=power : f32[2x3]
        result y %7
        """,
        """
        feed %0 x : f32[2x3]
        %10 = affine(%0) scale=-1.0 shift=1.5 : f32[2x3]
        result y %10
        """);
  }

  @Test
  void aNumberThatStretchesTheOtherOperandStays() {
    Golden.unchanged(
        Simplify.pass(),
        """
        feed %0 x : f32[3]
        %1 = fill() type=f32[2x3] value=2.0 : f32[2x3]
        %2 = binary(%0, %1) f=multiply : f32[2x3]
        result y %2
        """);
  }

  @Test
  void movementsThatCancelGo() {
    Golden.check(
        Simplify.pass(),
        0,
        """
        feed %0 x : f32[2x3x4]
        %1 = transpose(%0) order=2,0,1 : f32[4x2x3]
        %2 = transpose(%1) order=1,2,0 : f32[2x3x4]
        %3 = reshape(%2) shape=6x4 : f32[6x4]
        %4 = reshape(%3) shape=24 : f32[24]
        %5 = broadcast(%4) shape=24 : f32[24]
        %6 = slice(%5) start=0 size=24 step=1 : f32[24]
        %7 = concat(%6) axis=0 : f32[24]
        %8 = pad(%7) before=0 after=0 value=9.0 : f32[24]
        result y %8
        """,
        """
        feed %0 x : f32[2x3x4]
        %9 = reshape(%0) shape=24 : f32[24]
        result y %9
        """);
  }

  @Test
  void castsThatLoseNothingGoAndOthersStay() {
    Golden.check(
        Simplify.pass(),
        0,
        """
        feed %0 b : bf16[3]
        feed %1 x : f32[3]
        %2 = cast(%0) to=f32 : f32[3]
        %3 = cast(%2) to=bf16 : bf16[3]
        %4 = cast(%1) to=bf16 : bf16[3]
        %5 = cast(%4) to=f32 : f32[3]
        %6 = cast(%5) to=f32 : f32[3]
        result b %3
        result x %6
        """,
        """
        feed %0 b : bf16[3]
        feed %1 x : f32[3]
        %4 = cast(%1) to=bf16 : bf16[3]
        %5 = cast(%4) to=f32 : f32[3]
        result b %0
        result x %5
        """);
  }

  @Test
  void adaptivePoolsThatTileEvenlyBecomePlainOnes() {
    Golden.check(
        Simplify.pass(),
        1e-6,
        """
        feed %0 x : f32[2x3x4x6]
        %1 = adaptive_average_pool2d(%0) out=4,6 : f32[2x3x4x6]
        %2 = adaptive_average_pool2d(%1) out=2,3 : f32[2x3x2x3]
        %3 = adaptive_average_pool2d(%2) out=1,1 : f32[2x3x1x1]
        %4 = reduce(%3) fold=mean axes=2,3 keep=false out=f32 : f32[2x3]
        result y %4
        """,
        """
        feed %0 x : f32[2x3x4x6]
        %5 = average_pool2d(%0) kernel=2,2 stride=2,2 pad=0,0,0,0 dilation=1,1 count_padding=false : f32[2x3x2x3]
        %6 = reduce(%5) fold=mean axes=2,3 keep=true out=f32 : f32[2x3x1x1]
        %7 = reshape(%6) shape=2x3 : f32[2x3]
        result y %7
        """);
  }

  @Test
  void constantsAreComputedAheadAsAKernelWouldRoundThem() {
    Golden.check(
        FoldConstants.pass(),
        0,
        """
        feed %0 x : f32[2x3]
        %1 = fill() type=f32[()] value=0.1 : f32[()]
        %2 = cast(%1) to=bf16 : bf16[()]
        %3 = cast(%2) to=f32 : f32[()]
        %4 = affine(%3) scale=2.0 shift=1.0 : f32[()]
        %5 = unary(%4) f=sqrt : f32[()]
        %6 = broadcast(%5) shape=2x3 : f32[2x3]
        %7 = reduce(%6) fold=sum axes=0 keep=false out=f32 : f32[3]
        %8 = binary(%7, %1) f=power : f32[3]
        %9 = binary(%0, %8) f=add : f32[2x3]
        result y %9
        """,
        """
        feed %0 x : f32[2x3]
        %16 = fill() type=f32[3] value=1.0815973281860352 : f32[3]
        %9 = binary(%0, %16) f=add : f32[2x3]
        result y %9
        """);
  }

  @Test
  void sumOverAPoolsGradientIsTakenBeforeItSpreads() {
    Golden.check(
        Simplify.pass(),
        1e-6,
        """
        feed %0 dy : f32[2x3x2x2]
        feed %1 x : f32[2x3x4x4]
        %7, %8 = max_pool2d(%1) kernel=2,2 stride=2,2 pad=0,0,0,0 dilation=1,1 : f32[2x3x2x2], u8[2x3x2x2] @ pool
        %2 = max_pool2d_grad(%0, %8) kernel=2,2 stride=2,2 pad=0,0,0,0 dilation=1,1 size=4,4 : f32[2x3x4x4] @ pool
        %3 = reduce(%2) fold=sum axes=0,2,3 keep=false out=f32 : f32[3] @ conv
        %4 = average_pool2d_grad(%0) kernel=3,3 stride=2,2 pad=1,1,1,1 dilation=1,1 count_padding=true size=4,4 : f32[2x3x4x4] @ pool
        %5 = reduce(%4) fold=sum axes=0,2,3 keep=false out=f32 : f32[3] @ conv
        result max %3
        result mean %5
        """,
        """
        feed %0 dy : f32[2x3x2x2]
        feed %1 x : f32[2x3x4x4]
        %9 = reduce(%0) fold=sum axes=0,2,3 keep=false out=f32 : f32[3] @ conv
        %4 = average_pool2d_grad(%0) kernel=3,3 stride=2,2 pad=1,1,1,1 dilation=1,1 count_padding=true size=4,4 : f32[2x3x4x4] @ pool
        %5 = reduce(%4) fold=sum axes=0,2,3 keep=false out=f32 : f32[3] @ conv
        result max %9
        result mean %5
        """);
  }
}
