package unfold.train.translate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import unfold.data.text.Tokenizer;
import unfold.data.text.WordVocabulary;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.layer.Loss;
import unfold.metric.Bleu;
import unfold.model.EncoderDecoder;
import unfold.run.States;
import unfold.tensor.Tensor;
import unfold.trace.Mode;
import unfold.trace.Traced;
import unfold.train.RunFolder;
import unfold.train.Score;
import unfold.train.Weights;

/// A trained encoder–decoder: translates, measures itself, and shows where it looked.
public final class Translator {
  /// Words of a sentence to translate at most.
  public static final int LONGEST = 1000;

  /// Sentences are put together with others of similar length; programs are for multiples of this.
  private static final int STEP = 8;

  /// Rows of a step: sentences times beam.
  private static final int ROWS = 96;

  private static final int SCORED_ROWS = 64;

  private final Engine engine;
  private final EncoderDecoder model;
  private final Languages languages;
  private final States states;
  private final Runnable compiled;
  private final List<Known> decoders = new ArrayList<>();

  /// Compiled programs, for the next call.
  private record Known(int sentences, int beam, int steps, Decoder decoder) {}

  /// A sentence and what became of it.
  ///
  /// @param source words that were read
  /// @param words that were written
  /// @param score by which it was chosen ([Search])
  public record Translation(List<String> source, List<String> words, double score) {
    public Translation {
      source = List.copyOf(source);
      words = List.copyOf(words);
    }

    /// The words as people write them.
    public String text() {
      return Tokenizer.join(words);
    }
  }

  /// @param compiled called when programs were compiled, before they run
  Translator(
      Engine engine, EncoderDecoder model, Languages languages, States states, Runnable compiled) {
    this.engine = engine;
    this.model = model;
    this.languages = languages;
    this.states = states;
    this.compiled = compiled;
  }

  /// The network of a run: the weights of its best epoch, or the last ones if it was stopped within
  /// the first.
  ///
  /// @param settings to compute with: [RunFolder#same] answers as while training
  public static Translator open(RunFolder run, EncoderDecoder model, Settings settings) {
    Languages languages = Languages.read(run);
    languages.require(model, run.path().toString());
    var states = new States();
    Weights.read(run.weights())
        .load(model.name(), model.targetVocabulary(), answering(model), states);
    return new Translator(Engine.open(settings), model, languages, states, () -> {});
  }

  /// A program that has all of its weights.
  private static Traced answering(EncoderDecoder model) {
    var loss = new Loss.SoftmaxCrossEntropy().ignore(Pairs.NONE);
    return model.teaching(new EncoderDecoder.Size(1, 1, 1), loss, Mode.EVAL, false);
  }

  public Languages languages() {
    return languages;
  }

  /// Translates sentences. One without words stays without. A word that the network does not know
  /// is read as `<unk>`, which it never writes.
  ///
  /// @throws InputException naming the line that has more words than a sentence may
  public List<Translation> translate(List<String> lines, Search how) {
    var sources = new ArrayList<List<String>>();
    for (int i = 0; i < lines.size(); i++) {
      List<String> words = languages.tokenizer().tokens(lines.get(i));
      if (words.size() > LONGEST) {
        throw new InputException(
            "line "
                + (i + 1)
                + " has "
                + words.size()
                + " words, but a sentence may have "
                + LONGEST
                + ": cut it into sentences");
      }
      sources.add(words);
    }
    List<Translation> done =
        new ArrayList<>(sources.stream().map(s -> new Translation(s, List.of(), 0)).toList());
    List<Integer> order =
        IntStream.range(0, lines.size())
            .filter(i -> !sources.get(i).isEmpty())
            .boxed()
            .sorted(Comparator.comparing(i -> sources.get(i).size()))
            .toList();
    int together = Math.clamp(order.size(), 1, Math.max(1, ROWS / how.beam()));
    for (int start = 0; start < order.size(); start += together) {
      List<Integer> group = order.subList(start, Math.min(order.size(), start + together));
      int longest = sources.get(group.getLast()).size();
      Decoder decoder = decoder(together, how.beam(), longest + 1);
      List<int[]> words = group.stream().map(i -> read(sources.get(i))).toList();
      List<Integer> limits = group.stream().map(i -> limit(sources.get(i).size())).toList();
      List<Beam> beams = decoder.search(words, how, limits);
      for (int n = 0; n < group.size(); n++) {
        Beam.Hypothesis best = beams.get(n).best();
        List<String> written = languages.target().decode(best.words());
        List<String> source = sources.get(group.get(n));
        done.set(group.get(n), new Translation(source, written, beams.get(n).score(best)));
      }
    }
    return Collections.unmodifiableList(done);
  }

  /// A translation has at most twice as many words as the sentence, and ten more.
  private static int limit(int words) {
    return 2 * words + 10;
  }

  private int[] read(List<String> words) {
    return Pairs.read(languages.source().encode(words), model.reversed());
  }

  /// Where the network looks while it writes a translation.
  ///
  /// @return a row for each word and one for the end, in it a weight for each word of the source
  ///   and one for its end; empty for a network without attention
  public Optional<Looks> looks(Translation translation) {
    if (model.attention().isEmpty() || translation.source().isEmpty()) {
      return Optional.empty();
    }
    int[] source = read(translation.source());
    int[] words = languages.target().encode(translation.words());
    Decoder decoder = decoder(1, 1, source.length);
    decoder.read(List.of(source));
    var rows = new ArrayList<List<Double>>();
    for (int t = 0; t <= words.length; t++) {
      decoder.say(0, t == 0 ? WordVocabulary.BEGIN : words[t - 1]);
      decoder.write();
      Tensor looks = decoder.looks().orElseThrow();
      var row = new ArrayList<Double>();
      for (int s = 0; s < source.length; s++) {
        row.add(looks.get(place(s, source.length)));
      }
      rows.add(row);
      decoder.follow(new int[] {0});
    }
    return Optional.of(new Looks(translation, rows));
  }

  /// Where the s-th word of the source stands in what was read.
  private int place(int s, int length) {
    return model.reversed() && s < length - 1 ? length - 2 - s : s;
  }

  /// How well it foretells each word of right translations, given those before it.
  public Score measure(Corpus corpus) {
    Pairs pairs = Pairs.of(corpus, languages, model.reversed(), LONGEST);
    if (pairs.size() == 0) {
      throw new InputException(corpus.name() + ": no pair has words on both sides");
    }
    return new PairScorer(engine, model, states, pairs, SCORED_ROWS).score();
  }

  /// How much its translations agree with right ones.
  ///
  /// @param translations of the corpus's lines
  public Bleu bleu(Corpus corpus, List<Translation> translations) {
    var bleu = new Bleu(languages.tokenizer().lowerCase());
    for (int i = 0; i < translations.size(); i++) {
      bleu.add(translations.get(i).text(), corpus.target().get(i));
    }
    return bleu;
  }

  private Decoder decoder(int sentences, int beam, int length) {
    int steps = Math.ceilDiv(length, STEP) * STEP;
    for (Known k : decoders) {
      if (k.sentences() == sentences && k.beam() == beam && k.steps() == steps) {
        return k.decoder();
      }
    }
    var made = new Decoder(engine, model, states, sentences, beam, steps);
    compiled.run();
    decoders.add(new Known(sentences, beam, steps, made));
    return made;
  }
}
