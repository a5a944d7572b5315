package unfold.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.error.InputException;
import unfold.interop.safetensors.SafetensorsReader;
import unfold.train.Outcome.End;
import unfold.train.RunConfig.Limits;

final class TrainerTest {
  @TempDir private Path temp;

  @Test
  void aRunLeavesWholeFilesThatSayWhatItWas() throws IOException {
    RunConfig config = Tiny.config(2, "adam(0.01)");
    Path path = temp.resolve("run");
    var heard = new Heard();

    Outcome outcome =
        Tiny.start(path, config).reporter(heard).command("train tiny").run(new Stop());

    assertThat(outcome.end()).isEqualTo(End.FINISHED);
    RunFolder run = RunFolder.open(path);
    assertThat(run.config()).isEqualTo(config);
    assertThat(run.history()).isEqualTo(outcome.history());
    assertThat(heard.epochs).isEqualTo(outcome.history().epochs());
    assertThat(outcome.history().epochs())
        .extracting(EpochRecord::epoch, EpochRecord::step)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(1, 6L),
            org.assertj.core.groups.Tuple.tuple(2, 12L));
    EpochRecord last = outcome.history().last().orElseThrow();
    assertThat(last.train().items()).isEqualTo(48);
    assertThat(last.validation().orElseThrow().items()).isEqualTo(20);
    assertThat(last.itemsPerSecond()).isPositive();

    assertThat(SafetensorsReader.read(run.best()).tensors().keySet())
        .containsExactlyInAnyOrder(
            "conv.weight",
            "conv.bias",
            "bn.weight",
            "bn.bias",
            "bn.running_mean",
            "bn.running_var",
            "fc.weight",
            "fc.bias");
    assertThat(SafetensorsReader.read(run.last()).tensors().keySet())
        .contains("optimizer.m.conv.weight", "optimizer.v.fc.bias", "bn.running_mean");
    Weights.About about = Weights.read(run.best()).about().orElseThrow();
    EpochRecord best = outcome.history().best().orElseThrow();
    assertThat(about.epoch()).isEqualTo(best.epoch());
    assertThat(about.score()).isEqualTo(best.judged().accuracy());
    assertThat(about.classes()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

    Provenance provenance = run.provenance().orElseThrow();
    assertThat(provenance.command()).isEqualTo("train tiny");
    assertThat(provenance.trainData()).startsWith("generated:unfold digits train");
    assertThat(provenance.recipe()).isEqualTo(config.recipe());
    assertThat(provenance.precision()).isEqualTo("f32");
    assertThat(provenance.sittings()).hasSize(1);
    assertThat(provenance.sittings().getFirst().backends()).containsExactly("reference");
    assertThat(Files.readAllBytes(run.curve())).startsWith(0x89, 'P', 'N', 'G');
    try (var files = Files.list(path)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder(
              ".lock",
              "config.json",
              "provenance.json",
              "metrics.jsonl",
              "best.safetensors",
              "last.safetensors",
              "curve.png");
    }
  }

  @Test
  void stopsWithinAnEpochSavesAndMeasures() {
    var stop = new Stop();
    var heard =
        new Heard(steps -> {
          if (steps == 3) {
            stop.wish();
          }
        });

    Outcome outcome =
        Tiny.start(temp.resolve("run"), Tiny.config(2, "sgd(0.1)")).reporter(heard).run(stop);

    assertThat(outcome.end()).isEqualTo(End.STOPPED);
    assertThat(outcome.history().epochs()).isEmpty();
    assertThat(outcome.stopped().orElseThrow().items()).isEqualTo(20);
    assertThat(heard.notes).containsExactly("stopped at step 3 (epoch 1, batch 3 of 6): saved");
    assertThat(Checkpoint.read(temp.resolve("run/last.safetensors")).position().step())
        .isEqualTo(3);
  }

  @Test
  void stopsEarlyWhenTheScoreGetsNoBetter() {
    RunConfig config = Tiny.config(20, "sgd(1e-9)").limits(Limits.NONE.patience(2));

    Outcome outcome = Tiny.start(temp.resolve("run"), config).run(new Stop());

    assertThat(outcome.end()).isEqualTo(End.EARLY);
    assertThat(outcome.history().sinceBest()).isEqualTo(2);
    assertThat(Tiny.resume(temp.resolve("run")).run(new Stop())).isEqualTo(outcome);
  }

