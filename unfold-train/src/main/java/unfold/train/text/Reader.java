package unfold.train.text;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import unfold.engine.Engine;
import unfold.engine.Feed;
import unfold.model.LanguageModel;
import unfold.run.Program;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.train.Counted;
import unfold.train.Score;
import unfold.train.Tally;

/// A language model that reads streams of tokens, a window of steps at a time, and remembers what
/// it read.
final class Reader {
  /// Padding: a target that does not count.
  private static final int NONE = -1;

  private final Program program;
  private final int rows;
  private final int steps;
  private final Tensor tokens;
  private final Tensor targets;
  private final Feed feed;
  private final Tensor logits;
  private final List<Memory> memories = new ArrayList<>();

  /// A state of the cells on its way from one run to the next.
  private record Memory(Tensor held, Feed in, Tensor out) {}

  Reader(Engine engine, LanguageModel model, States states, int rows, int steps) {
    this.program = engine.answering(model.reading(rows, steps), states);
    this.rows = rows;
    this.steps = steps;
    this.tokens = Tensor.zeros(DType.I32, steps, rows);
    this.targets = Tensor.zeros(DType.I32, steps * rows);
    this.feed = Feed.of(program, "tokens");
    this.logits = program.view("logits");
    for (var m : model.memories()) {
      Feed in = Feed.of(program, m.name());
      memories.add(new Memory(Tensor.zeros(in.type()), in, program.view("next." + m.name())));
    }
  }

  /// Forgets everything: all streams start anew.
  void restart() {
    memories.forEach(m -> m.held.data().fill((byte) 0));
  }

  /// The tokens of the next run, to be written before it.
  ///
  /// @shape i32 [T×N]
  Tensor tokens() {
    return tokens;
  }

  /// Reads on.
  ///
  /// @return the logits of what follows each token, f32 [T·N×V]: a view, valid until the next run
  Tensor read() {
    feed.write(tokens);
    for (Memory m : memories) {
      m.in.write(m.held);
    }
    program.run();
    for (Memory m : memories) {
      MemorySegment.copy(m.out.data(), 0, m.held.data(), 0, m.in.type().bytes());
    }
    return logits;
  }

  /// The logits of the last run: a view, valid until the next.
  Tensor logits() {
    return logits;
  }

  /// The state after the last run, f32 [layers×N×H].
  ///
  /// @param number of the cell's memory: 0 for h, 1 for an LSTM's c
  Tensor state(int number) {
    return memories.get(number).held;
  }

  /// How well the network foretells each token of a text but the first. The text is cut into as
  /// many streams as there are rows, which start from nothing; with one row it is read as it is.
  Score score(int[] text) {
    restart();
    var tally = new Tally(Counted.CHARACTERS);
    int each = Math.ceilDiv(text.length - 1, rows);
    for (int start = 0; start < each; start += steps) {
      for (int t = 0; t < steps; t++) {
        for (int n = 0; n < rows; n++) {
          int at = n * each + start + t;
          boolean inside = start + t < each && at + 1 < text.length;
          tokens.set((long) t * rows + n, inside ? text[at] : 0);
          targets.set((long) t * rows + n, inside ? text[at + 1] : NONE);
        }
      }
      tally.add(read(), targets);
    }
    return tally.score();
  }
}
