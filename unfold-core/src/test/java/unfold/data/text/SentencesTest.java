package unfold.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import unfold.error.ShapeException;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

final class SentencesTest {
  private static final Sentences THREE =
      new Sentences(List.of(new int[] {5, 6, 7}, new int[0], new int[] {8, 9}));

  @Test
  void sentencesStandSideBySideTimeByTime() {
    Tensor tokens = Tensor.zeros(DType.I32, 3, 4);
    Tensor lengths = Tensor.zeros(DType.I32, 4);
    THREE.fill(List.of(2, 0, 1), -100, tokens);
    THREE.lengths(List.of(2, 0, 1), lengths);
    assertThat(tokens.toDoubles())
        .containsExactly(8, 5, -100, -100, 9, 6, -100, -100, -100, 7, -100, -100);
    assertThat(lengths.toDoubles()).containsExactly(2, 3, 0, 0);
    assertThat(THREE.lengths()).containsExactly(3, 0, 2);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Tensor tokens = Tensor.zeros(DType.I32, 2, 2);
    assertThatThrownBy(() -> THREE.fill(List.of(2, 0), 0, tokens))
        .isInstanceOf(ShapeException.class)
        .hasMessage("sentence 0 has 3 tokens, but the batch has 2 steps");
    assertThatThrownBy(() -> THREE.fill(List.of(2, 1, 1), 0, tokens))
        .isInstanceOf(ShapeException.class)
        .hasMessage("3 sentences do not fit into a batch of 2 rows");
    assertThatThrownBy(() -> THREE.lengths(List.of(1), tokens))
        .isInstanceOf(ShapeException.class)
        .hasMessage("a batch of sentences is i32 N, not i32[2x2]");
  }
}
