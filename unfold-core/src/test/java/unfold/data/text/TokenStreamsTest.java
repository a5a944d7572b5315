package unfold.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import unfold.error.InputException;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

final class TokenStreamsTest {
  private static final String TEXT = "thequickbrownfox.";

  @Test
  void eachRowIsAPieceOfTheTextAndGoesOnFromWindowToWindow() {
    var streams = new TokenStreams(TEXT.chars().toArray(), 2, 3, "text");
    assertThat(streams.windows()).isEqualTo(2);
    // Time by time: both rows' first characters, then both rows' second.
    assertThat(window(streams, 0, false)).isEqualTo("tchkeb");
    assertThat(window(streams, 0, true)).isEqualTo("hkebqr");
    assertThat(window(streams, 1, false)).isEqualTo("qruoiw");
    assertThat(window(streams, 1, true)).isEqualTo("uoiwcn");
  }

  @Test
  void theLastWindowMayEndOneBeforeTheEnd() {
    assertThat(new TokenStreams(new int[13], 2, 3, "text").windows()).isEqualTo(2);
    assertThat(new TokenStreams(new int[12], 2, 3, "text").windows()).isEqualTo(1);
  }

  @Test
  void theEndsOfAllStreamsCanBeCutOff() {
    var whole = new TokenStreams(TEXT.chars().toArray(), 2, 3, "text");
    TokenStreams first = whole.first(1);
    assertThat(first.windows()).isEqualTo(1);
    assertThat(window(first, 0, true)).isEqualTo("hkebqr");
    assertThat(text(first.tokens())).isEqualTo("theckb");
    assertThat(text(whole.after(1))).isEqualTo("quirow");
    assertThat(text(whole.tokens())).isEqualTo(TEXT);
    assertThatThrownBy(() -> whole.first(3)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aTextShorterThanOneWindowIsRefused() {
    assertThat(new TokenStreams(new int[7], 2, 3, "text").windows()).isEqualTo(1);
    assertThatThrownBy(() -> new TokenStreams(new int[6], 2, 3, "text"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "text: has 6 characters to learn from, but 2 streams of 3 steps need 7: make batch or"
                + " sequence length smaller, or take a longer text");
  }

  private static String text(int[] tokens) {
    return new String(tokens, 0, tokens.length);
  }

  private static String window(TokenStreams streams, int number, boolean targets) {
    Tensor inputs = Tensor.zeros(DType.I32, 3, 2);
    Tensor after = Tensor.zeros(DType.I32, 3, 2);
    streams.fill(number, inputs.data(), after.data());
    var text = new StringBuilder();
    for (double c : (targets ? after : inputs).toDoubles()) {
      text.append((char) c);
    }
    return text.toString();
  }
}
