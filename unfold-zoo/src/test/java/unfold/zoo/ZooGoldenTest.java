package unfold.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.backend.reference.Reference;
import unfold.model.Model;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.trace.Declaration;
import unfold.trace.Mode;
import unfold.trace.Traced;
import unfold.trace.Tracer;

/// Networks against the same written with torch.nn: models.txt, which models.py beside it made.
final class ZooGoldenTest {
  static List<String> lines() throws IOException {
    InputStream in = Objects.requireNonNull(ZooGoldenTest.class.getResourceAsStream("models.txt"));
    try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return lines.lines().filter(l -> !l.startsWith("#")).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void givesTheSameLogitsUnderTheSameNames(String line) {
    String[] column = line.split("; ");
    Model model = Zoo.find(column[0], options(column[1]));
    var pictures =
        TensorType.f32(2, model.input().dim(0), model.input().dim(1), model.input().dim(2));
    Traced traced = Tracer.trace(column[0], model.layer(), pictures, Mode.EVAL);
    var states = traced.states().stream().sorted(Comparator.comparing(Declaration::name)).toList();
    assertThat(states).extracting(Declaration::name).containsExactly(column[4].split(" "));
    var inputs = new HashMap<String, Tensor>();
    inputs.put("x", wave(pictures.shape(), 1, 1, 0));
    for (int n = 0; n < states.size(); n++) {
      Declaration d = states.get(n);
      Shape s = d.type().shape();
      double scale = s.rank() > 1 ? 1.7 / Math.sqrt(s.size() / (double) s.dim(0)) : 1;
      double more = d.name().endsWith("running_var") ? 1.5 : 0;
      inputs.put(d.name(), wave(s, scale, 2 + n, more));
    }
    double[] logits = Reference.evaluate(traced.graph(), inputs).result("y").toDoubles();
    double[] expected =
        Arrays.stream(column[3].split(" ")).mapToDouble(Double::parseDouble).toArray();
    // f32 against double, relative to all logits together.
    assertThat(logits).containsExactly(expected, within(2e-5 * Double.parseDouble(column[2])));
  }

  private static Map<String, String> options(String text) {
    return text.equals("-")
        ? Map.of()
        : Arrays.stream(text.split(" "))
            .map(w -> w.split("="))
            .collect(Collectors.toMap(w -> w[0], w -> w[1]));
  }

  private static Tensor wave(Shape shape, double scale, double phase, double more) {
    Tensor t = Tensor.zeros(new TensorType(DType.F32, shape));
    for (int i = 0; i < t.size(); i++) {
      t.set(i, scale * Math.sin(phase + 0.7 * i) + more);
    }
    return t;
  }
}
