package unfold.train.translate;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import unfold.data.text.Tokenizer;
import unfold.data.text.WordVocabulary;
import unfold.error.InputException;
import unfold.model.EncoderDecoder;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.text.VocabularyFile;

/// How a network reads one language and writes another.
///
/// @param source words to read
/// @param target words to write
public record Languages(Tokenizer tokenizer, WordVocabulary source, WordVocabulary target) {
  private static final String SOURCE = "source-words.json";
  private static final String TARGET = "target-words.json";

  /// The words of a run's training sentences.
  public static Languages of(RunConfig.Pairs asked) {
    return of(asked, Corpus.open(Path.of(asked.source()), "train", asked.from(), asked.to()));
  }

  static Languages of(RunConfig.Pairs asked, Corpus train) {
    var tokenizer = new Tokenizer(asked.lowerCase());
    return new Languages(
        tokenizer,
        words(tokenizer, train.source(), asked.leastCount()),
        words(tokenizer, train.target(), asked.leastCount()));
  }

  private static WordVocabulary words(Tokenizer tokenizer, List<String> lines, int leastCount) {
    return WordVocabulary.of(lines.stream().map(tokenizer::tokens), leastCount, 0);
  }

  /// Those that a run keeps in its folder.
  static Languages read(RunFolder run) {
    return new Languages(
        new Tokenizer(run.config().pairs().lowerCase()),
        VocabularyFile.readWords(run.path().resolve(SOURCE)),
        VocabularyFile.readWords(run.path().resolve(TARGET)));
  }

  /// The files to keep, by name.
  Map<String, String> files() {
    return Map.of(
        SOURCE, VocabularyFile.text(source.entries()),
        TARGET, VocabularyFile.text(target.entries()));
  }

  /// @param from where the words come from, for the message
  void require(EncoderDecoder model, String from) {
    if (source.size() != model.sourceVocabulary() || target.size() != model.targetVocabulary()) {
      throw new InputException(
          from
              + ": has "
              + source.size()
              + " entries to read and "
              + target.size()
              + " to write, but "
              + model.name()
              + " has "
              + model.sourceVocabulary()
              + " and "
              + model.targetVocabulary()
              + ": the sentences are others than those of the run");
    }
  }
}
