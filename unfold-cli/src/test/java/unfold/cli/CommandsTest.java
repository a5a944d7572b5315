package unfold.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommandsTest {
  @Test
  void onlyTheCommandThatIsNamedIsRead() {
    assertThat(Unfold.commandLine("--debug", "train", "lenet5").getSubcommands())
        .containsOnlyKeys("train");
    assertThat(kinds("train", "lenet5")).isEmpty();
    assertThat(kinds("train", "video")).containsExactly("video");
    assertThat(kinds("train", "--out", "video", "charlm")).contains("charlm");
  }

  private static Set<String> kinds(String... arguments) {
    CommandLine line = Unfold.commandLine(arguments);
    return requireNonNull(line.getSubcommands().get("train")).getSubcommands().keySet();
  }

  @Test
  void helpListsAll() {
    assertThat(Said.by("--help").works().out()).contains("  train ", "  zoo ", "  gradients ");
    assertThat(Said.by("train", "--help").works().out()).contains("  charlm ", "  captions ");
  }

  @Test
  void namesThatMayHaveBeenMeant() {
    for (var said :
        List.of(
            Said.by("trian", "lenet5"),
            Said.by("train", "lenet5", "--epoch", "3"),
            Said.by("train", "charlm", "--sed", "3"))) {
      assertThat(said.status()).isEqualTo(2);
      assertThat(said.err()).containsPattern("Did you mean (train|--epochs|--seed), ");
    }
    Said.by("train", "charm").fails("there is no model 'charm'; did you mean charlm, ");
  }

  @Test
  void anOpAloneIsNoSample() {
    Said.by("check", "conv2d")
        .fails("'conv2d' is an op, and a sample names its shapes too: --list shows ");
    Said.by("check", "conv2 n1").fails("conv2");
    assertThat(Said.by("check", "conv2d n2c3h8w8-o6k3").works().out()).contains("gradient");
  }

  @Test
  void loadsAheadForWhatRunsNetworks() {
    assertThat(Commands.compute(List.of("--debug", "train", "lenet5"))).isTrue();
    assertThat(Commands.compute(List.of("train", "--help"))).isFalse();
    assertThat(Commands.compute(List.of("zoo"))).isFalse();
    assertThat(Commands.compute(List.of())).isFalse();
  }
}
