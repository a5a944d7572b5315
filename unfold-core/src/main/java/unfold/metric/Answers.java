package unfold.metric;

import unfold.error.InputException;
import unfold.error.ShapeException;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// A batch of logits [N×C] with labels [N], checked.
record Answers(Tensor logits, Tensor labels, int classes, int items) {
  static Answers of(Tensor logits, Tensor labels, int items) {
    if (logits.shape().rank() != 2
        || labels.shape().rank() != 1
        || logits.shape().dim(0) != labels.shape().dim(0)
        || labels.dtype() != DType.I32) {
      throw new ShapeException(
          "a metric needs logits N×C and labels i32 N, not "
              + logits.type()
              + " and "
              + labels.type());
    }
    if (items < 0 || items > labels.size()) {
      throw new InputException(items + " items of a batch of " + labels.size());
    }
    return new Answers(logits, labels, logits.shape().dim(1), items);
  }

  /// The label of item i, or −1 if it is to be ignored.
  int label(int i, int ignore) {
    int label = (int) labels.get(i);
    if (label == ignore) {
      return -1;
    }
    if (label < 0 || label >= classes) {
      throw new InputException(
          "item "
              + i
              + " of the batch has label "
              + label
              + ", but there are "
              + classes
              + " classes 0 … "
              + (classes - 1));
    }
    return label;
  }

  double logit(int i, int c) {
    return logits.get((long) i * classes + c);
  }

  /// The first class with the largest logit; a logit that is not a number is larger than all.
  int best(int i) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      boolean odd = Double.isNaN(logit(i, c)) && !Double.isNaN(logit(i, best));
      if (odd || logit(i, c) > logit(i, best)) {
        best = c;
      }
    }
    return best;
  }

  /// Classes before `label` if they are sorted by logit: larger ones, and equal ones that come
  /// first. All classes if the label's logit is not a number.
  int rank(int i, int label) {
    double own = logit(i, label);
    if (Double.isNaN(own)) {
      return classes;
    }
    int before = 0;
    for (int c = 0; c < classes; c++) {
      double other = logit(i, c);
      if (c != label && (c < label ? !(other < own) : !(other <= own))) {
        before++;
      }
    }
    return before;
  }
}
