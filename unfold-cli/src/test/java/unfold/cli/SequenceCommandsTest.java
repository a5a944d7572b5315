package unfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The commands for sequences, on data of a few lines: tiny runs, looks inside, and wrong flags.
final class SequenceCommandsTest {
  private static final String SCALE = "[[60],[62],[64],[65],[67],[]]";

  @TempDir private Path folder;

  private Path run() {
    return folder.resolve("run");
  }

  private Path text() throws IOException {
    return Files.writeString(folder.resolve("text.txt"), "for (a) { b; }\n".repeat(80));
  }

  private Path music() throws IOException {
    String parts = "{\"train\":[%1$s,%1$s],\"valid\":[%1$s],\"test\":[%1$s]}";
    return Files.writeString(folder.resolve("music.json"), parts.formatted(SCALE));
  }

  private Path sentences() throws IOException {
    Path data = Files.createDirectories(folder.resolve("sentences"));
    for (String part : List.of("train", "dev", "test")) {
      Files.writeString(data.resolve(part + ".tsv"), "a fine film\t1\na dull film\t0\n".repeat(4));
    }
    return data;
  }

  /// `unfold train` with tiny sizes, where these words do not say otherwise.
  private Said train(String what, String... more) throws IOException {
    var words = new LinkedHashMap<String, String>();
    switch (what) {
      case "charlm" -> {
        words.put("--text", text().toString());
        words.put("--seq-length", "10");
        words.put("--validation", "0.2");
        words.put("--limit-batches", "2");
      }
      case "chorales" -> words.put("--data", music().toString());
      case "sentiment" -> {
        words.put("--data", sentences().toString());
        words.put("--embedding-size", "4");
      }
      default -> {
        words.put("--films", "4");
        words.put("--frames", "4");
      }
    }
    words.put("--rnn-size", "6");
    words.put("--num-layers", "1");
    words.put("--batch", "2");
    words.put("--epochs", "1");
    words.put("--precision", "f32");
    words.put("--out", run().toString());
    for (String word : more) {
      String[] parts = word.split("=", 2);
      words.put(parts[0], parts[1]);
    }
    var all = new ArrayList<>(List.of("train", what, "--json"));
    words.forEach((name, value) -> all.add(name + "=" + value));
    return Said.by(all.toArray(String[]::new));
  }

  private static JsonNode json(Said said) {
    return new JsonMapper().readTree(said.works().out());
  }

  @ParameterizedTest
  @CsvSource({
    "chorales, gru, steps, nats_per_step",
    "sentiment, rnn, items, accuracy",
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
