package unfold.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.error.InputException;
import unfold.layer.AveragePool2d;
import unfold.layer.Flatten;
import unfold.layer.Linear;
import unfold.layer.Sequential;
import unfold.model.Model;
import unfold.model.Options;
import unfold.train.Comparison.Contestant;
import unfold.train.Comparison.Row;
import unfold.train.Comparison.Summary;

final class ComparisonTest {
  @TempDir private Path temp;

  private static Model model(String name, int pool) {
    int side = 28 / pool;
    return Model.of(
        name,
        new Sequential()
            .then("pool", new AveragePool2d(pool))
            .then("flatten", new Flatten())
            .then("fc", new Linear(side * side, 10)),
        new Options(10, 1, 28));
  }

  private Comparison comparison(String folder, int epochs) {
    var contestants =
        List.of(contestant("fine", 2, epochs, 'f'), contestant("coarse", 7, epochs, 'c'));
    return new Comparison(
        "fine and coarse", temp.resolve(folder), Tiny.data(), contestants, Tiny.settings());
  }

  private static Contestant contestant(String name, int pool, int epochs, char symbol) {
    Model model = model(name, pool);
    RunConfig like = Tiny.config(epochs, "adam(0.01)");
    var config =
        new RunConfig(RunConfig.Network.of(model), like.data(), like.recipe(), like.limits());
    return new Contestant(model, config, symbol);
  }

  @Test
  void trainsAllAndDrawsTheirTrainingErrors() throws IOException {
    Comparison comparison = comparison("whole", 2);
    Summary summary = comparison.run(Reporter.SILENT, new Stop());

    assertThat(summary.complete()).isTrue();
    assertThat(summary.rows()).extracting(Row::model).containsExactly("fine", "coarse");
    History history = RunFolder.open(temp.resolve("whole/coarse")).history();
    assertThat(summary.row("coarse").errors())
        .containsExactlyElementsOf(
            history.epochs().stream().map(r -> 1 - r.train().accuracy()).toList());
    assertThat(Files.readAllBytes(comparison.drawing())).startsWith(0x89, 'P', 'N', 'G');
    assertThat(Files.readString(comparison.summaryFile())).contains("\"complete\" : true");
    assertThat(summary.chart(comparison.contestants()).text()).contains("f fine   c coarse");
  }

  @Test
  void goesOnWhereItWasStopped() {
    Summary whole = comparison("whole", 2).run(Reporter.SILENT, new Stop());
    var stop = new Stop();
    var heard =
        new Heard(steps -> {
          if (steps == 2 * Tiny.STEPS + 3) {
            stop.wish();
          }
        });
    Summary half = comparison("stopped", 2).run(heard, stop);
    assertThat(half.complete()).isFalse();
    assertThat(half.rows()).extracting(Row::model).containsExactly("fine");

    Summary again = comparison("stopped", 2).run(Reporter.SILENT, new Stop());
    assertThat(again.complete()).isTrue();
    assertThat(again.rows())
        .extracting(Row::errors)
        .isEqualTo(whole.rows().stream().map(Row::errors).toList());
  }

  @Test
  void doesNotGoOnWithOtherSettings() {
    comparison("run", 1).run(Reporter.SILENT, new Stop());
    assertThatThrownBy(() -> comparison("run", 2).run(Reporter.SILENT, new Stop()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(temp.resolve("run/fine") + ": holds a run that was asked for");
  }

  @Test
  void depthIsJudgedByTheLastTrainingErrors() {
    Summary summary =
        new Summary(
            "t",
            "d",
            true,
            List.of(
                row("plain20_cifar", 0.12),
                row("plain56_cifar", 0.31),
                row("resnet20_cifar", 0.10),
                row("resnet56_cifar", 0.08)));
    DepthVerdict verdict = DepthVerdict.of(summary).orElseThrow();
    assertThat(verdict.plainSuffers()).isTrue();
    assertThat(verdict.residualGains()).isTrue();
    assertThat(verdict.text().lines())
        .containsExactly(
            "plain: 20 layers 12.00 %, 56 layers 31.00 % training error: depth makes it worse.",
            "residual: 20 layers 10.00 %, 56 layers 8.00 % training error: depth makes it better.");
    assertThat(DepthVerdict.of(new Summary("t", "d", false, summary.rows()))).isEmpty();
  }

  private static Row row(String model, double last) {
    return new Row(model, List.of(0.9, last), Optional.empty(), 1);
  }
}
