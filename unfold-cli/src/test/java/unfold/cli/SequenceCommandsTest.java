package unfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The commands for sequences, on data of a few lines: tiny runs, looks inside, and wrong flags.
final class SequenceCommandsTest {
  @TempDir private Path folder;

  private Path run() {
    return folder.resolve("run");
  }

  private Said train(String what, String... more) throws IOException {
    return new TinySequences(folder).train(what, more);
  }

  private static JsonNode json(Said said) {
    return new JsonMapper().readTree(said.works().out());
  }

  @ParameterizedTest
  @CsvSource({
    "chorales, gru, steps, nats_per_step",
    "sentiment, rnn, items, accuracy",
    "captions, gru, sentences, bleu",
  })
  void aTinyRunIsMeasuredAndMayBeMeasuredAgain(
      String what, String cell, String count, String figure) throws IOException {
    JsonNode trained = json(train(what, "--cell=" + cell));
    assertThat(trained.path("run").stringValue()).isEqualTo(run().toString());
    assertThat(trained.path("epochs").intValue()).isEqualTo(1);
    assertThat(trained.path(count).intValue()).isPositive();
    JsonNode again = json(Said.by("eval", run().toString(), "--json"));
    assertThat(again.path(count)).isEqualTo(trained.path(count));
    assertThat(again.path(figure)).isEqualTo(trained.path(figure));
    assertThat(again.path(figure).isNumber()).isTrue();
  }

  @Test
  void aTinyRunTranslates() throws IOException {
    JsonNode trained =
        json(train("translate", "--epochs=40", "--lr=0.02", "--rnn-size=12", "--dropout=0"));
    assertThat(trained.path("epochs").intValue()).isEqualTo(40);
    assertThat(trained.path("words").intValue()).isEqualTo(27);
    assertThat(trained.path("nats_per_word").doubleValue()).isLessThan(0.1);
    JsonNode measured = json(Said.by("eval", run().toString(), "--json"));
    assertThat(measured.path("bleu").doubleValue()).isEqualTo(100);
    assertThat(Said.given("ein kind .\nein hund rennt .\n", "translate", run().toString()).out())
        .isEqualTo("a child.\na dog runs.\n");
  }

  @Test
  void aDryRunOnFilmsLearnsAndIsNotTested() throws IOException {
    JsonNode trained = json(train("video", "--cell=gru", "--limit-batches=1"));
    assertThat(trained.path("end").stringValue()).isEqualTo("finished");
    assertThat(trained.path("best_epoch").intValue()).isEqualTo(1);
    assertThat(trained.has("accuracy")).isFalse();
    assertThat(run().resolve("config.json")).exists();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chorales | --cell=tree | tree",
        "chorales | --rnn-size=0 | rnn-size",
        "chorales | --dropout=1.5 | dropout",
        "chorales | --data=none.json | none.json: there is no such file",
        "sentiment | --cell=tree | tree",
        "sentiment | --num-layers=0 | num-layers",
        "sentiment | --min-count=0 | 0",
        "sentiment | --data=none | none",
        "video | --cell=tree | tree",
        "video | --films=0 | films",
        "video | --frames=0 | frames",
        "video | --optimizer=magic | magic",
      })
  void aWrongFlagCostsOneLineAndLeavesNoRun(String what, String flag, String named)
      throws IOException {
    train(what, flag).fails(named);
    assertThat(run()).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"lstm, c, i f o", "gru, h, r z"})
  void whatACharacterModelHoldsIsShown(String cell, String within, String gates)
      throws IOException {
    train("charlm", "--cell=" + cell).works();
    String run = run().toString();
    Path page = folder.resolve("cell.html");
    JsonNode held =
        json(Said.by("show", "cell", run, "--top", "2", "--json", "--out", page.toString()));
    assertThat(held.path("within").stringValue()).isEqualTo(within);
    assertThat(held.path("units").size()).isEqualTo(2);
    assertThat(page).content().contains("<html").contains("</html>");

    Path picture = folder.resolve("gates.png");
    JsonNode shut =
        json(
            Said.by(
                "show", "gates", run, "--prime", "for (a)", "--json", "--out", picture.toString()));
    var names = new ArrayList<String>();
    shut.path("gates").forEach(gate -> names.add(gate.path("gate").stringValue()));
    assertThat(String.join(" ", names)).isEqualTo(gates);
    shut.path("gates").forEach(gate -> assertThat(gate.path("open").size()).isEqualTo(6));
    assertThat(Files.size(picture)).isPositive();

    JsonNode next =
        json(Said.by("show", "next", run, "--prime", "for (a)", "--top", "3", "--json"));
    assertThat(next.path("places").size()).isEqualTo(7);
    assertThat(next.path("after").size()).isEqualTo(3);
  }

  @Test
  void aLookInsideNamesWhatIsWrong() throws IOException {
    train("charlm").works();
    String run = run().toString();
    Said.by("show", "cell", run, "--top", "0").fails("--top must be at least 1, not 0");
    Said.by("show", "cell", run, "--find", "mood").fails("mood");
    Said.by("show", "cell", run, "--layer", "1").fails("1");
    Said.by("show", "cell", run, "--unit", "6").fails("6");
    Said.by("show", "cell", run, "--within", "z").fails("z");
    Said.by("show", "cell", run, "--out", folder.resolve("cell.gif").toString())
        .fails("cell.gif: must end in .png or .html");
    Said.by("show", "gates", run, "--text", "a", "--prime", "b").fails("--text and --prime");
    Said.by("show", "next", run, "--top", "0").fails("0");
    Said.by("show", "next", "charlm", "--prime", "a").fails("charlm alone has learned nothing");
    Said.by("show", "next", folder.resolve("none").toString()).fails("none");
  }
}
