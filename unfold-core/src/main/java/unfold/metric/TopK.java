package unfold.metric;

import java.util.Arrays;
import unfold.tensor.Tensor;

/// Accuracy: the part of the items whose label is among the k classes with the largest logits.
/// Counts items, for every k at once. Of equal logits the lower class goes first; a logit that is
/// not a number is never right.
public final class TopK {
  private final int ignore;

  /// ranks[r]: items with r classes before the right one.
  private long[] ranks = new long[0];

  private long items;

  /// Label −100 is ignored, as in [unfold.layer.Loss.SoftmaxCrossEntropy].
  public TopK() {
    this(-100);
  }

  public TopK(int ignore) {
    this.ignore = ignore;
  }

  public void add(Tensor logits, Tensor labels) {
    add(logits, labels, Math.toIntExact(labels.size()));
  }

  /// Adds the first `items` of a batch.
  public void add(Tensor logits, Tensor labels, int items) {
    var answers = Answers.of(logits, labels, items);
    if (ranks.length <= answers.classes()) {
      ranks = Arrays.copyOf(ranks, answers.classes() + 1);
    }
    for (int i = 0; i < items; i++) {
      int label = answers.label(i, ignore);
      if (label >= 0) {
        ranks[answers.rank(i, label)]++;
        this.items++;
      }
    }
  }

  /// Items counted.
  public long items() {
    return items;
  }

  /// Items that are right among the first k.
  public long hits(int k) {
    return Arrays.stream(ranks, 0, Math.clamp(ranks.length - 1L, 0, k)).sum();
  }

  /// Top-1 accuracy, 0 … 1; NaN before the first item.
  public double accuracy() {
    return topK(1);
  }

  /// Top-k accuracy, 0 … 1; NaN before the first item.
  public double topK(int k) {
    return items == 0 ? Double.NaN : (double) hits(k) / items;
  }
}
