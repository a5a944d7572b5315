package unfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandsTest {
  @Test
  void onlyTheCommandThatIsNamedIsRead() {
    var line = Unfold.commandLine("--debug", "train", "lenet5");
    assertThat(line.getSubcommands()).containsOnlyKeys("train");
    assertThat(line.getSubcommands().get("train").getSubcommands()).isEmpty();
    var video = Unfold.commandLine("train", "video").getSubcommands().get("train");
    assertThat(video.getSubcommands()).containsOnlyKeys("video");
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
}
