package unfold.train.translate;

import java.util.Optional;
import unfold.data.text.LengthBuckets.Group;
import unfold.engine.Feed;
import unfold.engine.Learner;
import unfold.run.Program;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// A compiled [EncoderDecoder#teaching] of one shape with its feeds.
final class Teaching {
  private final Pairs.Batch batch;
  private final Feed source;
  private final Feed lengths;
  private final Feed target;
  private final Feed labels;
  private final Optional<Feed> chance;
  private final Tensor chanceNow = Tensor.zeros(DType.F32, 1);
  private final Tensor logits;

  Teaching(Program program) {
    int rows = program.type("lengths").shape().dim(0);
    this.source = Feed.of(program, "source");
    this.lengths = Feed.of(program, "lengths");
    this.target = Feed.of(program, "target");
    this.labels = Feed.of(program, "labels");
    this.chance =
        program.plan().feeds().containsKey("chance")
            ? Optional.of(Feed.of(program, "chance"))
            : Optional.empty();
    this.batch =
        new Pairs.Batch(
            Tensor.zeros(source.type()),
            Tensor.zeros(DType.I32, rows),
            Tensor.zeros(target.type()),
            Tensor.zeros(labels.type()));
    this.logits = program.view("logits");
  }

  static Teaching of(Learner learner) {
    return new Teaching(learner.program());
  }

  /// Writes a batch into the feeds.
  ///
  /// @param chance of a guess, where the program asks for one
  void write(Pairs pairs, Group group, double chance) {
    pairs.fill(group.items(), batch);
    source.write(batch.source());
    lengths.write(batch.lengths());
    target.write(batch.target());
    labels.write(batch.labels());
    if (this.chance.isPresent()) {
      chanceNow.set(0, chance);
      this.chance.get().write(chanceNow);
    }
  }

  /// What was written last.
  Tensor labels() {
    return batch.labels();
  }

  Tensor logits() {
    return logits;
  }
}
