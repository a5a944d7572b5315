package unfold.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.data.text.Vocabulary;
import unfold.error.InputException;
import unfold.train.RunFolder;
import unfold.train.text.Insight;
import unfold.train.text.TextSubject;
import unfold.train.text.Texts;
import unfold.train.text.Writer;

/// A character model and the text that it reads while one looks inside.
final class TextRead {
  @Mixin TextNetwork network = new TextNetwork();

  @Option(
      names = "--text",
      paramLabel = "FILE",
      description = "what to read (default: what the run held out)")
  @Nullable String text;

  @Option(names = "--prime", paramLabel = "TEXT", description = "what to read, word for word")
  @Nullable String prime;

  @Option(
      names = "--characters",
      paramLabel = "N",
      description =
          "only the first N characters that the network knows (default: ${DEFAULT-VALUE})")
  int characters;

  /// @param characters that are read unless asked otherwise
  TextRead(int characters) {
    this.characters = characters;
  }

  Insight insight() {
    if (text != null && prime != null) {
      throw new InputException("--text and --prime both say what to read; give one");
    }
    Writer writer = network.writer();
    String read = prime != null ? prime : text != null ? Texts.named(text) : heldOut();
    var unknown = writer.vocabulary().unknown(read);
    if (!unknown.isEmpty()) {
      System.err.println(
          "left out, since the network does not know them: " + String.join(" ", unknown));
    }
    return writer.insight(read, characters, source());
  }

  private String heldOut() {
    if (network.weights != null) {
      throw new InputException("name a text to read with --text FILE, or give one with --prime");
    }
    return TextSubject.heldOut(RunFolder.open(Path.of(network.name)).config());
  }

  private String source() {
    return prime != null
        ? "the prime text"
        : text != null ? text : "what " + network.name + " held out";
  }

  String title() {
    Path model = network.weights != null ? network.weights : Path.of(network.name);
    Path read = text != null ? Path.of(text).getFileName() : null;
    return model.getFileName() + (read != null ? "  ·  " + read : "");
  }

  /// A character for a line of text.
  static String shown(String character) {
    return Vocabulary.shown(character);
  }
}
