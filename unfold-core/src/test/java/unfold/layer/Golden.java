package unfold.layer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Files of golden numbers, and the inputs that their scripts used.
public final class Golden {
  private Golden() {}

  /// Lines of a file beside a class, without its comments.
  public static List<String> lines(Class<?> beside, String file) throws IOException {
    InputStream in = Objects.requireNonNull(beside.getResourceAsStream(file), file);
    try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return lines.lines().filter(l -> !l.startsWith("#")).toList();
    }
  }

  /// Number i is scale · sin(phase + 0.7 i).
  public static Tensor wave(Shape shape, double scale, double phase) {
    Tensor t = Tensor.zeros(new TensorType(DType.F32, shape));
    for (int i = 0; i < t.size(); i++) {
      t.set(i, scale * Math.sin(phase + 0.7 * i));
    }
    return t;
  }

  static Tensor indices(Shape shape, int words) {
    Tensor t = Tensor.zeros(new TensorType(DType.I32, shape));
    for (int i = 0; i < t.size(); i++) {
      t.set(i, i % words);
    }
    return t;
  }

  static Tensor plus(Tensor t, double more) {
    for (int i = 0; i < t.size(); i++) {
      t.set(i, t.get(i) + more);
    }
    return t;
  }

  /// Σ y[i]·cos(i)
  public static double checksum(Tensor y) {
    double sum = 0;
    for (int i = 0; i < y.size(); i++) {
      sum += y.get(i) * Math.cos(i);
    }
    return sum;
  }
}
