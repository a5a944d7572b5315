package unfold.train.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.error.FormatException;
import unfold.error.InputException;
import unfold.interop.safetensors.SafetensorsReader;
import unfold.train.Counted;
import unfold.train.EpochRecord;
import unfold.train.Outcome;
import unfold.train.Outcome.End;
import unfold.train.Reporter;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Stop;
import unfold.train.translate.Translator.Translation;

/// Runs on pairs of sentences, from start to translations.
final class PairRunTest {
  @TempDir private Path temp;

  @Test
  void aRunLearnsToTranslateAndMeasuresItselfAsWhileTraining() {
    Path data = TinyPairs.folder(temp.resolve("data"));
    Path folder = temp.resolve("run");
    var samples = new TreeMap<Long, String>();
    Outcome outcome =
        TinyPairs.start(folder, TinyPairs.config(data, 40, 0))
            .reporter(heard(0, new Stop(), samples))
            .run(new Stop());
    assertThat(outcome.end()).isEqualTo(End.FINISHED);
    List<EpochRecord> epochs = outcome.history().epochs();
    Corpus train = Corpus.open(data, "train", "de", "en");
    long words = train.target().stream().mapToLong(l -> l.split(" ").length + 1).sum();
    assertThat(epochs.getFirst().train().items()).isEqualTo(words);
    assertThat(epochs.getFirst().train().counted()).isEqualTo(Counted.WORDS);
    assertThat(epochs.getFirst().clipped()).isPresent();

    Corpus held = Corpus.open(data, "val", "de", "en");
    assertThat(samples.keySet()).containsExactly(100L);
    assertThat(samples.get(100L)).contains(held.source().get(2) + "\n  = ").hasLineCount(9);

    RunFolder run = RunFolder.open(folder);
    assertThat(run.config()).isEqualTo(TinyPairs.config(data, 40, 0));
    Translator translator =
        Translator.open(run, TinyPairs.model(8, 8, true, 0.1), TinyPairs.settings());
    var best = outcome.history().best().orElseThrow().validation().orElseThrow();
    assertThat(translator.measure(held).items()).isEqualTo(best.items());
    assertThat(translator.measure(held).loss()).isCloseTo(best.loss(), within(1e-6));

    List<Translation> made = translator.translate(train.source(), new Search(3, 1));
    long right =
        IntStream.range(0, made.size())
            .filter(i -> made.get(i).text().equals(train.target().get(i)))
            .count();
    assertThat(right).isGreaterThan(made.size() / 2);
    assertThat(translator.bleu(train, made).precision(1)).isGreaterThan(0.7);
    assertThat(translator.translate(List.of(train.source().get(3)), new Search(3, 1)))
        .extracting(Translation::words)
        .containsExactly(made.get(3).words());
  }

  @Test
  void aRunStoppedAnywhereEndsInTheBitsOfOneThatWasNot() {
    Path data = TinyPairs.folder(temp.resolve("data"));
    RunConfig config = TinyPairs.config(data, 2, 0.5);
    Path whole = temp.resolve("whole");
    TinyPairs.start(whole, config).run(new Stop());
    // Four batches an epoch.
    for (int k : new int[] {1, 4, 6}) {
      Path stopped = temp.resolve("stopped-" + k);
      var stop = new Stop();
      TinyPairs.start(stopped, config).reporter(heard(k, stop, new TreeMap<>())).run(stop);
      assertThat(TinyPairs.resume(stopped).run(new Stop()).end()).isEqualTo(End.FINISHED);
      for (String file : List.of("last.safetensors", "best.safetensors")) {
        assertThat(bits(stopped.resolve(file)))
            .as("%s after step %d", file, k)
            .isEqualTo(bits(whole.resolve(file)));
      }
    }
  }

  @Test
  void linesWithoutWordsAndUnknownWordsAreTranslatedToo() {
    Path data = TinyPairs.folder(temp.resolve("data"));
    TinyPairs.start(temp.resolve("run"), TinyPairs.config(data, 1, 0)).run(new Stop());
    Translator translator =
        Translator.open(
            RunFolder.open(temp.resolve("run")),
            TinyPairs.model(8, 8, true, 0.1),
            TinyPairs.settings());
    List<Translation> made = translator.translate(List.of("", "Zebra zwei", " "), Search.GREEDY);
    assertThat(made).extracting(Translation::text).first().isEqualTo("");
    assertThat(made.get(1).source()).containsExactly("zebra", "zwei");
    assertThat(made.get(1).words()).hasSizeBetween(0, 14).doesNotContain("<unk>", "<pad>", "<bos>");
    assertThat(made.get(2).words()).isEmpty();
    assertThat(translator.translate(List.of(), Search.GREEDY)).isEmpty();

    Looks looks = translator.looks(made.get(1)).orElseThrow();
    assertThat(looks.weights()).hasSize(made.get(1).words().size() + 1);
    for (List<Double> row : looks.weights()) {
      assertThat(row).hasSize(3);
      assertThat(row.stream().mapToDouble(w -> w).sum()).isCloseTo(1, within(1e-5));
    }
    assertThat(looks.sheet("zebra").height()).isGreaterThan(34 * looks.weights().size());
    assertThat(translator.looks(made.get(0))).isEmpty();

    String endless = String.join(" ", Collections.nCopies(1001, "zwei"));
    assertThatThrownBy(() -> translator.translate(List.of("zwei", endless), Search.GREEDY))
        .isInstanceOf(InputException.class)
        .hasMessage("line 2 has 1001 words, but a sentence may have 1000: cut it into sentences");
  }

