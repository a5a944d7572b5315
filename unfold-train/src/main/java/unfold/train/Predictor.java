package unfold.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import unfold.data.Batch;
import unfold.data.Dataset;
import unfold.data.Loading;
import unfold.data.image.Picture;
import unfold.data.image.PictureFile;
import unfold.engine.Inference;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.metric.Confusion;
import unfold.model.Model;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// A trained network that answers. Pictures are prepared as while training, without augmentation.
public final class Predictor {
  private static final int WORST = 20;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final Model model;
  private final ClassNames classes;
  private final Answers answers;

  private Predictor(Trained trained) {
    this.model = trained.model();
    this.classes = trained.classes();
    this.answers = new Answers(trained.engine(), model, trained.states(), () -> {});
  }

  /// A network that learned, whatever it came from.
  public static Predictor of(Trained trained) {
    return new Predictor(trained);
  }

  /// The network of a run: see [Trained#open].
  public static Predictor open(RunFolder run, Model model, Settings settings) {
    return of(Trained.open(run, model, settings));
  }

  /// A network with weights from a file. Its classes are those that the file names, else numbers.
  public static Predictor of(Model model, Weights weights, Settings settings) {
    return of(Trained.of(model, weights, settings));
  }

  /// The same with names of one's own for the classes, as many as the network has.
  public static Predictor of(Model model, Weights weights, ClassNames classes, Settings settings) {
    return of(Trained.of(model, weights, classes, settings));
  }

  /// Names of the classes, as they were when the network was trained, or as they were given.
  public List<String> classes() {
    return classes.names();
  }

  /// Measures the network on a set.
  ///
  /// @param batch pictures computed at once
  /// @param threads that prepare pictures meanwhile
  /// @throws InputException if the set has classes that the network does not tell apart
  public Evaluation evaluate(Dataset set, int batch, int threads) {
    Dataset data = asLearned(set);
    Loading loading = Preparation.evaluation(model, data, Math.min(batch, data.size()), threads);
    var tally = new Tally(Counted.PICTURES);
    var confusion = new Confusion(model.classes());
    var worst =
        new PriorityQueue<Evaluation.Mistake>(Comparator.comparingDouble(Evaluation.Mistake::loss));
    answers.each(
        data,
        loading,
        (b, logits) -> {
          tally.add(logits, b.labels());
          confusion.add(logits, b.labels());
          mistakes(data, b, logits, worst);
        });
    var ordered = new ArrayList<>(worst);
    ordered.sort(
        Comparator.comparingDouble(Evaluation.Mistake::loss)
            .reversed()
            .thenComparing(Evaluation.Mistake::item));
    return new Evaluation(data.name(), tally.score(), data.classes(), confusion, ordered);
  }

  /// The set with the network's classes. They may be more than the set has, and in another order;
  /// where nobody named them, they count as those of the set.
  private Dataset asLearned(Dataset data) {
    if (!classes.given() || classes.names().equals(data.classes())) {
      return data;
    }
    int[] number = classes.numbersOf(data.classes(), data.name());
    return new Relabelled(data, classes.names(), IntStream.of(number).boxed().toList());
  }

  private static void mistakes(
      Dataset data, Batch batch, Tensor logits, PriorityQueue<Evaluation.Mistake> worst) {
    int n = logits.shape().dim(1);
    MemorySegment x = logits.data();
    for (int i = 0; i < batch.size(); i++) {
      long row = (long) i * n;
      int label = batch.labels().data().getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i);
      if (Tally.rank(x, row, n, label) == 0) {
        continue;
      }
      double loss = Tally.crossEntropy(x, row, n, label);
      if (worst.size() == WORST) {
        if (loss <= worst.element().loss()) {
          continue;
        }
        worst.remove();
      }
      int answer = likeliest(x, row, n);
      double confidence = Math.exp(-Tally.crossEntropy(x, row, n, answer));
      int item = batch.item(i);
      worst.add(new Evaluation.Mistake(item, data.source(item), label, answer, confidence, loss));
    }
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

  /// What the network takes a picture for.
  ///
  /// @param top how many answers at most
  /// @throws unfold.error.FormatException if it is no picture
  public Prediction predict(Path file, int top) {
    return predict(PictureFile.read(file), file.toString(), top);
  }

  /// What the network takes a picture for.
  ///
  /// @param name for the prediction
  public Prediction predict(Picture picture, String name, int top) {
    MemorySegment x = answer(picture).data();
    int n = model.classes();
    List<Prediction.Answer> all =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer c) -> x.getAtIndex(FLOAT, c)).reversed())
            .limit(top)
            .map(c ->
                new Prediction.Answer(c, classes.get(c), Math.exp(-Tally.crossEntropy(x, 0, n, c))))
            .toList();
    return new Prediction(name, all);
  }

  /// What the network answers to a picture, before softmax: a number for each class.
  public float[] logits(Picture picture) {
    return answer(picture).toFloats();
  }

  private Tensor answer(Picture picture) {
    var options = model.options();
    Picture grey = picture.channels(options.channels());
    Picture fit = Preparation.scaling(model, Optional.of(grey.shape())).apply(grey, 0, 0, 0);
    Tensor pictures =
        Tensor.zeros(DType.U8, 1, options.height(), options.width(), options.channels());
    MemorySegment.copy(
        fit.pixels(), 0, pictures.data(), ValueLayout.JAVA_BYTE, 0, fit.pixels().length);
    Inference single = answers.program(1);
    single.run(pictures);
    return single.logits();
  }
}
