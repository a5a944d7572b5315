package unfold.backend.reference;

import java.util.List;
import unfold.op.Activation;
import unfold.op.Normalization;
import unfold.op.Normalization.BatchNormInference;
import unfold.op.Normalization.BatchNormTrain;
import unfold.op.Normalization.BatchNormTrainGrad;
import unfold.op.Normalization.LayerNorm;
import unfold.op.Normalization.LayerNormGrad;
import unfold.op.Normalization.LocalResponseNorm;
import unfold.op.Normalization.LocalResponseNormGrad;

/// Normalisations.
final class NormalizationKernels {
  private NormalizationKernels() {}

  static void run(Normalization op, List<Numbers> in, List<Numbers> out) {
    switch (op) {
      case BatchNormTrain batchNorm -> batchNormTrain(batchNorm, in, out);
      case BatchNormTrainGrad(Activation activation) -> batchNormTrainGrad(activation, in, out);
      case BatchNormInference(double epsilon, Activation activation) ->
          batchNormInference(epsilon, activation, in, out.getFirst());
      case LayerNorm(int _, double epsilon) -> layerNorm(epsilon, in, out);
      case LayerNormGrad _ -> layerNormGrad(in, out);
      case LocalResponseNorm(int size, double alpha, double beta, double k) ->
          responseNorm(size, alpha, beta, k, in.getFirst(), out.getFirst());
      case LocalResponseNormGrad(int size, double alpha, double beta, double k) ->
          responseNormGrad(size, alpha, beta, k, in.get(0), in.get(1), out.getFirst());
    }
  }

  /// The elements of one channel of a value N×C×….
  private record Channels(int items, int channels, long positions) {
    static Channels of(Numbers x) {
      long perItem = x.dim(0) == 0 ? 0 : x.size() / x.dim(0);
      return new Channels(x.dim(0), x.dim(1), x.dim(1) == 0 ? 0 : perItem / x.dim(1));
    }

    long count() {
      return items * positions;
    }

    /// Place of element i of channel c.
    long at(int c, long i) {
      return (i / positions * channels + c) * positions + i % positions;
    }
  }

  private static void batchNormTrain(BatchNormTrain op, List<Numbers> in, List<Numbers> out) {
    Numbers x = in.get(0);
    var of = Channels.of(x);
    long n = of.count();
    for (int c = 0; c < of.channels(); c++) {
      double mean = 0;
      for (long i = 0; i < n; i++) {
        mean += x.get(of.at(c, i)) / n;
      }
      double variance = 0;
      for (long i = 0; i < n; i++) {
        double d = x.get(of.at(c, i)) - mean;
        variance += d * d / n;
      }
      double inverseStd = 1 / Math.sqrt(variance + op.epsilon());
      for (long i = 0; i < n; i++) {
        long at = of.at(c, i);
        double addend = in.size() > 5 ? in.get(5).get(at) : 0;
        double normal = (x.get(at) - mean) * inverseStd;
        double z = normal * in.get(1).get(c) + in.get(2).get(c) + addend;
        out.get(0).set(at, Functions.activate(op.activation(), z));
      }
      out.get(1).set(c, mean);
      out.get(2).set(c, inverseStd);
      double unbiased = variance * n / (n - 1);
      double keep = 1 - op.momentum();
      out.get(3).set(c, keep * in.get(3).get(c) + op.momentum() * mean);
      out.get(4).set(c, keep * in.get(4).get(c) + op.momentum() * unbiased);
    }
  }

  /// With g the gradient behind the activation and x̂ the normalised x: dx = scale·σ⁻¹·(g − mean g
  /// − x̂·mean(g·x̂)), dscale = Σ g·x̂, dshift = Σ g.
  private static void batchNormTrainGrad(
      Activation activation, List<Numbers> in, List<Numbers> out) {
    Numbers x = in.get(1);
    Numbers g = out.size() > 3 ? out.get(3) : out.get(0);
    var of = Channels.of(x);
    long n = of.count();
    for (int c = 0; c < of.channels(); c++) {
      double scale = in.get(2).get(c);
      double shift = in.get(3).get(c);
      double mean = in.get(4).get(c);
      double inverseStd = in.get(5).get(c);
      double sumG = 0;
      double sumGNormal = 0;
      for (long i = 0; i < n; i++) {
        long at = of.at(c, i);
        double normal = (x.get(at) - mean) * inverseStd;
        double z = normal * scale + shift;
        double y = in.size() > 6 ? in.get(6).get(at) : Functions.activate(activation, z);
        double known = activation.differentiableFromOutput() ? y : z;
        g.set(at, in.get(0).get(at) * Functions.slope(activation, known));
        sumG += g.get(at);
        sumGNormal += g.get(at) * normal;
      }
      for (long i = 0; i < n; i++) {
        long at = of.at(c, i);
        double normal = (x.get(at) - mean) * inverseStd;
        double centred = g.get(at) - sumG / n - normal * sumGNormal / n;
        out.get(0).set(at, scale * inverseStd * centred);
      }
      out.get(1).set(c, sumGNormal);
      out.get(2).set(c, sumG);
    }
  }

