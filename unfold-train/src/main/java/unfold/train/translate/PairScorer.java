package unfold.train.translate;

import java.util.ArrayList;
import java.util.List;
import unfold.data.text.LengthBuckets;
import unfold.data.text.LengthBuckets.Group;
import unfold.engine.Engine;
import unfold.layer.Loss;
import unfold.model.EncoderDecoder;
import unfold.run.Program;
import unfold.run.States;
import unfold.trace.Mode;
import unfold.train.Counted;
import unfold.train.Score;
import unfold.train.Tally;

/// How well a network foretells each word of the right translations, given those before it.
final class PairScorer {
  private static final int BUCKETS = 3;

  private final Pairs pairs;
  private final List<Group> groups;
  private final List<Program> programs = new ArrayList<>();
  private final List<Teaching> feeds = new ArrayList<>();

  /// @param rows of a batch at most
  PairScorer(Engine engine, EncoderDecoder model, States states, Pairs pairs, int rows) {
    this.pairs = pairs;
    int n = Math.min(rows, pairs.size());
    LengthBuckets buckets = pairs.buckets(BUCKETS, n);
    this.groups = buckets.inOrder();
    var loss = new Loss.SoftmaxCrossEntropy().ignore(Pairs.NONE);
    for (int length : buckets.bounds()) {
      var size = new EncoderDecoder.Size(n, length, length);
      Program program = engine.answering(model.teaching(size, loss, Mode.EVAL, false), states);
      programs.add(program);
      feeds.add(new Teaching(program));
    }
  }

  Score score() {
    var tally = new Tally(Counted.WORDS);
    for (Group g : groups) {
      Teaching feed = feeds.get(g.bucket());
      feed.write(pairs, g, 0);
      Program program = programs.get(g.bucket());
      program.run();
      tally.add(feed.logits(), feed.labels(), program.scalar("loss"));
    }
    return tally.score();
  }
}
