package unfold.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.config.Knobs;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.model.Model;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.train.Weights;
import unfold.zoo.Zoo;

/// Published weights give PyTorch's logits. pretrained.py beside pretrained.txt made the numbers
/// and says for which picture. Runs where the files are.
final class PretrainedTest {
  private static final Path FOLDER = Path.of("../../shared/data/pretrained");

  static List<String> lines() throws IOException {
    try (var in =
        Objects.requireNonNull(PretrainedTest.class.getResourceAsStream("pretrained.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(l -> !l.startsWith("#"))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void publishedWeightsGiveTheSameLogits(String line) {
    String[] column = line.split("; ");
    Path file = FOLDER.resolve(column[1]);
    Assumptions.assumeTrue(Files.exists(file), file + " is not here");
    Model model = Zoo.find(column[0]);
    var engine = Engine.open(Settings.defaults().precision(Precision.F32).tuning(Knobs.Tuning.OFF));
    var states = new States();
    var inference = engine.inference(model, 1, states);
    Weights.read(file).load(model, states);
    inference.run(picture(model.input().dim(1)));
    double[] expected =
        Arrays.stream(column[2].split(" ")).mapToDouble(Double::parseDouble).toArray();
    assertThat(inference.logits().toDoubles()).containsExactly(expected, within(1e-3));
  }

  /// Channels last, as a loader's batch has them.
  private static Tensor picture(int size) {
    Tensor t = Tensor.zeros(DType.U8, 1, size, size, 3);
    for (int h = 0; h < size; h++) {
      for (int w = 0; w < size; w++) {
        for (int c = 0; c < 3; c++) {
          t.set(
              ((long) h * size + w) * 3 + c, (h * w * (c + 1) / 16 + 3 * h + 5 * w + 40 * c) % 256);
        }
      }
    }
    return t;
  }
}
