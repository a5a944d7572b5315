package unfold.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.error.InputException;
import unfold.train.Outcome.End;

/// Several seeds of one network.
final class SiblingsTest {
  private static final RunConfig CONFIG = Tiny.config(1, "sgd(0.1)");

  @TempDir private Path folder;

  @Test
  void eachIsTheRunOfItsSeedAndAStoppedEnsembleGoesOn() {
    var two = new Siblings(folder.resolve("two"), CONFIG, Tiny.model(), Tiny.data(), 2);
    var stop = new Stop();
    var reporter =
        new Heard(done -> {
          if (done == Tiny.STEPS + 2) {
            stop.wish();
          }
        });
    List<Siblings.Done> first = two.run(t -> t.settings(Tiny.settings()), reporter, stop);
    assertThat(first).extracting(d -> d.outcome().end()).containsExactly(End.FINISHED, End.STOPPED);

    var heard = new Heard();
    List<Siblings.Done> all = two.run(t -> t.settings(Tiny.settings()), heard, new Stop());
    assertThat(all).extracting(d -> d.outcome().end()).containsOnly(End.FINISHED);
    assertThat(heard.epochs).as("the first was finished").hasSize(1);
    for (int seed : List.of(7, 8)) {
      Path alone = folder.resolve("alone-" + seed);
      Tiny.start(alone, CONFIG.recipe(CONFIG.recipe().seed(seed))).run(new Stop());
      ResumeTest.assertSame(folder.resolve("two").resolve("seed-" + seed), alone);
    }
  }

  @Test
  void otherSettingsInTheSameFolderAreRefused() {
    Path same = folder.resolve("same");
    var stop = new Stop();
    stop.wish();
    new Siblings(same, CONFIG, Tiny.model(), Tiny.data(), 2)
        .run(t -> t.settings(Tiny.settings()), new Heard(), stop);
    RunConfig other = CONFIG.recipe(CONFIG.recipe().batch(4));
    assertThatThrownBy(() ->
            new Siblings(same, other, Tiny.model(), Tiny.data(), 2)
                .run(t -> t, new Heard(), new Stop()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(
            same.resolve("seed-7") + ": holds a run that was asked for something");
    assertThatThrownBy(() -> new Siblings(same, CONFIG, Tiny.model(), Tiny.data(), 1))
        .hasMessage("an ensemble is of at least 2 networks, not 1");
  }
}
