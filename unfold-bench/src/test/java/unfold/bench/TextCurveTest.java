package unfold.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unfold.config.Knobs;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Learner;
import unfold.engine.Settings;
import unfold.layer.Loss;
import unfold.model.LanguageModel;
import unfold.optimizer.RmsProp;
import unfold.optimizer.Updating;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.zoo.sequence.CharRnn;

/// Twenty steps of truncated backpropagation through time follow PyTorch's loss from the same
/// weights on the same tokens, with carried states, a reset and clipping. `textcurves.py` beside
/// `textcurves.txt` made the numbers and says what they are.
final class TextCurveTest {
  private static final int V = 27;
  private static final int H = 24;
  private static final int N = 6;
  private static final int T = 10;

  @ParameterizedTest
  @CsvSource({
    "lstm, F32, 2e-5",
    "gru, F32, 2e-5",
    "rnn, F32, 2e-5",
    "lstm, BF16, 2e-2",
    "gru, BF16, 2e-2",
    "rnn, BF16, 2e-2",
  })
  void lossesFollowPyTorch(String cell, Precision precision, double tolerance) throws IOException {
    double[] theirs = golden(cell);
    LanguageModel model =
        CharRnn.model(
            Map.of(
                "cell", cell,
                "rnn-size", Integer.toString(H),
                "vocabulary", Integer.toString(V)));
    var engine = Engine.open(Settings.defaults().precision(precision).tuning(Knobs.Tuning.OFF));
    var states = new States();
    Learner step =
        engine.learner(
            model.training(N, T, new Loss.SoftmaxCrossEntropy()),
            new RmsProp(0.004).alpha(0.95),
            Updating.PLAIN.clipNorm(0.2),
            0,
            states);
    fillWeights(model, states);
    int clipped = 0;
    for (int s = 0; s + 1 < theirs.length; s++) {
      feed(step, s);
      step.run(0.004, s + 1);
      clipped += step.clipped() ? 1 : 0;
      assertThat((double) step.loss())
          .as("%s %s: loss of step %d", cell, precision, s)
          .isCloseTo(theirs[s + 1], Offset.offset(tolerance));
    }
    if (precision == Precision.F32) {
      assertThat(clipped).isEqualTo((int) theirs[0]);
    }
  }

  private static void fillWeights(LanguageModel model, States states) {
    var types = new TreeMap<String, TensorType>();
    model.reading(1, 1).states().forEach(d -> types.put(d.name(), d.type()));
    int k = 0;
    for (var parameter : types.entrySet()) {
      Tensor t = Tensor.zeros(parameter.getValue());
      for (long i = 0; i < t.size(); i++) {
        t.set(i, 0.3 * (hashed(i, k) / 0x1p31 - 1));
      }
      states.set(parameter.getKey(), t);
      k++;
    }
  }

  private static void feed(Learner step, int number) {
    Tensor tokens = Tensor.zeros(DType.I32, T, N);
    Tensor labels = Tensor.zeros(DType.I32, T * N);
    for (int i = 0; i < T * N; i++) {
      tokens.set(i, hashed(i, 1000 + number) % V);
      labels.set(i, hashed((i + N) % (T * N), 1000 + number) % V);
    }
    Tensor keep = Tensor.zeros(DType.F32, N);
    for (int n = 0; n < N; n++) {
      keep.set(n, number == 0 || number == 12 ? 0 : 1);
    }
    step.feed("tokens").write(tokens);
    step.feed("labels").write(labels);
    step.feed("keep").write(keep);
  }

  private static long hashed(long i, int salt) {
    long h = (i * 2654435761L + salt * 40503L + 12345) & 0xFFFFFFFFL;
    h = ((h ^ (h >>> 15)) * 2246822519L) & 0xFFFFFFFFL;
    return h ^ (h >>> 13);
  }

  private static double[] golden(String name) throws IOException {
    try (var in =
        Objects.requireNonNull(TextCurveTest.class.getResourceAsStream("textcurves.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(l -> l.startsWith(name + " "))
          .flatMap(l -> Arrays.stream(l.substring(name.length() + 1).split(" ")))
          .mapToDouble(Double::parseDouble)
          .toArray();
    }
  }
}
