package unfold.train.sentence;

import java.util.List;
import unfold.data.text.LengthBuckets.Group;
import unfold.data.text.Sentences;
import unfold.data.text.WordVocabulary;
import unfold.engine.Feed;
import unfold.run.Program;
import unfold.tensor.Tensor;

/// The inputs of a program that reads sentences side by side, up to a number of words.
final class SentenceFeeds {
  /// The label of a row without a sentence.
  static final int NONE = -1;

  private final Feed tokensFeed;
  private final Feed lengthsFeed;
  private final Tensor tokens;
  private final Tensor lengths;
  private final Tensor labels;

  SentenceFeeds(Program program) {
    this.tokensFeed = Feed.of(program, "tokens");
    this.lengthsFeed = Feed.of(program, "lengths");
    this.tokens = Tensor.zeros(tokensFeed.type());
    this.lengths = Tensor.zeros(lengthsFeed.type());
    this.labels = Tensor.zeros(lengthsFeed.type());
  }

  /// The labels of the sentences that were written last, [#NONE] for rows without one.
  ///
  /// @shape i32 [N]
  Tensor labels() {
    return labels;
  }

  /// Writes the sentences of a group; rows that are left are padding.
  void write(Sentences sentences, List<Integer> classes, Group group) {
    sentences.fill(group.items(), WordVocabulary.PAD, tokens);
    sentences.lengths(group.items(), lengths);
    int n = group.items().size();
    for (int row = 0; row < labels.size(); row++) {
      labels.set(row, row < n ? classes.get(group.items().get(row)) : NONE);
    }
    tokensFeed.write(tokens);
    lengthsFeed.write(lengths);
  }
}
