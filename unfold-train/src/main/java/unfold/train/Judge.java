package unfold.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.IntUnaryOperator;
import unfold.data.Dataset;
import unfold.metric.Confusion;
import unfold.tensor.Tensor;

/// Counts answers to the pictures of a set, batch by batch, and remembers the worst.
final class Judge {
  private static final int WORST = 20;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private final Dataset data;
  private final Tally tally = new Tally(Counted.PICTURES);
  private final Confusion confusion;
  private final PriorityQueue<Evaluation.Mistake> worst =
      new PriorityQueue<>(Comparator.comparingDouble(Evaluation.Mistake::loss));

  Judge(Dataset data, int classes) {
    this.data = data;
    this.confusion = new Confusion(classes);
  }

  /// @param item the number in the set of each row
  /// @shape logits f32 [N×classes], labels i32 [N]
  void add(Tensor logits, Tensor labels, IntUnaryOperator item) {
    tally.add(logits, labels);
    confusion.add(logits, labels);
    int n = logits.shape().dim(1);
    for (int i = 0; i < logits.shape().dim(0); i++) {
      mistake(logits.data(), i, n, labels.data().getAtIndex(INT, i), item.applyAsInt(i));
    }
  }

  private void mistake(MemorySegment x, int i, int n, int label, int item) {
    long row = (long) i * n;
    if (Tally.rank(x, row, n, label) == 0) {
      return;
    }
    double loss = Tally.crossEntropy(x, row, n, label);
    if (worst.size() == WORST) {
      if (loss <= worst.element().loss()) {
        return;
      }
      worst.remove();
    }
    int answer = likeliest(x, row, n);
    double confidence = Math.exp(-Tally.crossEntropy(x, row, n, answer));
    worst.add(new Evaluation.Mistake(item, data.source(item), label, answer, confidence, loss));
  }

  private static int likeliest(MemorySegment x, long row, int n) {
    int best = 0;
    for (int c = 1; c < n; c++) {
      if (x.getAtIndex(FLOAT, row + c) > x.getAtIndex(FLOAT, row + best)) {
        best = c;
      }
    }
    return best;
  }

  Evaluation evaluation() {
    var ordered = new ArrayList<>(worst);
    ordered.sort(
        Comparator.comparingDouble(Evaluation.Mistake::loss)
            .reversed()
            .thenComparing(Evaluation.Mistake::item));
    return new Evaluation(data.name(), tally.score(), data.classes(), confusion, ordered);
  }
}
