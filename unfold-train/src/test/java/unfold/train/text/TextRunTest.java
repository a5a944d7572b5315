package unfold.train.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.data.text.Vocabulary;
import unfold.error.InputException;
import unfold.inspect.Foretelling;
import unfold.interop.safetensors.SafetensorsReader;
import unfold.train.Counted;
import unfold.train.EpochRecord;
import unfold.train.Outcome;
import unfold.train.Outcome.End;
import unfold.train.RunConfig;
import unfold.train.RunConfig.HeldOut;
import unfold.train.RunFolder;
import unfold.train.Stop;

/// Runs on text, from start to generated text.
final class TextRunTest {
  @TempDir private Path temp;

  @Test
  void aRunLearnsAndLeavesItsVocabularyAndNoCarriedStateInItsWeights() {
    Path text = TinyText.text(temp, TinyText.TEXT);
    Outcome outcome = TinyText.start(temp.resolve("run"), TinyText.config(text, 4)).run(new Stop());

    assertThat(outcome.end()).isEqualTo(End.FINISHED);
    List<EpochRecord> epochs = outcome.history().epochs();
    // 360 characters, 288 to learn from: 8 windows of 4 × 8.
    assertThat(epochs.getFirst().train().items()).isEqualTo(8 * 4 * 8);
    assertThat(epochs.getFirst().train().counted()).isEqualTo(Counted.CHARACTERS);
    assertThat(epochs.getFirst().validation().orElseThrow().items()).isEqualTo(71);
    assertThat(epochs.getFirst().clipped()).isPresent();
    assertThat(epochs.getLast().train().loss()).isLessThan(epochs.getFirst().train().loss() - 0.3);

    RunFolder run = RunFolder.open(temp.resolve("run"));
    assertThat(run.config()).isEqualTo(TinyText.config(text, 4));
    assertThat(VocabularyFile.read(VocabularyFile.in(run))).isEqualTo(Vocabulary.of(TinyText.TEXT));
    assertThat(SafetensorsReader.read(run.best()).tensors().keySet())
        .contains("embedding.weight", "lstm.weight_hh_l1", "fc.bias")
        .noneMatch(name -> name.startsWith("carried") || name.startsWith("optimizer"));
    assertThat(SafetensorsReader.read(run.last()).tensors().keySet())
        .contains("carried.h", "carried.c", "optimizer.square.fc.bias");
  }

  @Test
  void theEndsOfTheStreamsCanBeHeldOutInsteadOfTheEndOfTheText() {
    Path text = TinyText.text(temp, TinyText.TEXT);
    RunConfig end = TinyText.config(text, 1);
    RunConfig config = end.data(new RunConfig.Text(text.toString(), 0.2, HeldOut.STREAMS, 8));
    Outcome outcome = TinyText.start(temp.resolve("run"), config).run(new Stop());

    // 11 windows of 4 × 8, of which 2 are held out; each of their characters but the first counts.
    EpochRecord epoch = outcome.history().epochs().getLast();
    assertThat(epoch.train().items()).isEqualTo(9 * 4 * 8);
    assertThat(epoch.validation().orElseThrow().items()).isEqualTo(2 * 4 * 8 - 1);
    assertThat(TextSubject.heldOut(config)).startsWith(TinyText.TEXT.substring(9 * 8, 11 * 8));
    assertThat(RunFolder.open(temp.resolve("run")).config()).isEqualTo(config);
  }

  @Test
  void textsOfOlderConfigsHoldOutTheirEnd() throws IOException {
    Path run = temp.resolve("run");
    RunConfig config = TinyText.config(TinyText.text(temp, TinyText.TEXT), 1);
    RunFolder folder = RunFolder.create(run);
    folder.write(config);
    Path file = run.resolve("config.json");
    String written = Files.readString(file);
    String older = written.replaceFirst("\\s*\"heldOut\" : \"END\",", "");
    assertThat(older).isNotEqualTo(written);
    Files.writeString(file, older);
    assertThat(RunFolder.open(run).config()).isEqualTo(config);
  }

  @Test
  void aRunStoppedAnywhereEndsInTheBitsOfOneThatWasNot() {
    Path text = TinyText.text(temp, TinyText.TEXT);
    RunConfig config = TinyText.config(text, 2);
    Path whole = temp.resolve("whole");
    TinyText.start(whole, config).run(new Stop());
    for (int k : new int[] {1, 5, 8, 13}) {
      Path stopped = temp.resolve("stopped-" + k);
      var stop = new Stop();
      TinyText.start(stopped, config).reporter(new TinyText.Heard(k, stop, (_, _) -> {})).run(stop);
      assertThat(TinyText.resume(stopped).run(new Stop()).end()).isEqualTo(End.FINISHED);
      for (String file : List.of("last.safetensors", "best.safetensors")) {
        assertThat(bits(stopped.resolve(file)))
            .as("%s after step %d", file, k)
            .isEqualTo(bits(whole.resolve(file)));
      }
      assertThat(scores(stopped)).isEqualTo(scores(whole));
    }
  }

