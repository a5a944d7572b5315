package unfold.backend.reference;

import java.util.List;
import unfold.op.Convolution;
import unfold.op.Linear;
import unfold.op.Lookup;
import unfold.op.Movement;
import unfold.op.Normalization;
import unfold.op.Op;
import unfold.op.Pointwise;
import unfold.op.Pooling;
import unfold.op.Randomness;
import unfold.op.Recurrence;
import unfold.op.Reduction;
import unfold.op.Softmaxes;
import unfold.op.Updates;

/// Every op, by family.
final class Kernels {
  private Kernels() {}

  /// Computes all results `out` of an op from its operands `in`. What `out` held before does not
  /// matter.
  static void run(Op op, List<Numbers> in, List<Numbers> out) {
    switch (op) {
      case Convolution o -> ConvolutionKernels.run(o, in, out);
      case Pooling o -> PoolingKernels.run(o, in, out);
      case Normalization o -> NormalizationKernels.run(o, in, out);
      case Pointwise o -> PointwiseKernels.run(o, in, out);
      case Linear o -> LinearKernels.run(o, in, out);
      case Softmaxes o -> SoftmaxKernels.run(o, in, out);
      case Reduction o -> ReductionKernels.run(o, in, out);
      case Movement o -> MovementKernels.run(o, in, out);
      case Lookup o -> LookupKernels.run(o, in, out);
      case Randomness o -> RandomnessKernels.run(o, in, out);
      case Recurrence o -> RecurrenceKernels.run(o, in, out);
      case Updates o -> UpdateKernels.run(o, in, out);
    }
  }
}
