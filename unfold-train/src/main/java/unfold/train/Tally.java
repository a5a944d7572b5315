package unfold.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import unfold.tensor.Tensor;

/// Counts answers, batch by batch. Allocates nothing.
///
/// The sums are part of a checkpoint, so that an epoch that was interrupted ends in the same bits.
public final class Tally {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final int TOP = 5;

  /// As it is saved.
  ///
  /// @param lossSum sum of the items' losses
  record Sums(long items, double lossSum, long correct, long top5) {
    static final Sums ZERO = new Sums(0, 0, 0, 0);
  }

  private final Counted counted;
  private long items;
  private double lossSum;
  private long correct;
  private long top5;

  /// Nothing is counted yet.
  public Tally(Counted counted) {
    this(counted, Sums.ZERO);
  }

  Tally(Counted counted, Sums from) {
    this.counted = counted;
    items = from.items();
    lossSum = from.lossSum();
    correct = from.correct();
    top5 = from.top5();
  }

  Sums sums() {
    return new Sums(items, lossSum, correct, top5);
  }

  void clear() {
    items = 0;
    lossSum = 0;
    correct = 0;
    top5 = 0;
  }

  /// Adds a batch whose mean loss is known. Items with a label below 0 are padding and do not
  /// count.
  ///
  /// @shape logits f32 [N×classes], labels i32 with N numbers
  /// @param meanLoss over the items that count
  public void add(Tensor logits, Tensor labels, double meanLoss) {
    int classes = logits.shape().dim(-1);
    int n = Math.toIntExact(labels.size());
    MemorySegment x = logits.data();
    MemorySegment l = labels.data();
    long before = items;
    for (int i = 0; i < n; i++) {
      int label = l.getAtIndex(INT, i);
      if (label >= 0) {
        count(rank(x, (long) i * classes, classes, label));
        items++;
      }
    }
    lossSum += meanLoss * (items - before);
  }

  /// Adds a batch; its loss is the cross-entropy of the logits. Items with a label below 0 do not
  /// count.
  ///
  /// @shape logits f32 [N×classes], labels i32 with N numbers
  public void add(Tensor logits, Tensor labels) {
    int classes = logits.shape().dim(-1);
    int n = Math.toIntExact(labels.size());
    MemorySegment x = logits.data();
    MemorySegment l = labels.data();
    for (int i = 0; i < n; i++) {
      long row = (long) i * classes;
      int label = l.getAtIndex(INT, i);
      if (label >= 0) {
        count(rank(x, row, classes, label));
        lossSum += crossEntropy(x, row, classes, label);
        items++;
      }
    }
  }

  /// Adds items of which only their mean loss is known; none of them counts as right.
  public void add(long count, double meanLoss) {
    items += count;
    lossSum += meanLoss * count;
  }

  private void count(int rank) {
    if (rank == 0) {
      correct++;
    }
    if (rank < TOP) {
      top5++;
    }
  }

  public long items() {
    return items;
  }

  public double loss() {
    return items == 0 ? Double.NaN : lossSum / items;
  }

  /// @throws IllegalStateException if nothing was counted
  public Score score() {
    if (items == 0) {
      throw new IllegalStateException("a score over no items");
    }
    return new Score(items, loss(), (double) correct / items, (double) top5 / items, counted);
  }

  /// How many classes come before this one, as [unfold.metric.TopK] counts: those with a higher
  /// logit, and those with the same that come first. All, if its logit is not a number.
  static int rank(MemorySegment x, long row, int classes, int label) {
    float own = x.getAtIndex(FLOAT, row + label);
    if (Float.isNaN(own)) {
      return classes;
    }
    // Two loops without a branch: compiled to vectors, which matters with thousands of words.
    int earlier = 0;
    for (int c = 0; c < label; c++) {
      earlier += x.getAtIndex(FLOAT, row + c) < own ? 0 : 1;
    }
    int later = 0;
    for (int c = label + 1; c < classes; c++) {
      later += x.getAtIndex(FLOAT, row + c) <= own ? 0 : 1;
    }
    return earlier + later;
  }

  /// log Σ_c exp x[c] − x[label]
  static double crossEntropy(MemorySegment x, long row, int classes, int label) {
    double max = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      max = Math.max(max, x.getAtIndex(FLOAT, row + c));
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += Math.exp(x.getAtIndex(FLOAT, row + c) - max);
    }
    return max + Math.log(sum) - x.getAtIndex(FLOAT, row + label);
  }
}
