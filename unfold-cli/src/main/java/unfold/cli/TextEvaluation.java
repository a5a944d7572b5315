package unfold.cli;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.error.InputException;
import unfold.train.RunFolder;
import unfold.train.Score;
import unfold.train.text.TextSubject;
import unfold.train.text.Texts;
import unfold.train.text.Writer;

/// `unfold eval` of a character model.
final class TextEvaluation {
  @Mixin TextOptions network = new TextOptions();

  @Option(
      names = "--text",
      paramLabel = "FILE",
      description = "of a character model: what to read (default: what the run held out)")
  @Nullable String text;

  @Option(
      names = "--characters",
      paramLabel = "N",
      description = "only the first N characters that the network knows")
  int characters = Integer.MAX_VALUE;

  void run(RunOptions asked, boolean json) {
    String run = asked.name;
    Writer writer = network.writer(run, asked.weights, asked.precision);
    String name = text != null ? text : "what " + run + " held out";
    String read = text != null ? Texts.named(text) : heldOut(asked);
    Score score = writer.measure(read, characters, name);
    if (json) {
      new Json()
          .with("characters", score.items())
          .with("nats_per_character", score.loss())
          .with("bits_per_character", score.bits())
          .with("perplexity", score.perplexity())
          .print();
      return;
    }
    System.out.printf(
        Locale.ROOT,
        "%s: %,d characters foretold, %.4f nats (%.4f bits) per character, perplexity %.3f,"
            + " the likeliest was right at %.2f %%%n",
        name,
        score.items(),
        score.loss(),
        score.bits(),
        score.perplexity(),
        100 * score.accuracy());
    var unknown = writer.vocabulary().unknown(read);
    if (!unknown.isEmpty()) {
      System.out.printf(
          Locale.ROOT,
          "%d characters that the network does not know were left out: %s%n",
          unknown.size(),
          String.join(" ", unknown));
    }
  }

  private static String heldOut(RunOptions asked) {
    if (asked.weights != null) {
      throw new InputException("name a text to read with --text FILE");
    }
    return TextSubject.heldOut(RunFolder.open(Path.of(asked.name)).config());
  }
}