  @Test
  void stopsWhenTheTimeIsOver() {
    RunConfig config = Tiny.config(1_000_000, "sgd(0.1)").limits(Limits.NONE.seconds(1));

    Outcome outcome = Tiny.start(temp.resolve("run"), config).run(new Stop());

    assertThat(outcome.end()).isEqualTo(End.TIME);
  }

  @Test
  void aDryRunTakesAFewBatches() {
    RunConfig config = Tiny.config(1, "sgd(0.1)");
    var heard = new Heard();

    Outcome limited =
        Tiny.start(temp.resolve("limited"), config.limits(Limits.NONE.batches(2)))
            .reporter(heard)
            .run(new Stop());

    EpochRecord r = limited.history().last().orElseThrow();
    assertThat(r.train().items()).isEqualTo(16);
    assertThat(r.validation().orElseThrow().items()).isEqualTo(16);
    assertThat(heard.notes).contains("a dry run: learns from 16 of 50 pictures");
  }

  @Test
  void overfittingABatchLearnsItByHeart() {
    RunConfig config = Tiny.config(40, "adam(0.03)").limits(Limits.NONE.overfitBatches(1));

    Outcome outcome = Tiny.start(temp.resolve("run"), config).run(new Stop());

    EpochRecord r = outcome.history().last().orElseThrow();
    assertThat(r.train().items()).isEqualTo(8);
    assertThat(r.validation().orElseThrow().items()).isEqualTo(8);
    assertThat(outcome.history().best().orElseThrow().judged().accuracy()).isEqualTo(1.0);
  }

  @Test
  void aLossThatIsNotANumberStopsWithAdvice() {
    Path path = temp.resolve("run");
    RunConfig config = Tiny.config(2, "sgd(1e30)");

    assertThatThrownBy(() -> Tiny.start(path, config).run(new Stop()))
        .isInstanceOf(InputException.class)
        .hasMessageMatching(
            "the loss is (NaN|Infinity) at step \\d+ \\(epoch 1\\).*: lower the learning rate"
                + " \\(now .*\\) or limit the gradients \\(clip\\); nothing was saved yet");

    Outcome again = Tiny.start(path, Tiny.config(1, "sgd(0.1)")).run(new Stop());
    assertThat(again.history().size()).isEqualTo(1);
  }

  @Test
  void whatAnUpdateRuinedIsNeverSaved() {
    // The last update of an epoch: no loss is computed behind it.
    RunConfig config = Tiny.config(1, "sgd(1e300)").limits(Limits.NONE.batches(1));
    Path ruined = temp.resolve("ruined");

    assertThatThrownBy(() -> Tiny.start(ruined, config).run(new Stop()))
        .isInstanceOf(InputException.class)
        .hasMessageMatching(
            "the update of step 1 made numbers that are not finite: .* holds \\d+ NaN or infinite"
                + " of \\d+ numbers; first [\\w.]+: sgd \\(step \\d+\\) wrote \\d+ NaN and \\d+"
                + " infinite of \\d+ numbers to .*: lower the learning rate .*; nothing was saved yet");

    assertThat(RunFolder.open(ruined).best()).doesNotExist();
    assertThat(RunFolder.open(ruined).last()).doesNotExist();
  }