  @Test
  void filesThatDoNotGoTogetherAreRefusedInOneClearLine() throws IOException {
    Path data = TinyPairs.folder(temp.resolve("data"));
    RunConfig config = TinyPairs.config(data, 1, 0);
    Path english = data.resolve("train.en");
    List<String> lines = Files.readAllLines(english);
    Files.write(english, lines.subList(0, 29));
    rejects(config)
        .hasMessage(
            data.resolve("train.de")
                + " and train.en: has 30 lines to read, but 29 to write: line by line they must be"
                + " translations of each other");
    Files.write(english, "one\ntw\u00F6\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> TinyPairs.subject(config))
        .isInstanceOf(FormatException.class)
        .hasMessage(english + ": line 2, byte 3: 0xF6 is not UTF-8: save the text as UTF-8");
    Files.write(english, Collections.nCopies(30, ""));
    rejects(config).hasMessageContaining("has 8 entries to read and 4 to write");
    Files.delete(english);
    rejects(config).hasMessage(data + ": has no train.en or train.en.gz");
    Files.writeString(data.resolve("train_a.en"), "");
    Files.writeString(data.resolve("train_b.en"), "");
    rejects(config)
        .hasMessage(
            data
                + ": has no train.en or train.en.gz, and which one is meant of train_a.en,"
                + " train_b.en? Name it with --split");
    rejects(TinyPairs.config(temp.resolve("none"), 1, 0))
        .hasMessage(temp.resolve("none") + ": is no folder of sentence files");
    assertThatThrownBy(config::text)
        .isInstanceOf(InputException.class)
        .hasMessage("tiny learns from the pairs of sentences in " + data + ", not from a text");
  }

  @Test
  void pairsWithAnEmptyOrTooLongSideAreLeftOutAndThatIsSaid() throws IOException {
    Path data = TinyPairs.folder(temp.resolve("data"));
    for (String file : List.of("train.de", "train.en")) {
      List<String> lines = Files.readAllLines(data.resolve(file));
      lines.set(file.endsWith("de") ? 0 : 1, "");
      Files.write(data.resolve(file), lines);
    }
    RunConfig config = TinyPairs.config(data, 1, 0);
    assertThat(TinyPairs.subject(config).notes().get(1))
        .isEqualTo("2 pairs are left out: a side is empty or has more than 60 words");
    RunConfig shorter = config.data(config.pairs().longest(1));
    assertThat(TinyPairs.subject(shorter).notes().get(1)).endsWith("more than 1 words");
    Files.write(data.resolve("val.de"), Collections.nCopies(5, ""));
    rejects(config)
        .hasMessage(
            data.resolve("val.de")
                + " and val.en: of 5 pairs none has words on both sides and at most 60 of them");
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> rejects(
      RunConfig config) {
    return assertThatThrownBy(() -> TinyPairs.subject(config)).isInstanceOf(InputException.class);
  }

  /// Wishes a stop after so many steps.
  private static Reporter heard(long limit, Stop stop, Map<Long, String> samples) {
    return new Reporter() {
      private long steps;

      @Override
      public void note(String line) {}

      @Override
      public void begin(Counted counted, int epoch, int epochs, long done, long total) {}

      @Override
      public void step(long done, double loss) {
        if (++steps == limit) {
          stop.wish();
        }
      }

      @Override
      public void epoch(EpochRecord record, boolean best) {}

      @Override
      public void sample(long step, String made) {
        samples.put(step, made);
      }
    };
  }

  private static Map<String, List<Double>> bits(Path file) {
    var all = new TreeMap<String, List<Double>>();
    SafetensorsReader.read(file)
        .tensors()
        .forEach((name, t) -> all.put(name, Arrays.stream(t.toDoubles()).boxed().toList()));
    assertThat(all).isNotEmpty();
    return all;
  }
}
