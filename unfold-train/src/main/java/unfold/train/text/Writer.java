package unfold.train.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import unfold.data.text.Vocabulary;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.inspect.Foretelling;
import unfold.model.LanguageModel;
import unfold.random.Stream;
import unfold.run.States;
import unfold.train.RunFolder;
import unfold.train.Score;
import unfold.train.Weights;

/// A trained language model of characters: measures itself on a text, and writes one.
public final class Writer {
  private static final int WINDOW = 100;

  private final Engine engine;
  private final LanguageModel model;
  private final Vocabulary vocabulary;
  private final States states;
  private final Runnable compiled;
  private final List<Reader> single = new ArrayList<>();

  /// @param compiled called when a program was compiled
  Writer(
      Engine engine, LanguageModel model, Vocabulary vocabulary, States states, Runnable compiled) {
    this.engine = engine;
    this.model = model;
    this.vocabulary = vocabulary;
    this.states = states;
    this.compiled = compiled;
  }

  /// The network of a run: the weights of its best epoch, or the last ones if it was stopped within
  /// the first.
  ///
  /// @param settings to compute with: [RunFolder#same] answers as while training
  public static Writer open(RunFolder run, LanguageModel model, Settings settings) {
    Vocabulary vocabulary = VocabularyFile.read(VocabularyFile.in(run));
    return of(model, Weights.read(run.weights()), vocabulary, settings);
  }

  /// A network with weights from a file.
  ///
  /// @throws unfold.error.FormatException if they are another network's
  public static Writer of(
      LanguageModel model, Weights weights, Vocabulary vocabulary, Settings settings) {
    if (model.vocabulary() != vocabulary.size()) {
      throw new InputException(
          weights.file()
              + ": foretells "
              + model.vocabulary()
              + " characters, but the vocabulary has "
              + vocabulary.size()
              + ": take the vocab.json that belongs to these weights");
    }
    var states = new States();
    weights.load(model, states);
    return new Writer(Engine.open(settings), model, vocabulary, states, () -> {});
  }

  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /// How well the network foretells a text, which it reads from zero states: each character but the
  /// first. Characters that it does not know are left out.
  ///
  /// @param characters how many of those that it knows it reads at most
  /// @param name of the text, for messages
  public Score measure(String text, int characters, String name) {
    int[] tokens = known(text, characters);
    if (tokens.length < 2) {
      throw new InputException(
          name
              + ": has "
              + tokens.length
              + " characters that the network knows; at least 2 are needed, one to foretell");
    }
    int steps = Math.min(WINDOW, tokens.length - 1);
    return new Reader(engine, model, states, 1, steps).score(tokens);
  }

  /// @throws InputException if the network does not know a character of the prime
  public void require(String prime) {
    var _ = vocabulary.encodeAll(prime, "the prime text");
  }

  /// Writes a text, character by character: each is chosen from what the network thinks may follow
  /// all that it has read and written.
  ///
  /// @param prime what it reads first; without, it begins as after a line break
  /// @param length characters to write
  /// @param seed of the choices
  /// @param out takes each character
  /// @throws InputException if the network does not know a character of the prime
  public void write(String prime, int length, Sampling how, long seed, Consumer<String> out) {
    if (length < 0) {
      throw new InputException("the length must be at least 0, but is " + length);
    }
    int[] read = vocabulary.encodeAll(prime, "the prime text");
    Reader reader = reader();
    reader.restart();
    if (read.length == 0) {
      read = new int[] {Math.max(0, vocabulary.number('\n'))};
    }
    for (int token : read) {
      reader.tokens().set(0, token);
      reader.read();
    }
    Stream random = Stream.of(seed, "text/sample", 0);
    for (int i = 0; i < length; i++) {
      int token = how.choose(reader.logits(), random);
      out.accept(vocabulary.text(token));
      reader.tokens().set(0, token);
      reader.read();
    }
  }

  /// The same as one string, without the prime.
  public String write(String prime, int length, Sampling how, long seed) {
    var text = new StringBuilder();
    write(prime, length, how, seed, text::append);
    return text.toString();
  }

  /// What may follow a text, the likeliest first.
  ///
  /// @param count how many
  public List<Foretelling.Candidate> next(String text, int count, Sampling how) {
    int[] tokens = vocabulary.encodeAll(text, "the text");
    Reader reader = reader();
    reader.restart();
    for (int token : tokens) {
      reader.tokens().set(0, token);
      reader.read();
    }
    return likeliest(how.probabilities(reader.logits()), count);
  }

  /// The likeliest characters, the first first.
  List<Foretelling.Candidate> likeliest(double[] p, int count) {
    return IntStream.range(0, p.length)
        .mapToObj(i -> new Foretelling.Candidate(vocabulary.text(i), p[i]))
        .sorted(Comparator.comparingDouble(Foretelling.Candidate::probability).reversed())
        .limit(count)
        .toList();
  }

  /// A text, seen from inside the network. Characters that it does not know are left out.
  ///
  /// @param characters how many of those that it knows it reads at most
  /// @param name of the text, for messages
  public Insight insight(String text, int characters, String name) {
    int[] tokens = known(text, characters);
    if (tokens.length == 0) {
      throw new InputException(name + ": has no character that the network knows");
    }
    return new Insight(engine, this, states, tokens);
  }

  private int[] known(String text, int characters) {
    if (characters < 1) {
      throw new InputException("at least one character must be read, not " + characters);
    }
    int[] known = vocabulary.encode(text);
    return Arrays.copyOf(known, Math.min(known.length, characters));
  }

  public LanguageModel model() {
    return model;
  }

  /// One stream, one step at a time.
  Reader reader() {
    if (single.isEmpty()) {
      single.add(new Reader(engine, model, states, 1, 1));
      compiled.run();
    }
    return single.getFirst();
  }
}