  @Test
  void aDiskThatIsFullCostsALineUntilTheEnd() throws IOException {
    Path path = temp.resolve("run");
    Path part = path.resolve("last.safetensors.part");
    var heard =
        new Heard(steps -> {
          if (steps == 8) {
            // Nothing can be written to a folder, as nothing can be to a full disk.
            assertThat(part.toFile().mkdir()).isTrue();
            assertThat(part.resolve("x").toFile().mkdir()).isTrue();
          }
        });

    assertThatThrownBy(
            () -> Tiny.start(path, Tiny.config(3, "sgd(0.1)")).reporter(heard).run(new Stop()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("last.safetensors: could not be written")
        .hasMessageEndingWith("an older file is unharmed");

    assertThat(heard.epochs).hasSize(3);
    assertThat(heard.notes)
        .filteredOn(line -> line.endsWith("training goes on, and the next save tries again"))
        .hasSize(2);
    assertThat(Checkpoint.read(path.resolve("last.safetensors")).position().epoch()).isEqualTo(1);
    Files.delete(part.resolve("x"));
    Files.delete(part);
    Outcome resumed = Tiny.resume(path).run(new Stop());
    assertThat(resumed.history().epochs()).hasSize(3);
  }

  @Test
  void twoCannotTrainInOneFolder() {
    Path path = temp.resolve("run");
    var heard =
        new Heard(steps -> {
          if (steps == 1) {
            assertThatThrownBy(() -> Tiny.resume(path).run(new Stop()))
                .isInstanceOf(InputException.class)
                .hasMessage(path + ": another process is training here");
          }
        });
    Tiny.start(path, Tiny.config(1, "sgd(0.1)")).reporter(heard).run(new Stop());
    assertThat(heard.epochs).hasSize(1);
  }

  @Test
  void removesWhatAKilledRunLeftHalfWritten() throws IOException {
    Path path = temp.resolve("run");
    Tiny.start(path, Tiny.config(1, "sgd(0.1)")).run(new Stop());
    Path part = Files.writeString(path.resolve("last.safetensors.part"), "half");
    Tiny.resume(path).run(new Stop());
    assertThat(part).doesNotExist();
  }

  @Test
  void epochsCanBeAddedToARunThatIsFinished() {
    Path path = temp.resolve("run");
    Tiny.start(path, Tiny.config(1, "sgd(0.1)")).run(new Stop());
    RunFolder run = RunFolder.open(path);
    run.write(run.config().recipe(run.config().recipe().epochs(2)));
    assertThat(Tiny.resume(path).run(new Stop()).history().epochs())
        .extracting(EpochRecord::epoch)
        .isEqualTo(List.of(1, 2));
  }

  @Test
  void theShareOfClippedStepsIsInTheMetrics() {
    RunConfig config = Tiny.config(1, "sgd(0.1)");
    assertThat(clipped("none", config)).isEmpty();
    assertThat(clipped("norm", config.recipe(config.recipe().clip(1e-6)))).contains(1.0);
    assertThat(clipped("wide", config.recipe(config.recipe().clip(1e6)))).contains(0.0);
    assertThat(clipped("value", config.recipe(config.recipe().clipValue(1e-6)))).contains(1.0);
    assertThat(clipped("far", config.recipe(config.recipe().clipValue(1e6)))).contains(0.0);
  }

  private Optional<Double> clipped(String name, RunConfig config) {
    Outcome outcome = Tiny.start(temp.resolve(name), config).run(new Stop());
    return outcome.history().last().orElseThrow().clipped();
  }

  @Test
  void aRunOfTheFirstVersionGoesOn() throws IOException {
    Path whole = temp.resolve("whole");
    Tiny.start(whole, Tiny.config(2, "adam(0.01)")).run(new Stop());
    Path old = temp.resolve("old");
    var stop = new Stop();
    var heard =
        new Heard(done -> {
          if (done == 8) {
            stop.wish();
          }
        });
    Tiny.start(old, Tiny.config(2, "adam(0.01)")).reporter(heard).run(stop);
    edit(
        old.resolve("config.json"),
        Map.of(
            "\"version\" : " + RunConfig.VERSION,
            "\"version\" : 1",
            "  \"tricks\" : {\n"
                + "    \"mixup\" : 0.0,\n"
                + "    \"cutmix\" : 0.0,\n"
                + "    \"average\" : 0.0,\n"
                + "    \"parts\" : 1,\n"
                + "    \"crops\" : 1\n"
                + "  },\n",
            "",
            "},\n"
                + "  \"tuning\" : {\n"
                + "    \"freeze\" : \"\",\n"
                + "    \"rates\" : \"\",\n"
                + "    \"unfreeze\" : \"\"\n"
                + "  }",
            "}",
            "\"kind\" : \"pictures\",",
            "",
            "\"clipValue\" : 0.0,",
            ""));
    edit(old.resolve("provenance.json"), Map.of("\"clipValue\" : 0.0,", ""));
    edit(
        old.resolve("metrics.jsonl"),
        Map.of(",\"counted\":\"pictures\"", "", ",\"clipped\":null", ""));

    assertThat(Tiny.resume(old).run(new Stop()).end()).isEqualTo(End.FINISHED);

    ResumeTest.assertSame(old, whole);
  }

  private static void edit(Path file, Map<String, String> changes) throws IOException {
    String text = Files.readString(file);
    for (var change : changes.entrySet()) {
      assertThat(text).contains(change.getKey());
      text = text.replace(change.getKey(), change.getValue());
    }
    Files.writeString(file, text);
  }
}
