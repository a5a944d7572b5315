package unfold.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import unfold.error.InputException;
import unfold.metric.Bleu;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Score;
import unfold.train.translate.Corpus;
import unfold.train.translate.Search;
import unfold.train.translate.Translator;
import unfold.train.translate.Translator.Translation;

/// `unfold eval` of a network that translates.
final class TranslationEvaluation {
  @Option(
      names = "--beam",
      paramLabel = "K",
      description = "of a network that translates: beginnings to keep (default: 5)")
  int beam = 5;

  @Option(
      names = "--length-penalty",
      paramLabel = "A",
      description = "of a network that translates: above 0 favours long sentences (default: 1)")
  double lengthPenalty = 1;

  void run(MeasuredOptions asked, boolean json) {
    if (asked.run.weights != null || asked.run.classes != null) {
      throw new InputException("--weights and --classes are for pictures, not for sentences");
    }
    Path folder = Path.of(asked.run.name);
    RunConfig.Pairs pairs = RunFolder.open(folder).config().pairs();
    Path data = Path.of(asked.data != null ? asked.data : pairs.source());
    String part = partOf(asked.split);
    Corpus corpus = Corpus.open(data, part, pairs.from(), pairs.to());
    Translator translator = TranslationRuns.translator(folder, asked.run.precision);
    List<Translation> made = translator.translate(corpus.source(), new Search(beam, lengthPenalty));
    Bleu bleu = translator.bleu(corpus, made);
    Score score = translator.measure(corpus);
    if (json) {
      new Json()
          .with("sentences", corpus.source().size())
          .with("bleu", bleu.score())
          .with("brevity_penalty", bleu.brevityPenalty())
          .with("lower_case", pairs.lowerCase())
          .with("beam", beam)
          .with("length_penalty", lengthPenalty)
          .with("words", score.items())
          .with("nats_per_word", score.loss())
          .with("perplexity", score.perplexity())
          .print();
      return;
    }
    System.out.printf(
        Locale.ROOT,
        "%s: %,d sentences, beam %d%n%s; %s, tokenised as by mteval-v13a%n"
            + "%,d words foretold, %.4f nats per word, perplexity %.3f%n",
        corpus.name(),
        corpus.source().size(),
        beam,
        bleu,
        pairs.lowerCase() ? "lower case" : "case as it is",
        score.items(),
        score.loss(),
        score.perplexity());
  }

  /// The files' name of a part.
  private static String partOf(@Nullable String split) {
    return split == null ? "test" : split.equals("validation") ? "val" : split;
  }
}
