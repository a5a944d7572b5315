package unfold.layer;

import java.util.List;
import unfold.op.Pointwise.NormalizePicture;
import unfold.tensor.DType;
import unfold.trace.Scope;
import unfold.trace.Var;

/// Makes a network's input of a picture of bytes: y[n,c] = (x[n,c]/255 − mean[c]) / deviation[c].
///
/// Shapes: x [N×C×H×W] u8 → f32. No parameters. Mean and deviation are of the training set, in
/// units of 255.
public record Normalize(List<Double> mean, List<Double> deviation) implements Layer {
  public Normalize {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
  }

  @Override
  public Var apply(Scope s, Var x) {
    return s.apply(new NormalizePicture(mean, deviation, DType.F32), x);
  }
}
