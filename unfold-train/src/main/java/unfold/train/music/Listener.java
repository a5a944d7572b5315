package unfold.train.music;

import java.util.List;
import unfold.engine.Engine;
import unfold.engine.Feed;
import unfold.engine.Settings;
import unfold.model.ChordModel;
import unfold.run.Program;
import unfold.run.States;
import unfold.train.Counted;
import unfold.train.RunFolder;
import unfold.train.Score;
import unfold.train.Tally;
import unfold.train.Weights;

/// A trained network that foretells chords, and measures itself.
public final class Listener {
  private static final int ROWS = 16;

  private final Engine engine;
  private final ChordModel model;
  private final States states;

  Listener(Engine engine, ChordModel model, States states) {
    this.engine = engine;
    this.model = model;
    this.states = states;
  }

  /// The network of a run: the weights of its best epoch, or the last ones if it was stopped within
  /// the first.
  public static Listener open(RunFolder run, ChordModel model, Settings settings) {
    var states = new States();
    Weights.read(run.weights()).load(model.name(), model.notes(), model.measuring(1, 1), states);
    return new Listener(Engine.open(run.same(settings)), model, states);
  }

  /// How well the notes of each step but a piece's first are foretold: nats a step, summed over the
  /// notes.
  public Score measure(List<Music.Piece> pieces) {
    return measuring(Music.longest(pieces)).score(pieces);
  }

  /// A program for pieces up to a length.
  Measuring measuring(int steps) {
    Program program = engine.answering(model.measuring(ROWS, steps), states);
    return new Measuring(program, new PieceBatch(ROWS, steps, name -> Feed.of(program, name)));
  }

  record Measuring(Program program, PieceBatch batch) {
    Score score(List<Music.Piece> pieces) {
      var tally = new Tally(Counted.STEPS);
      for (int first = 0; first < pieces.size(); first += ROWS) {
        batch.clear();
        for (int n = 0; n < ROWS && first + n < pieces.size(); n++) {
          batch.set(n, pieces.get(first + n));
        }
        batch.write();
        program.run();
        tally.add(batch.items(), program.scalar("loss"));
      }
      return tally.score();
    }
  }
}
