package unfold.backend.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.op.Activation;
import unfold.op.Attributes;
import unfold.op.Op;
import unfold.op.Pointwise.ActivateGrad;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// The reference against PyTorch; `golden.py` beside `golden.txt` made the numbers and says what
/// the operands are.
class GoldenTest {
  record Case(Op op, List<Tensor> operands, List<Tensor> results) {
    @Override
    public String toString() {
      return op.name() + " " + op.attributes();
    }
  }

  /// Rounding of sums in another order; PyTorch's slope of the hard sigmoid is 1.0f / 6.0f also in
  /// double.
  private static double allowed(Op op) {
    boolean sixthInFloat = op.equals(new ActivateGrad(Activation.HARD_SIGMOID));
    return sixthInFloat ? 1e-8 : 1e-13;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsPyTorch(Case golden) {
    var results = Reference.evaluate(golden.op(), golden.operands());
    assertThat(results.size()).isGreaterThanOrEqualTo(golden.results().size());
    for (int r = 0; r < golden.results().size(); r++) {
      Tensor got = results.get(r);
      Tensor want = golden.results().get(r);
      assertThat(got.type()).isEqualTo(want.type());
      for (long i = 0; i < want.size(); i++) {
        double scale = Math.max(1, Math.abs(want.get(i)));
        assertThat(got.get(i))
            .as("element %d of result %d", i, r)
            .isCloseTo(want.get(i), offset(allowed(golden.op()) * scale));
      }
    }
  }

  static Stream<Case> cases() throws IOException {
    String text;
    try (var in = GoldenTest.class.getResourceAsStream("golden.txt")) {
      text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
    return Arrays.stream(text.split("\n\n"))
        .filter(block -> block.startsWith("op "))
        .map(GoldenTest::read);
  }

  private static Case read(String block) {
    var lines = block.lines().toList();
    String[] call = lines.getFirst().split(" ", 3);
    var operands = new ArrayList<Tensor>();
    var results = new ArrayList<Tensor>();
    for (String line : lines.subList(1, lines.size())) {
      if (line.startsWith("result ")) {
        results.add(tensor(line.substring(7), 0));
      } else {
        operands.add(tensor(line.substring(8), operands.size()));
      }
    }
    var attributes = Attributes.parse(call.length > 2 ? call[2] : "");
    return new Case(Op.read(call[1], attributes), operands, results);
  }

  /// `f64[2x3]`, `f64[2x3] +` (positive) or `f64[2] = 1.0 2.0`.
  private static Tensor tensor(String text, int number) {
    String[] words = text.split(" ");
    Tensor t = Tensor.zeros(TensorType.parse(words[0]));
    for (int i = 0; i < t.size(); i++) {
      double drawn = ((37L * i + 11L * number) % 101 - 50) / 32.0;
      double positive = Math.abs(drawn) + 0.25;
      t.set(
          i,
          switch (words.length) {
            case 1 -> drawn;
            case 2 -> positive;
            default -> Double.parseDouble(words[i + 2]);
          });
    }
    return t;
  }
}