  private static void batchNormInference(
      double epsilon, Activation activation, List<Numbers> in, Numbers y) {
    Numbers x = in.get(0);
    var of = Channels.of(x);
    for (int c = 0; c < of.channels(); c++) {
      double inverseStd = 1 / Math.sqrt(in.get(4).get(c) + epsilon);
      for (long i = 0; i < of.count(); i++) {
        long at = of.at(c, i);
        double addend = in.size() > 5 ? in.get(5).get(at) : 0;
        double normal = (x.get(at) - in.get(3).get(c)) * inverseStd;
        double z = normal * in.get(1).get(c) + in.get(2).get(c) + addend;
        y.set(at, Functions.activate(activation, z));
      }
    }
  }

  private static void layerNorm(double epsilon, List<Numbers> in, List<Numbers> out) {
    Numbers x = in.get(0);
    Numbers scale = in.get(1);
    long n = scale.size();
    for (long row = 0; row < out.get(1).size(); row++) {
      double mean = 0;
      for (long i = 0; i < n; i++) {
        mean += x.get(row * n + i) / n;
      }
      double variance = 0;
      for (long i = 0; i < n; i++) {
        double d = x.get(row * n + i) - mean;
        variance += d * d / n;
      }
      double inverseStd = 1 / Math.sqrt(variance + epsilon);
      for (long i = 0; i < n; i++) {
        double normal = (x.get(row * n + i) - mean) * inverseStd;
        out.get(0).set(row * n + i, normal * scale.get(i) + in.get(2).get(i));
      }
      out.get(1).set(row, mean);
      out.get(2).set(row, inverseStd);
    }
  }

  /// With g = dy·scale and x̂ the normalised x: dx = σ⁻¹·(g − mean g − x̂·mean(g·x̂)) along each
  /// row, dscale = Σ dy·x̂ and dshift = Σ dy over the rows.
  private static void layerNormGrad(List<Numbers> in, List<Numbers> out) {
    Numbers dy = in.get(0);
    Numbers x = in.get(1);
    Numbers scale = in.get(2);
    long n = scale.size();
    out.get(1).fill(0);
    out.get(2).fill(0);
    for (long row = 0; row < in.get(3).size(); row++) {
      double mean = in.get(3).get(row);
      double inverseStd = in.get(4).get(row);
      double meanG = 0;
      double meanGNormal = 0;
      for (long i = 0; i < n; i++) {
        double normal = (x.get(row * n + i) - mean) * inverseStd;
        double d = dy.get(row * n + i);
        meanG += d * scale.get(i) / n;
        meanGNormal += d * scale.get(i) * normal / n;
        out.get(1).add(i, d * normal);
        out.get(2).add(i, d);
      }
      for (long i = 0; i < n; i++) {
        double normal = (x.get(row * n + i) - mean) * inverseStd;
        double g = dy.get(row * n + i) * scale.get(i);
        out.get(0).set(row * n + i, inverseStd * (g - meanG - normal * meanGNormal));
      }
    }
  }

  /// k + α/size · Σ x[j]², j from c − ⌊size/2⌋, `size` channels.
  private static double pressure(
      int size, double alpha, double k, Numbers x, Channels of, int c, long i) {
    double squares = 0;
    for (int j = c - size / 2; j < c - size / 2 + size; j++) {
      if (j >= 0 && j < of.channels()) {
        double v = x.get(of.at(j, i));
        squares += v * v;
      }
    }
    return k + alpha / size * squares;
  }

  private static void responseNorm(
      int size, double alpha, double beta, double k, Numbers x, Numbers y) {
    var of = Channels.of(x);
    for (int c = 0; c < of.channels(); c++) {
      for (long i = 0; i < of.count(); i++) {
        double d = pressure(size, alpha, k, x, of, c, i);
        y.set(of.at(c, i), x.get(of.at(c, i)) * Math.pow(d, -beta));
      }
    }
  }

  /// dx[j] = dy[j]·d[j]^−β − 2αβ/size · x[j] · Σ dy[c]·x[c]·d[c]^(−β−1), over the channels c that
  /// see j.
  private static void responseNormGrad(
      int size, double alpha, double beta, double k, Numbers dy, Numbers x, Numbers dx) {
    var of = Channels.of(x);
    dx.fill(0);
    for (int c = 0; c < of.channels(); c++) {
      for (long i = 0; i < of.count(); i++) {
        long at = of.at(c, i);
        double d = pressure(size, alpha, k, x, of, c, i);
        dx.add(at, dy.get(at) * Math.pow(d, -beta));
        double back = 2 * alpha * beta / size * dy.get(at) * x.get(at) * Math.pow(d, -beta - 1);
        for (int j = c - size / 2; j < c - size / 2 + size; j++) {
          if (j >= 0 && j < of.channels()) {
            dx.add(of.at(j, i), -back * x.get(of.at(j, i)));
          }
        }
      }
    }
  }
}