  @Test
  void theNetworkShowsWhatItWritesAtSeveralMomentsWithoutAnInfluenceOnWhatItLearns() {
    Path text = TinyText.text(temp, TinyText.TEXT);
    RunConfig config = TinyText.config(text, 13);
    var samples = new TreeMap<Long, String>();
    TinyText.start(temp.resolve("seen"), config)
        .reporter(new TinyText.Heard(0, new Stop(), samples::put))
        .run(new Stop());
    assertThat(samples.keySet()).containsExactly(100L);
    assertThat(samples.get(100L)).hasSize(300).matches("[a-z. ]+");
    // Without a sample: it ends before step 100 and goes on behind it.
    Path unseen = temp.resolve("unseen");
    var stop = new Stop();
    TinyText.start(unseen, config).reporter(new TinyText.Heard(99, stop, (_, _) -> {})).run(stop);
    TinyText.resume(unseen).run(new Stop());
    assertThat(bits(unseen.resolve("last.safetensors")))
        .isEqualTo(bits(temp.resolve("seen").resolve("last.safetensors")));
  }

  @Test
  void aTrainedNetworkMeasuresItselfAsWhileTrainingAndWritesTheSameForTheSameSeed() {
    Path text = TinyText.text(temp, TinyText.TEXT);
    RunConfig config = TinyText.config(text, 3);
    Outcome outcome = TinyText.start(temp.resolve("run"), config).run(new Stop());
    Writer writer =
        Writer.open(RunFolder.open(temp.resolve("run")), TinyText.model(28), TinyText.settings());

    var score = writer.measure(TextSubject.heldOut(config), Integer.MAX_VALUE, "held out");
    var trained = outcome.history().best().orElseThrow().validation().orElseThrow();
    assertThat(score.items()).isEqualTo(trained.items());
    assertThat(score.loss()).isCloseTo(trained.loss(), within(1e-6));
    // Unknown characters are left out, and a limit counts known ones.
    assertThat(writer.measure("tXhYe quick", 3, "text").loss())
        .isEqualTo(writer.measure("the", 3, "text").loss());

    String first = writer.write("the ", 60, Sampling.PLAIN, 3);
    assertThat(first).hasSize(60).isEqualTo(writer.write("the ", 60, Sampling.PLAIN, 3));
    assertThat(first).isNotEqualTo(writer.write("the ", 60, Sampling.PLAIN, 4));
    String likeliest = writer.write("the ", 1, new Sampling(1, 1), 5);
    assertThat(writer.next("the ", 1, Sampling.PLAIN).getFirst().character()).isEqualTo(likeliest);
    assertThat(
            writer.next("the ", 28, Sampling.PLAIN).stream()
                .mapToDouble(Foretelling.Candidate::probability)
                .sum())
        .isCloseTo(1, within(1e-9));
  }

  @Test
  void badInputIsRefusedInOneClearLine() throws IOException {
    Path tiny = TinyText.text(temp, "the quick brown fox");
    rejects(TinyText.config(tiny, 1))
        .hasMessage(
            tiny
                + ": has 15 characters to learn from, but 4 streams of 8 steps need 33: make batch"
                + " or sequence length smaller, or take a longer text");
    Files.writeString(tiny, "ab");
    rejects(TinyText.config(tiny, 1)).hasMessageContaining("cannot be split so that");
    Files.writeString(tiny, TinyText.TEXT + "X");
    rejects(TinyText.config(tiny, 1))
        .hasMessageContaining("has 29 different characters, but tiny foretells 28");
    Files.writeString(tiny, TinyText.TEXT);
    TinyText.start(temp.resolve("run"), TinyText.config(tiny, 1)).run(new Stop());
    Files.writeString(tiny, "T" + TinyText.TEXT.substring(1));
    assertThatThrownBy(() -> TinyText.resume(temp.resolve("run")).run(new Stop()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("different characters");
    Files.writeString(tiny, TinyText.TEXT.substring(1) + "t");
    assertThatThrownBy(() -> TinyText.resume(temp.resolve("run")).run(new Stop()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("began with other data (sha256:");
    Files.writeString(tiny, TinyText.TEXT);
    var run = RunFolder.open(temp.resolve("run"));
    assertThatThrownBy(run.config()::pictures)
        .isInstanceOf(InputException.class)
        .hasMessage("tiny learns from the text " + tiny + ", not from pictures");
    Writer writer = Writer.open(run, TinyText.model(28), TinyText.settings());
    assertThatThrownBy(() -> writer.write("Hello", 1, Sampling.PLAIN, 1))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("the prime text: the network does not know 'H'");
    assertThatThrownBy(() -> writer.measure("XYZt", 9, "foreign.txt"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("foreign.txt: has 1 characters that the network knows");
  }

  private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> rejects(
      RunConfig config) {
    return assertThatThrownBy(() -> TinyText.subject(config)).isInstanceOf(InputException.class);
  }

  private static Map<String, List<Double>> bits(Path file) {
    var all = new TreeMap<String, List<Double>>();
    SafetensorsReader.read(file)
        .tensors()
        .forEach((name, t) -> all.put(name, Arrays.stream(t.toDoubles()).boxed().toList()));
    assertThat(all).isNotEmpty();
    return all;
  }

  private static List<Object> scores(Path run) {
    return RunFolder.open(run).history().epochs().stream()
        .<Object>map(r -> List.of(r.train(), r.validation(), r.clipped(), r.rate()))
        .toList();
  }
}
