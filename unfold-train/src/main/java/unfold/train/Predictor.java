package unfold.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import unfold.data.Dataset;
import unfold.data.Loading;
import unfold.data.image.Picture;
import unfold.data.image.PictureFile;
import unfold.engine.Engine;
import unfold.engine.Inference;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.model.Model;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// A trained network that answers. Pictures are prepared as while training, without augmentation.
public final class Predictor {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final Model model;
  private final ClassNames classes;
  private final Engine engine;
  private final Answers answers;

  private Predictor(Trained trained) {
    this.model = trained.model();
    this.classes = trained.classes();
    this.engine = trained.engine();
    this.answers = new Answers(engine, model, trained.states(), () -> {});
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

  /// Which backends cannot compute here, and why: a line each.
  public List<String> notes() {
    return engine.notes();
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
    var judge = new Judge(data, model.classes());
    answers.each(data, loading, (b, logits) -> judge.add(logits, b.labels(), b::item));
    return judge.evaluation();
  }

  Model model() {
    return model;
  }

  Answers answers() {
    return answers;
  }

  /// The set with the network's classes. They may be more than the set has, and in another order;
  /// where nobody named them, they count as those of the set.
  Dataset asLearned(Dataset data) {
    if (!classes.given() || classes.names().equals(data.classes())) {
      return data;
    }
    int[] number = classes.numbersOf(data.classes(), data.name());
    return new Relabelled(data, classes.names(), IntStream.of(number).boxed().toList());
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
    return prediction(answer(picture), name, top);
  }

  /// The likeliest classes of one row of logits.
  Prediction prediction(Tensor logits, String name, int top) {
    MemorySegment x = logits.data();
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

  /// Logits [1×classes] of a picture: a view, valid until the next answer.
  Tensor answer(Picture picture) {
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
