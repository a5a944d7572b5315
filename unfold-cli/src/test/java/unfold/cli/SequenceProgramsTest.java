package unfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `summary`, `plan`, `graph` and `profile` of a run of every kind on sequences.
final class SequenceProgramsTest {
  @TempDir private Path folder;

  private String run(String what, String... more) throws IOException {
    var tiny = new TinySequences(folder);
    tiny.train(what, more).works();
    return tiny.run().toString();
  }

  private static JsonNode json(String... command) {
    return new JsonMapper().readTree(Said.by(command).works().out());
  }

  /// Parameters counted by hand, of 6 units each: an LSTM has 4·6·(inputs + 6 + 2), both ways of
  /// the classifier twice that, of the translator in 3 units each.
  @ParameterizedTest
  @CsvSource({
    // embedding 4·8, LSTM of 4 both ways, 12·2 + 2
    "sentiment, 634",
    // LSTM of 88, 6·88 + 88
    "chorales, 2920",
    // the CNN of 42,224, LSTM of 128, 6·10 + 10
    "video, 45558",
    // embedding 12·6, LSTM of 6, 6·12 + 12
    "charlm, 492",
  })
  void aRunIsSummedUpWithTheArithmeticOfItsLayers(String what, long parameters) throws IOException {
    String run = run(what);
    assertThat(json("summary", run, "--json").path("parameters").longValue()).isEqualTo(parameters);
    assertThat(Said.by("summary", run).works().out()).contains("lstm", "6·24", "fc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"charlm", "sentiment", "translate", "captions", "video", "chorales"})
  void theProgramsOfARunArePlannedAndDrawn(String what) throws IOException {
    String run = run(what);
    for (String mode : new String[] {"train", "infer"}) {
      String[] sizes = {"--batch=2", "--seq-length=3", "--precision=f32", "--mode=" + mode};
      JsonNode plan = json("plan", run, "--json", sizes[0], sizes[1], sizes[2], sizes[3]);
      assertThat(plan.path("total_bytes").longValue()).isPositive();
      assertThat(plan.path("steps").toString()).contains("lstm_sequence");
      Said graph = Said.by("graph", run, sizes[0], sizes[1], sizes[2], sizes[3]).works();
      assertThat(graph.out()).contains("lstm_sequence", "fc.weight");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"translate", "chorales"})
  void everyStepOfARunsProgramIsTimed(String what) throws IOException {
    String run = run(what);
    String[] sizes = {"--batch=2", "--seq-length=3", "--precision=f32"};
    JsonNode plan = json("plan", run, "--json", sizes[0], sizes[1], sizes[2]);
    JsonNode times =
        json("profile", run, "--json", "--runs=1", "--warm=0", sizes[0], sizes[1], sizes[2]);
    assertThat(times.path("rows").size()).isEqualTo(plan.path("steps").size());
  }

  @Test
  void aNetworkWhoseSizesFollowFromItsDataAsksForThem() {
    Said.by("summary", "sentiment").fails("sentiment needs the option 'vocabulary'");
    String[] sizes = {"--option=source-vocabulary=9", "--option=target-vocabulary=8"};
    assertThat(Said.by("summary", "translate", sizes[0], sizes[1]).works().out())
        .contains("encoder.rnn", "decoder.rnn", "attention");
  }

  @Test
  void aSequenceTooShortCostsOneLine() throws IOException {
    Said.by("plan", run("captions"), "--seq-length=1").fails("--seq-length must be at least 2");
    Said.by("plan", "lenet5", "--seq-length=3").fails("for networks for sequences, not for lenet5");
  }

  @ParameterizedTest
  @CsvSource({
    "translate, translate",
    "sentiment, predict",
    "captions, predict",
    "video, show video",
    "chorales, eval",
  })
  void generateNamesTheCommandThatAsksAnotherRun(String what, String command) throws IOException {
    String run = run(what);
    Said.by("generate", run).fails("not to write a text", "./unfold " + command + " " + run);
  }
}
