package unfold.metric;

import unfold.error.ShapeException;
import unfold.tensor.Tensor;

/// Which class is taken for which: counts items by label (rows) and by the class with the largest
/// logit (columns).
public final class Confusion {
  private final int classes;
  private final int ignore;
  private final long[] counts;

  /// Label −100 is ignored.
  public Confusion(int classes) {
    this(classes, -100);
  }

  public Confusion(int classes, int ignore) {
    this.classes = classes;
    this.ignore = ignore;
    this.counts = new long[Math.multiplyExact(classes, classes)];
  }

  public void add(Tensor logits, Tensor labels) {
    add(logits, labels, Math.toIntExact(labels.size()));
  }

  /// Adds the first `items` of a batch.
  public void add(Tensor logits, Tensor labels, int items) {
    var answers = Answers.of(logits, labels, items);
    if (answers.classes() != classes) {
      throw new ShapeException(
          "the confusion of " + classes + " classes cannot count logits " + logits.type());
    }
    for (int i = 0; i < items; i++) {
      int label = answers.label(i, ignore);
      if (label >= 0) {
        counts[label * classes + answers.best(i)]++;
      }
    }
  }

  public int classes() {
    return classes;
  }

  /// Items of class `label` that were taken for class `answer`.
  public long count(int label, int answer) {
    return counts[label * classes + answer];
  }

  /// Items counted.
  public long items() {
    long sum = 0;
    for (long n : counts) {
      sum += n;
    }
    return sum;
  }

  /// Items on the diagonal by all items.
  public double accuracy() {
    long right = 0;
    for (int c = 0; c < classes; c++) {
      right += count(c, c);
    }
    return (double) right / items();
  }

  /// Of the items of class c, the part that was recognised; NaN if there was none.
  public double recall(int c) {
    long of = 0;
    for (int answer = 0; answer < classes; answer++) {
      of += count(c, answer);
    }
    return (double) count(c, c) / of;
  }

  /// Of the answers c, the part that was right; NaN if there was none.
  public double precision(int c) {
    long of = 0;
    for (int label = 0; label < classes; label++) {
      of += count(label, c);
    }
    return (double) count(c, c) / of;
  }
}
