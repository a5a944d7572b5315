package unfold.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unfold.config.Knobs;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.engine.TrainingSettings;
import unfold.model.Model;
import unfold.optimizer.Sgd;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.trace.Declaration;
import unfold.trace.Mode;
import unfold.zoo.Zoo;

/// Twenty steps of training follow PyTorch's loss from the same weights on the same pictures.
/// `curves.py` beside `curves.txt` made the numbers and says what they are.
final class CurveTest {
  @ParameterizedTest
  @CsvSource({
    "lenet5, F32, 2e-4",
    "lenet5, BF16, 3e-2",
    "resnet20_cifar, F32, 2e-3",
    "resnet20_cifar, BF16, 1e-1",
  })
  void lossesFollowPyTorch(String name, Precision precision, double tolerance) throws IOException {
    double[] theirs = golden(name);
    Model model = Zoo.find(name);
    var engine = Engine.open(Settings.defaults().precision(precision).tuning(Knobs.Tuning.OFF));
    var settings = TrainingSettings.of(new Sgd(0.005, 0.9).weightDecay(1e-3), 0);
    var states = new States();
    var step = engine.training(model, settings, 16, states);
    fillWeights(model, states);
    for (int i = 0; i < theirs.length; i++) {
      step.run(pictures(model, 1000 + i % 2), labels(2000 + i % 2), 0.005, i + 1);
      assertThat((double) step.loss())
          .as("%s %s: loss of step %d", name, precision, i)
          .isCloseTo(theirs[i], Offset.offset(tolerance * Math.max(1, theirs[i])));
    }
  }

  private static void fillWeights(Model model, States states) {
    int k = 0;
    for (Declaration d :
        unfold.trace.Tracer.trace(
                "names",
                model.layer(),
                unfold.tensor.TensorType.f32(
                    2,
                    model.options().channels(),
                    model.options().height(),
                    model.options().width()),
                Mode.TRAIN)
            .trainable()) {
      if (d.type().shape().rank() > 1) {
        Tensor w = Tensor.zeros(d.type());
        long fan = w.size() / d.type().shape().dim(0);
        for (long i = 0; i < w.size(); i++) {
          w.set(i, (hashed(i, k) / 0x1p31 - 1) * Math.sqrt(6.0 / fan));
        }
        states.set(d.name(), w);
      } else if (d.name().endsWith("bias")) {
        states.set(d.name(), Tensor.zeros(d.type()));
      }
      k++;
    }
  }

  private static Tensor pictures(Model model, int salt) {
    int c = model.options().channels();
    int h = model.options().height();
    int w = model.options().width();
    Tensor t = Tensor.zeros(DType.U8, 16, h, w, c);
    for (int n = 0; n < 16; n++) {
      for (int ch = 0; ch < c; ch++) {
        for (int p = 0; p < h * w; p++) {
          long channelsFirst = ((long) n * c + ch) * h * w + p;
          t.set(((long) n * h * w + p) * c + ch, hashed(channelsFirst, salt) >>> 24);
        }
      }
    }
    return t;
  }

  private static Tensor labels(int salt) {
    Tensor t = Tensor.zeros(DType.I32, 16);
    for (int n = 0; n < 16; n++) {
      t.set(n, hashed(n, salt) % 10);
    }
    return t;
  }

  private static long hashed(long i, int salt) {
    long h = (i * 2654435761L + salt * 40503L + 12345) & 0xFFFFFFFFL;
    h = ((h ^ (h >>> 15)) * 2246822519L) & 0xFFFFFFFFL;
    return h ^ (h >>> 13);
  }

  private static double[] golden(String name) throws IOException {
    try (var in = Objects.requireNonNull(CurveTest.class.getResourceAsStream("curves.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(l -> l.startsWith(name + " "))
          .flatMap(l -> Arrays.stream(l.substring(name.length() + 1).split(" ")))
          .mapToDouble(Double::parseDouble)
          .toArray();
    }
  }
}
