package unfold.train.caption;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import unfold.config.Precision;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.data.text.WordVocabulary;
import unfold.engine.Engine;
import unfold.engine.Feed;
import unfold.engine.Settings;
import unfold.layer.Cell;
import unfold.metric.Bleu;
import unfold.model.Captioner;
import unfold.run.Program;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.train.Counted;
import unfold.train.RunFolder;
import unfold.train.Score;
import unfold.train.Tally;
import unfold.train.Weights;
import unfold.train.text.VocabularyFile;

/// A trained network that writes sentences about pictures, always with the likeliest next word, and
/// measures itself.
public final class Describer {
  private static final int ROWS = 64;

  /// A sentence that does not end is cut off here.
  private static final int MOST_WORDS = 40;

  private final Engine engine;
  private final Captioner model;
  private final PictureShape shape;
  private final WordVocabulary vocabulary;
  private final States states;
  private final Runnable compiled;
  private final Map<Size, Scoring> scorings = new HashMap<>();
  private @Nullable Writing writing;

  /// @param compiled called when a program was compiled
  Describer(
      Engine engine, Captioner model, WordVocabulary vocabulary, States states, Runnable compiled) {
    this.engine = engine;
    this.model = model;
    this.shape = CaptionSubject.shape(model);
    this.vocabulary = vocabulary;
    this.states = states;
    this.compiled = compiled;
  }

  /// The network of a run: see [RunFolder#weights].
  public static Describer open(RunFolder run, Captioner model, Settings settings) {
    WordVocabulary vocabulary = VocabularyFile.readWords(VocabularyFile.in(run));
    var states = new States();
    Weights.read(run.weights()).load(model.name(), model.vocabulary(), model.scoring(1, 2), states);
    var engine = Engine.open(run.same(settings));
    return new Describer(engine, model, vocabulary, states, () -> {});
  }

  /// The same network, computing in this precision.
  public Describer precision(Precision to) {
    var other = Engine.open(engine.settings().precision(to));
    return new Describer(other, model, vocabulary, states, compiled);
  }

  /// @param words how well each word is foretold, given the right ones before it
  /// @param sentences that were written
  /// @param exact how many of them are the right ones, word by word
  public record Measured(Score words, long sentences, long exact, Bleu bleu) {
    /// Share of the sentences that are the right ones.
    public double exactShare() {
      return (double) exact / sentences;
    }
  }

  public Measured measure(Described set) {
    List<List<String>> written =
        describe(IntStream.range(0, set.size()).mapToObj(set::picture).toList());
    var bleu = new Bleu(false);
    long exact = 0;
    for (int i = 0; i < set.size(); i++) {
      exact += written.get(i).equals(set.sentence(i)) ? 1 : 0;
      bleu.add(String.join(" ", written.get(i)), String.join(" ", set.sentence(i)));
    }
    return new Measured(score(set), set.size(), exact, bleu);
  }

  /// How well each word is foretold, given the right ones before it.
  Score score(Described set) {
    int rows = Math.min(ROWS, set.size());
    Scoring s = scoring(new Size(rows, set.longest() + 1));
    var tally = new Tally(Counted.WORDS);
    for (int first = 0; first < set.size(); first += rows) {
      for (int row = 0; row < rows; row++) {
        if (first + row < set.size()) {
          s.batch.set(row, set, first + row, vocabulary);
        } else {
          s.batch.clear(row);
        }
      }
      s.batch.write(s.to);
      s.program.run();
      tally.add(s.logits, s.batch.labels());
    }
    return tally.score();
  }

  /// The words about each picture. Pictures of other sizes are resized.
  public List<List<String>> describe(List<Picture> pictures) {
    var all = new ArrayList<List<String>>();
    for (int first = 0; first < pictures.size(); first += ROWS) {
      all.addAll(group(pictures.subList(first, Math.min(first + ROWS, pictures.size()))));
    }
    return all;
  }

  private List<List<String>> group(List<Picture> pictures) {
    Writing w = writing();
    for (int row = 0; row < pictures.size(); row++) {
      byte[] pixels = Described.fit(pictures.get(row), shape).pixels();
      long at = (long) row * pixels.length;
      MemorySegment.copy(pixels, 0, w.pictures.data(), ValueLayout.JAVA_BYTE, at, pixels.length);
    }
    w.picturesFeed.write(w.pictures);
    w.begin.run();
    int[][] written = new int[pictures.size()][MOST_WORDS];
    boolean[] ended = new boolean[pictures.size()];
    int open = pictures.size();
    Program before = w.begin;
    for (int t = 0; t < MOST_WORDS && open > 0; t++) {
      Tensor logits = before.result("logits");
      for (int row = 0; row < pictures.size(); row++) {
        int word = ended[row] ? WordVocabulary.END : likeliest(logits, row);
        written[row][t] = word;
        w.tokens.set(row, word);
        if (word == WordVocabulary.END && !ended[row]) {
          ended[row] = true;
          open--;
        }
      }
      for (Cell.Memory m : model.memories()) {
        w.go.feed(m.name(), before.result("next." + m.name()));
      }
      w.go.feed("tokens", w.tokens);
      w.go.run();
      before = w.go;
    }
    var sentences = new ArrayList<List<String>>();
    for (int[] words : written) {
      sentences.add(vocabulary.decode(words));
    }
    return sentences;
  }

  private int likeliest(Tensor logits, int row) {
    long at = (long) row * model.vocabulary();
    int best = 0;
    for (int word = 1; word < model.vocabulary(); word++) {
      best = logits.get(at + word) > logits.get(at + best) ? word : best;
    }
    return best;
  }

  private record Scoring(Program program, CaptionBatch batch, CaptionBatch.To to, Tensor logits) {}

  private record Size(int rows, int steps) {}

  private Scoring scoring(Size size) {
    Scoring known = scorings.get(size);
    if (known == null) {
      Program program = engine.answering(model.scoring(size.rows, size.steps), states);
      known =
          new Scoring(
              program,
              new CaptionBatch(size.rows, size.steps, shape),
              CaptionBatch.To.of(program),
              program.view("logits"));
      scorings.put(size, known);
      compiled.run();
    }
    return known;
  }

  private record Writing(
      Program begin, Program go, Feed picturesFeed, Tensor pictures, Tensor tokens) {}

  private Writing writing() {
    if (writing == null) {
      Program begin = engine.answering(model.beginning(ROWS), states);
      compiled.run();
      Program go = engine.answering(model.continuing(ROWS), states);
      compiled.run();
      writing =
          new Writing(
              begin,
              go,
              Feed.pictures(begin),
              Tensor.zeros(DType.U8, ROWS, shape.height(), shape.width(), shape.channels()),
              Tensor.zeros(DType.I32, 1, ROWS));
    }
    return writing;
  }
}
