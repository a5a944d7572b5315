package unfold.pass;

import org.junit.jupiter.api.Test;

/// Rows that are looked up, and then multiplied.
class LookUpLastTest {
  private static final double F32 = 1e-5;

  private static final String OFTEN =
      """
      feed %0 tokens : i32[4x3]
      state %1 table : f32[5x4]
      state %2 w : f32[6x4]
      state %3 b : f32[6]
      %4 = gather(%1, %0) : f32[4x3x4] @ embed
      %5 = matmul(%4, %2, %3) ta=false tb=true out=f32 : f32[4x3x6] @ rnn
      result y %5
      """;

  @Test
  void theTableIsMultipliedWhereItsRowsOccurOften() {
    Golden.check(
        LookUpLast.forTraining(),
        F32,
        OFTEN,
        """
        feed %0 tokens : i32[4x3]
        state %1 table : f32[5x4]
        state %2 w : f32[6x4]
        state %3 b : f32[6]
        %6 = matmul(%1, %2, %3) ta=false tb=true out=f32 : f32[5x6] @ rnn
        %7 = gather(%6, %0) : f32[4x3x6] @ embed
        result y %7
        """);
  }

  private static final String ONCE =
      """
      feed %0 token : i32[1]
      state %1 table : f32[3x4]
      state %2 w : f32[6x4]
      %3 = gather(%1, %0) : f32[1x4] @ embed
      %4 = matmul(%3, %2) ta=false tb=true out=f32 : f32[1x6] @ rnn
      result y %4
      """;

  @Test
  void aProductOfParametersIsMadeOnceForAllAnswers() {
    Golden.check(
        LookUpLast.forInference(),
        F32,
        ONCE,
        """
        feed %0 token : i32[1]
        state %1 table : f32[3x4]
        state %2 w : f32[6x4]
        %5 = matmul(%1, %2) ta=false tb=true out=f32 : f32[3x6] @ rnn
        %6 = gather(%5, %0) : f32[1x6] @ embed
        result y %6
        """);
  }

  @Test
  void rowsThatOccurSeldomAreMultipliedOneByOne() {
    Golden.unchanged(LookUpLast.forTraining(), ONCE);
  }
}
