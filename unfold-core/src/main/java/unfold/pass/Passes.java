package unfold.pass;

import java.util.ArrayList;
import java.util.List;
import unfold.backend.Backend.Traits;

/// The pipelines, as lists to read.
///
/// ```java
/// Graph forward = Pass.applyAll(Passes.beforeGradient(traits), traced);
/// Graph step = Autodiff.differentiate(forward, "loss", parameters);
/// Graph lean = Pass.applyAll(Passes.afterGradient(), step);
/// ```
public final class Passes {
  private Passes() {}

  /// For the forward graph of a training step: only what can still be differentiated, cheaply.
  ///
  /// @param traits whether to compute in bf16, and what is fast when fused
  public static List<Pass> beforeGradient(Traits traits) {
    var passes = new ArrayList<Pass>();
    passes.addAll(cleaning());
    passes.add(NestConcats.pass());
    passes.add(FuseBias.pass());
    passes.add(LookUpLast.forTraining());
    passes.add(SinkActivation.pass());
    passes.add(FuseResidual.forTraining());
    passes.add(FuseActivation.forTraining(traits));
    passes.addAll(precision(traits, LowPrecision.forTraining()));
    return List.copyOf(passes);
  }

  /// For a training step with its gradient, and its update if that is there already.
  public static List<Pass> afterGradient() {
    var passes = new ArrayList<Pass>();
    passes.addAll(cleaning());
    passes.add(JoinSlices.pass());
    passes.add(WidenGradients.pass());
    passes.add(JoinProducts.pass());
    passes.add(CommonSubexpressions.pass());
    passes.add(SkipPadding.pass());
    return List.copyOf(passes);
  }

  /// For a graph that nobody will differentiate.
  public static List<Pass> inference(Traits traits) {
    var passes = new ArrayList<Pass>();
    passes.addAll(cleaning());
    passes.add(NestConcats.pass());
    passes.add(FuseBias.pass());
    passes.add(LookUpLast.forInference());
    passes.add(FoldBatchNorm.pass());
    passes.add(FuseResidual.forInference());
    passes.add(FuseActivation.forInference(traits));
    passes.addAll(precision(traits, LowPrecision.forInference()));
    passes.add(SkipPadding.pass());
    return List.copyOf(passes);
  }

  private static List<Pass> cleaning() {
    return List.of(
        DeadCode.pass(), FoldConstants.pass(), Simplify.pass(), CommonSubexpressions.pass());
  }

  private static List<Pass> precision(Traits traits, Pass low) {
    return traits.bf16() ? List.of(low, Simplify.pass()) : List.of();
  }
}
