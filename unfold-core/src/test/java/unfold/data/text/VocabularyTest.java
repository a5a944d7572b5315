package unfold.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import unfold.error.InputException;

final class VocabularyTest {
  private static final Vocabulary ABC = Vocabulary.of("cab\nba\uD83D\uDE00");

  @Test
  void charactersAreInTheOrderOfTheirCodePoints() {
    assertThat(ABC.entries()).containsExactly("\n", "a", "b", "c", "\uD83D\uDE00");
    assertThat(ABC.encode("b\uD83D\uDE00a")).containsExactly(2, 4, 1);
    assertThat(ABC.decode(2, 4, 1)).isEqualTo("b\uD83D\uDE00a");
  }

  @Test
  void unknownCharactersAreLeftOutWhereThatIsAsked() {
    assertThat(ABC.encode("xay b")).containsExactly(1, 2);
    assertThat(ABC.unknown("xay bx")).containsExactly("x", "y", " ");
  }

  @Test
  void unknownCharactersAreNamedWhereEachWasMeant() {
    assertThat(ABC.encodeAll("abc", "--prime")).containsExactly(1, 2, 3);
    assertThatThrownBy(() -> ABC.encodeAll("a\tx\u0007x", "--prime"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "--prime: the network does not know '\\t' 'x' U+0007: it learned from a text without;"
                + " use its 5 characters only");
    assertThatThrownBy(() -> ABC.encodeAll("0123456789", "--prime"))
        .hasMessageContaining("'7' and 2 more: it learned");
  }

  @Test
  void entriesThatAreNoCharacterKeepTheirNumber() {
    var foreign = new Vocabulary(List.of("a", "", "  ", "b"));
    assertThat(foreign.size()).isEqualTo(4);
    assertThat(foreign.encode("b  a")).containsExactly(3, 0);
    assertThat(foreign.decode(2, 3)).isEqualTo("  b");
  }

  @Test
  void anEntryTwiceOrNoneIsRefused() {
    assertThatThrownBy(() -> new Vocabulary(List.of("a", "\n", "\n")))
        .isInstanceOf(InputException.class)
        .hasMessage("a vocabulary has '\\n' twice");
    assertThatThrownBy(() -> new Vocabulary(List.of()))
        .isInstanceOf(InputException.class)
        .hasMessage("a vocabulary needs at least one character");
  }
}
