package unfold.inspect;

import java.util.List;
import java.util.Map;
import unfold.autodiff.Autodiff;
import unfold.engine.Engine;
import unfold.engine.PictureProgram;
import unfold.error.GraphException;
import unfold.error.InputException;
import unfold.graph.Graph;
import unfold.graph.Layers;
import unfold.graph.Value;
import unfold.model.Depth;
import unfold.model.Model;
import unfold.op.Reduction.Fold;
import unfold.pass.Passes;
import unfold.run.States;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Traced;
import unfold.trace.Tracer;
import unfold.trace.Var;

/// Where the answer for a class comes from: the maps of a layer, each weighed by how much the
/// class's logit rises with it.
///
/// heat[h,w] = max(0, Σ_c α[c]·A[c,h,w]) with α[c] = mean over all places of ∂logit/∂A[c]
///
/// The gradient in the layer's output A is written by [Autodiff] into the program of an inference,
/// so one run gives heat and logits.
///
/// @source Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra: Grad-CAM (2017), equations 1 and 2
public final class GradCam {
  private static final String LAYER = "layer";

  private final String layer;
  private final int classes;
  private final PictureProgram program;

  private GradCam(String layer, int classes, PictureProgram program) {
    this.layer = layer;
    this.classes = classes;
    this.program = program;
  }

  /// One picture's heat.
  ///
  /// @param target the class asked about
  /// @param map f32 [H×W], 0 where nothing speaks for the class
  /// @param logits f32 [classes]
  public record Heat(String layer, int target, Tensor map, Tensor logits) {}

  /// @param layer whose output has places, such as [#usualLayer]
  /// @throws InputException if there is no such layer, or its output has no places
  public static GradCam of(Engine engine, Model model, States states, String layer) {
    PictureProgram program = engine.pictures(trace(model, layer), states, Passes.afterGradient());
    return new GradCam(layer, model.classes(), program);
  }

  /// The program for one picture: feeds `pictures` and `target` (f32 [1×classes], 1 at the class
  /// and 0 elsewhere), results `heat` [1×H×W] and `logits`.
  public static Traced trace(Model model, String layer) {
    Traced inference = model.inference(1);
    Value maps = maps(model, inference.graph(), layer);
    var scoring = Tracer.resume(inference, Mode.EVAL);
    Var logits = result(scoring, "logits");
    Var target = scoring.feed("target", logits.type());
    scoring.result("score", logits.multiply(target).sum());
    Traced scored = scoring.build();
    Graph both = Autodiff.differentiate(scored.graph(), "score", Map.of(LAYER, maps));
    var weighing = Tracer.resume(scored.with(both), Mode.EVAL);
    Var weights = result(weighing, "d:" + LAYER).reduce(Fold.MEAN, true, 2, 3);
    weighing.result("heat", weighing.value(maps).multiply(weights).sum(1).relu());
    weighing.drop("d:" + LAYER);
    weighing.drop("score");
    return weighing.build();
  }

  private static Var result(Tracer tracer, String name) {
    return tracer
        .result(name)
        .orElseThrow(() -> new GraphException("the program has no result " + name));
  }

  private static Value maps(Model model, Graph graph, String layer) {
    Value value = Layers.require(graph, layer);
    if (value.type().shape().rank() != 4) {
      throw new InputException(
          "Grad-CAM: "
              + layer
              + " gives ["
              + value.type().shape()
              + "], but a map needs N×C×H×W; choose a layer below, such as "
              + usualLayer(model));
    }
    return value;
  }

  /// The deepest layer of maps that is not the network's answer already: what it sees is most like
  /// things, and still has places.
  ///
  /// @throws InputException if no layer has places
  public static String usualLayer(Model model) {
    List<Depth> depths = Depth.of(model);
    for (Depth d : depths.subList(0, Math.max(1, depths.size() - 1)).reversed()) {
      if (d.map()) {
        return d.layer();
      }
    }
    throw new InputException("Grad-CAM: no layer of " + model.name() + " gives maps");
  }

  /// @param picture u8 [1×H×W×C]
  /// @param target a class, 0 … classes−1
  public Heat run(Tensor picture, int target) {
    if (target < 0 || target >= classes) {
      throw new InputException(
          "Grad-CAM: there is no class " + target + "; there are 0 … " + (classes - 1));
    }
    return heat(picture, target);
  }

  /// The heat of the class with the largest logit.
  ///
  /// @param picture u8 [1×H×W×C]
  public Heat likeliest(Tensor picture) {
    Tensor logits = heat(picture, 0).logits();
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best = logits.get(c) > logits.get(best) ? c : best;
    }
    return heat(picture, best);
  }

  private Heat heat(Tensor picture, int target) {
    Tensor chosen = Tensor.zeros(TensorType.f32(1, classes));
    chosen.set(target, 1);
    program.feed("target", chosen);
    program.run(picture);
    Tensor heat = program.result("heat");
    Tensor logits = program.result("logits");
    return new Heat(
        layer,
        target,
        heat.reshape(Shape.of(heat.shape().dim(1), heat.shape().dim(2))),
        logits.reshape(Shape.of(classes)));
  }

  /// The type that a picture must have: u8 [1×H×W×C].
  public TensorType picturesType() {
    return program.picturesType();
  }
}
