package unfold.data.digits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import unfold.error.InputException;

final class MovingDigitsTest {
  private static final MovingDigits FILMS = MovingDigits.train(200, 24);

  @Test
  void aFilmIsAFunctionOfItsNumberAlone() {
    MovingDigits.Film one = FILMS.film(7);
    FILMS.film(3);
    MovingDigits.Film again = MovingDigits.train(8, 24).film(7);
    for (int t = 0; t < one.frames(); t++) {
      assertThat(again.frame(t)).isEqualTo(one.frame(t));
      assertThat(again.label(t)).isEqualTo(one.label(t));
    }
    assertThat(MovingDigits.validation(8, 24).film(7).frame(0)).isNotEqualTo(one.frame(0));
    assertThat(MovingDigits.test(8, 24).film(7).frame(0)).isNotEqualTo(one.frame(0));
  }

  @Test
  void theFirstFrameIsLitAndNothingChangesInTheDark() {
    int dark = 0;
    int changes = 0;
    for (int i = 0; i < FILMS.size(); i++) {
      MovingDigits.Film film = FILMS.film(i);
      assertThat(film.hidden(0)).isFalse();
      for (int t = 0; t < film.frames(); t++) {
        assertThat(ink(film.frame(t)) == 0).isEqualTo(film.hidden(t));
        if (t > 0 && film.label(t) != film.label(t - 1)) {
          assertThat(film.hidden(t)).isFalse();
          changes++;
        }
        dark += film.hidden(t) ? 1 : 0;
      }
    }
    double frames = FILMS.size() * FILMS.frames();
    assertThat(dark / frames).isCloseTo(MovingDigits.hiddenShare(), within(0.05));
    assertThat(changes).isGreaterThan(FILMS.size());
  }

  @Test
  void theDigitMovesAndStaysWithinTheField() {
    MovingDigits.Film film = firstLitThroughout();
    assertThat(film.frame(1)).isNotEqualTo(film.frame(0));
    assertThat(film.label(1)).isEqualTo(film.label(0));
    // The same picture elsewhere: moving loses no ink.
    assertThat(ink(film.frame(1))).isEqualTo(ink(film.frame(0)));
  }

  private static MovingDigits.Film firstLitThroughout() {
    MovingDigits two = MovingDigits.train(100, 2);
    for (int i = 0; i < two.size(); i++) {
      MovingDigits.Film film = two.film(i);
      if (!film.hidden(1) && film.label(1) == film.label(0)) {
        return film;
      }
    }
    throw new AssertionError("no film without a change");
  }

  @Test
  void framesAreWrittenWhereTheyBelong() {
    MovingDigits.Film film = FILMS.film(0);
    byte[] out = new byte[3 * MovingDigits.SIDE * MovingDigits.SIDE];
    film.write(0, MemorySegment.ofArray(out), 2L * MovingDigits.SIDE * MovingDigits.SIDE);
    byte[] last = new byte[MovingDigits.SIDE * MovingDigits.SIDE];
    System.arraycopy(out, 2 * last.length, last, 0, last.length);
    assertThat(last).isEqualTo(film.frame(0));
    assertThat(ink(out)).isEqualTo(ink(last));
  }

  @Test
  void thereIsNoFilmOutsideTheSetNorASetWithoutFilms() {
    assertThatThrownBy(() -> FILMS.film(200)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> MovingDigits.train(0, 4))
        .isInstanceOf(InputException.class)
        .hasMessage("moving digits need at least one film of one frame, not 0 of 4");
    assertThat(FILMS.first(10).size()).isEqualTo(10);
    assertThat(FILMS.first(1000).size()).isEqualTo(200);
  }

  private static long ink(byte[] frame) {
    long sum = 0;
    for (byte b : frame) {
      sum += b & 0xFF;
    }
    return sum;
  }
}
