package unfold.train.video;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import unfold.config.Precision;
import unfold.data.digits.MovingDigits;
import unfold.engine.Engine;
import unfold.engine.Feed;
import unfold.engine.Settings;
import unfold.model.FrameLabeller;
import unfold.run.Program;
import unfold.run.States;
import unfold.tensor.Tensor;
import unfold.train.Counted;
import unfold.train.RunFolder;
import unfold.train.Score;
import unfold.train.Tally;
import unfold.train.Weights;

/// A trained network that labels the frames of films, and measures itself.
public final class Watcher {
  private static final int ROWS = 32;

  private final Engine engine;
  private final FrameLabeller model;
  private final States states;
  private final Runnable compiled;
  private final Map<Integer, Watching> programs = new HashMap<>();

  /// @param compiled called when a program was compiled
  Watcher(Engine engine, FrameLabeller model, States states, Runnable compiled) {
    this.engine = engine;
    this.model = model;
    this.states = states;
    this.compiled = compiled;
  }

  /// The network of a run: the weights of its best epoch, or the last ones if it was stopped within
  /// the first.
  public static Watcher open(RunFolder run, FrameLabeller model, Settings settings) {
    var states = new States();
    Weights.read(run.weights()).load(model.name(), model.classes(), model.answering(1, 1), states);
    return new Watcher(Engine.open(run.same(settings)), model, states, () -> {});
  }

  /// The same network, computing in this precision.
  public Watcher precision(Precision to) {
    return new Watcher(Engine.open(engine.settings().precision(to)), model, states, compiled);
  }

  /// How well frames are labelled.
  ///
  /// @param lit over the frames where the digit is seen; empty if there are none
  /// @param dark over those where it must be remembered
  public record Measured(Score all, Optional<Score> lit, Optional<Score> dark) {}

  public Measured measure(MovingDigits films) {
    var all = new Tally(Counted.FRAMES);
    var lit = new Tally(Counted.FRAMES);
    var dark = new Tally(Counted.FRAMES);
    Watching w = watching(films.frames());
    for (int first = 0; first < films.size(); first += ROWS) {
      var shown = new ArrayList<MovingDigits.Film>();
      for (int n = 0; n < Math.min(ROWS, films.size() - first); n++) {
        shown.add(films.film(first + n));
      }
      Tensor logits = w.run(shown);
      all.add(logits, w.batch.labels());
      w.keep(shown, false);
      lit.add(logits, w.batch.labels());
      w.fill(shown);
      w.keep(shown, true);
      dark.add(logits, w.batch.labels());
    }
    return new Measured(all.score(), score(lit), score(dark));
  }

  private static Optional<Score> score(Tally tally) {
    return tally.items() == 0 ? Optional.empty() : Optional.of(tally.score());
  }

  /// The likeliest label of each frame.
  public List<Integer> labels(MovingDigits.Film film) {
    Tensor logits = watching(film.frames()).run(List.of(film));
    var labels = new ArrayList<Integer>();
    for (int t = 0; t < film.frames(); t++) {
      labels.add(likeliest(logits, (long) t * ROWS * model.classes()));
    }
    return labels;
  }

  private int likeliest(Tensor logits, long row) {
    int best = 0;
    for (int c = 1; c < model.classes(); c++) {
      if (logits.get(row + c) > logits.get(row + best)) {
        best = c;
      }
    }
    return best;
  }

  private Watching watching(int steps) {
    Watching known = programs.get(steps);
    if (known == null) {
      known = new Watching(engine.answering(model.answering(ROWS, steps), states), steps);
      programs.put(steps, known);
      compiled.run();
    }
    return known;
  }

  /// A program for films of one length.
  private static final class Watching {
    private final Program program;
    private final FilmBatch batch;
    private final Feed pictures;
    private final Tensor logits;

    Watching(Program program, int steps) {
      this.program = program;
      this.batch = new FilmBatch(ROWS, steps);
      this.pictures = Feed.pictures(program);
      this.logits = program.view("logits");
    }

    /// The logits of these films and of whatever is in the other rows: a view, valid until the next
    /// run. Only the labels of these films count.
    Tensor run(List<MovingDigits.Film> films) {
      fill(films);
      pictures.write(batch.pictures());
      program.run();
      return logits;
    }

    void fill(List<MovingDigits.Film> films) {
      for (int n = 0; n < ROWS; n++) {
        if (n < films.size()) {
          batch.set(n, films.get(n));
        } else {
          batch.clear(n);
        }
      }
    }

    void keep(List<MovingDigits.Film> films, boolean hidden) {
      for (int n = 0; n < films.size(); n++) {
        batch.keep(n, films.get(n), hidden);
      }
    }
  }
}
