package unfold.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import unfold.data.Batch;
import unfold.data.Dataset;
import unfold.data.Loader;
import unfold.data.Loading;
import unfold.data.TenCrop;
import unfold.engine.Inference;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// One network's answers to a set, one batch of pictures after the other, with one view of each
/// picture or ten.
final class Votes implements AutoCloseable {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private final Predictor member;
  private final Loader loader;
  private final int views;

  private Votes(Predictor member, Loader loader, int views) {
    this.member = member;
    this.loader = loader;
    this.views = views;
  }

  /// @param together pictures of a batch
  static Votes of(Predictor member, Dataset data, int together, int threads, boolean tenCrop) {
    int views = tenCrop ? TenCrop.VIEWS : 1;
    Dataset all = tenCrop ? Preparation.tenCrop(member.model(), data) : data;
    Loading loading = Preparation.evaluation(member.model(), all, together * views, threads);
    return new Votes(member, Loader.of(all, loading), views);
  }

  int views() {
    return views;
  }

  /// Adds the probabilities that the network gives to the classes of the next pictures; what is
  /// kept are logarithms, in which no probability is too small.
  ///
  /// @shape sum f32 [N×classes], labels i32 [N]
  void add(Tensor sum, Tensor labels) {
    Batch batch = loader.next();
    Inference program = member.answers().program(batch.size());
    program.run(batch.pictures());
    add(program.logits(), views, sum);
    for (int i = 0; i < batch.size(); i += views) {
      labels.data().setAtIndex(INT, i / views, batch.labels().data().getAtIndex(INT, i));
    }
    batch.release();
  }

  /// Adds the softmax of each row to the row of its picture, as logarithms.
  static void add(Tensor logits, int views, Tensor sum) {
    int classes = logits.shape().dim(1);
    MemorySegment x = logits.data();
    MemorySegment p = sum.data();
    for (int i = 0; i < logits.shape().dim(0); i++) {
      long row = (long) i * classes;
      long to = (long) (i / views) * classes;
      double norm = Tally.crossEntropy(x, row, classes, 0) + x.getAtIndex(FLOAT, row);
      for (int c = 0; c < classes; c++) {
        double log = x.getAtIndex(FLOAT, row + c) - norm;
        p.setAtIndex(FLOAT, to + c, (float) logOfSum(p.getAtIndex(FLOAT, to + c), log));
      }
    }
  }

  /// log(eᵃ + eᵇ), also where both are too small for their exponentials.
  private static double logOfSum(double a, double b) {
    double larger = Math.max(a, b);
    return larger == Double.NEGATIVE_INFINITY
        ? larger
        : larger + Math.log1p(Math.exp(Math.min(a, b) - larger));
  }

  /// Logarithms of sums of nothing, f32 [N×classes].
  static Tensor nothing(int n, int classes) {
    Tensor logs = Tensor.zeros(DType.F32, n, classes);
    for (long i = 0; i < logs.size(); i++) {
      logs.data().setAtIndex(FLOAT, i, Float.NEGATIVE_INFINITY);
    }
    return logs;
  }

  @Override
  public void close() {
    loader.close();
  }
}
