package unfold.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.error.FormatException;
import unfold.error.InputException;

class ClassNamesTest {
  @TempDir Path folder;

  private ClassNames read(String text) throws IOException {
    return ClassNames.read(Files.writeString(folder.resolve("classes.txt"), text));
  }

  @Test
  void readsPlainNamesQuotedSynsetsAndNumbersWithNames() throws IOException {
    assertThat(read("ants\nbees\n\n").names()).containsExactly("ants", "bees");
    assertThat(read("'n01440764 tench, Tinca tinca'\n'n04192698 shield, buckler'\n").names())
        .containsExactly("n01440764 tench, Tinca tinca", "n04192698 shield, buckler");
    assertThat(read("n02119789 kit fox\r\nn02100735 English setter\r\n").names())
        .containsExactly("n02119789 kit fox", "n02100735 English setter");
    assertThat(read("\"potter's wheel\"\n'n1 potter's wheel'\n").names())
        .containsExactly("potter's wheel", "n1 potter's wheel");
  }

  @Test
  void findsAClassByItsLineNumberOrAnyOfItsNames() throws IOException {
    ClassNames all =
        read(
            "'n01440764 tench, Tinca tinca'\n'n02012849 crane'\n'n03126707 crane'\n"
                + "n03992509 potter's wheel\n");
    var asked = List.of("n03126707", "Tinca_tinca", "TENCH", "potter's wheel", "n02012849 crane");
    assertThat(all.numbersOf(asked, "d")).containsExactly(2, 0, 0, 3, 1);
    assertThat(all.numberOf("tench")).hasValue(0);
    assertThat(all.numberOf("crane")).isEmpty();
    assertThatThrownBy(() -> all.numbersOf(List.of("n03126707", "crane"), "d"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("d: 'crane' is the name of several classes");
    assertThatThrownBy(() -> all.numbersOf(List.of("dog"), "d"))
        .hasMessageStartingWith("d: 'dog' is the name of no class that the network tells apart");
  }

  @Test
  void refusesWhatIsNoListOfClasses() throws IOException {
    assertThatThrownBy(() -> read("one\n"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("1 names of classes: two are the least");
    Path binary = Files.write(folder.resolve("b"), new byte[] {(byte) 0xFF, '\n', 'a', '\n'});
    assertThatThrownBy(() -> ClassNames.read(binary)).hasMessageContaining("must be UTF-8 text");
    Path large = Files.write(folder.resolve("l"), new byte[2 << 20]);
    assertThatThrownBy(() -> ClassNames.read(large)).hasMessageContaining("too long for a list");
    assertThatThrownBy(() -> ClassNames.read(folder.resolve("none")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("there is no such file");
    assertThatThrownBy(() -> ClassNames.of(List.of("a", "b")).require(3, "x", "net"))
        .hasMessage("x: names 2 classes, but net tells 3 apart");
  }
}
