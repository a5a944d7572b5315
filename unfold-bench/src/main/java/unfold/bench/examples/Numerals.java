package unfold.bench.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import unfold.engine.Settings;
import unfold.model.EncoderDecoder;
import unfold.train.RunConfig;
import unfold.train.RunConfig.Limits;
import unfold.train.RunConfig.Recipe;
import unfold.train.RunFolder;
import unfold.train.Stop;
import unfold.train.Trainer;
import unfold.train.translate.Languages;
import unfold.train.translate.PairSubject;
import unfold.train.translate.Search;
import unfold.train.translate.Translator;
import unfold.zoo.sequence.Translation;

/// Many-to-many in its smallest form: German numerals to English ones. German names the ones first
/// (`vier und zwanzig`), English the tens (`twenty four`), so the network must look back and forth;
/// some numbers it never sees before it is asked for them.
public final class Numerals {
  private static final List<String> GERMAN =
      List.of("ein zwei drei vier fünf sechs sieben acht neun".split(" "));
  private static final List<String> GERMAN_TENS =
      List.of("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split(" "));
  private static final List<String> ENGLISH =
      List.of("one two three four five six seven eight nine".split(" "));
  private static final List<String> ENGLISH_TENS =
      List.of("twenty thirty forty fifty sixty seventy eighty ninety".split(" "));

  private Numerals() {}

  /// @param arguments a folder to work in, which must not exist
  public static void main(String[] arguments) throws IOException {
    Path folder = arguments.length > 0 ? Path.of(arguments[0]) : Path.of("runs", "numerals");
    Translator translator = learned(folder, 40);
    var asked = held().mapToObj(Numerals::german).toList();
    for (var t : translator.translate(asked, new Search(3, 1))) {
      System.out.println(String.join(" ", t.source()) + " → " + t.text());
    }
  }

  /// Writes the sentences, trains on them, and opens what came of it.
  static Translator learned(Path folder, int epochs) throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    for (String part : List.of("train", "val")) {
      IntPredicate wanted = n -> isHeld(n) == part.equals("val");
      write(data.resolve(part + ".de"), wanted, Numerals::german);
      write(data.resolve(part + ".en"), wanted, Numerals::english);
    }
    var pairs = new RunConfig.Pairs(data.toString(), "de", "en").leastCount(1).buckets(1);
    Languages languages = Languages.of(pairs);
    EncoderDecoder model =
        Translation.model(
            Map.of(
                "source-vocabulary", Integer.toString(languages.source().size()),
                "target-vocabulary", Integer.toString(languages.target().size()),
                "cell", "gru",
                "rnn-size", "64",
                "embedding-size", "32",
                "num-layers", "1"));
    var config =
        new RunConfig(
            PairSubject.network(model),
            pairs,
            new Recipe(epochs, 8, "adam(5e-3)", "onecycle", "f32", 0, 1, 0, 1),
            Limits.NONE);
    RunFolder run = RunFolder.create(folder);
    Trainer.start(run, config, c -> PairSubject.open(c, model)).run(new Stop());
    return Translator.open(run, model, run.same(Settings.defaults()));
  }

  /// 21 … 99 without the tens, but for those held out.
  private static void write(Path file, IntPredicate wanted, IntFunction<String> words)
      throws IOException {
    Files.write(
        file,
        IntStream.range(21, 100).filter(n -> n % 10 != 0).filter(wanted).mapToObj(words).toList());
  }

  /// The numbers that the network does not learn from.
  static IntStream held() {
    return IntStream.range(21, 100).filter(n -> n % 10 != 0 && isHeld(n));
  }

  private static boolean isHeld(int n) {
    return n % 7 == 3;
  }

  static String german(int n) {
    return GERMAN.get(n % 10 - 1) + " und " + GERMAN_TENS.get(n / 10 - 2);
  }

  static String english(int n) {
    return ENGLISH_TENS.get(n / 10 - 2) + " " + ENGLISH.get(n % 10 - 1);
  }
}
