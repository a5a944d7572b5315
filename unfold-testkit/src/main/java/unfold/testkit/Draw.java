package unfold.testkit;

import java.util.List;
import java.util.function.UnaryOperator;
import unfold.backend.reference.Reference;
import unfold.op.Op;
import unfold.random.Stream;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// How an operand of a sample gets its numbers.
@FunctionalInterface
public interface Draw {
  /// @param before the operands in front of this one, drawn already
  Tensor draw(Stream random, TensorType type, List<Tensor> before);

  /// One number at a time.
  @FunctionalInterface
  interface Each {
    double next(Stream random);
  }

  static Draw each(Each each) {
    return (random, type, _) -> {
      Tensor t = Tensor.zeros(type);
      for (long i = 0; i < t.size(); i++) {
        t.set(i, each.next(random));
      }
      return t;
    };
  }

  static Draw normal() {
    return each(Stream::nextGaussian);
  }

  static Draw normal(double mean, double deviation) {
    return each(random -> mean + deviation * random.nextGaussian());
  }

  static Draw uniform(double low, double high) {
    return each(random -> random.uniform(low, high));
  }

  /// Whole numbers low … high−1.
  static Draw integers(int low, int high) {
    return each(random -> low + random.nextInt(high - low));
  }

  /// Whole numbers, some of them replaced by another.
  static Draw labels(int classes, int ignore, double ignored) {
    return each(random -> random.nextDouble() < ignored ? ignore : random.nextInt(classes));
  }

  /// Any 32 bits.
  static Draw words() {
    return each(Stream::nextInt);
  }

  static Draw value(double value) {
    return each(_ -> value);
  }

  /// Normal, but nowhere near these points, so that a small step never crosses a kink.
  static Draw awayFrom(double... kinks) {
    return each(random -> {
      double x;
      do {
        x = 2 * random.nextGaussian();
      } while (near(x, kinks));
      return x;
    });
  }

  private static boolean near(double x, double[] kinks) {
    for (double kink : kinks) {
      if (Math.abs(x - kink) < 0.05) {
        return true;
      }
    }
    return false;
  }

  /// Evenly spread over (−2, 2) in random order: no two are equal (in f64 and f32), so that a small
  /// step never changes which one is largest.
  static Draw spread() {
    return (random, type, _) -> {
      Tensor t = Tensor.zeros(type);
      int[] order = random.permutation(Math.toIntExact(t.size()));
      for (int i = 0; i < order.length; i++) {
        t.set(i, 4 * (order[i] + 0.5) / order.length - 2);
      }
      return t;
    };
  }

  /// A result of an op on one operand that is drawn for it.
  static Draw resultOf(Op op, int result, Draw operand, Shape shape) {
    return (random, type, _) -> {
      DType real = type.dtype().isFloat() ? type.dtype() : DType.F32;
      Tensor x = operand.draw(random, new TensorType(real, shape), List.of());
      return Reference.evaluate(op, List.of(x)).get(result);
    };
  }

  /// Computed from the operands in front.
  static Draw from(UnaryOperator<List<Tensor>> f, int result) {
    return (_, _, before) -> f.apply(before).get(result);
  }
}
