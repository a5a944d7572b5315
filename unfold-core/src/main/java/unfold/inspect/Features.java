package unfold.inspect;

import java.util.LinkedHashSet;
import java.util.List;
import unfold.engine.Engine;
import unfold.engine.PictureProgram;
import unfold.graph.Layers;
import unfold.model.Model;
import unfold.pass.Passes;
import unfold.run.States;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Traced;
import unfold.trace.Tracer;
import unfold.trace.Var;

/// What layers give for pictures: all of them in one pass, which ends at the deepest.
///
/// ```java
/// var features = Features.of(engine, model, states, List.of("layer3", "layer4"), POOLED, 16);
/// features.run(pictures);
/// Tensor deep = features.value("layer4");
/// ```
public final class Features {
  /// How much of what a layer gives.
  public enum Form {
    /// the mean over all places: N×C of N×C×H×W; what has no places stays as it is
    POOLED,
    /// all of it
    WHOLE
  }

  private final List<String> layers;
  private final Form form;
  private final PictureProgram program;

  private Features(List<String> layers, Form form, PictureProgram program) {
    this.layers = layers;
    this.form = form;
    this.program = program;
  }

  /// @param layers paths such as `layer1.0.conv1`; what stands there twice is computed once
  /// @param batch pictures a run
  /// @throws unfold.error.InputException with the nearest names if there is no such layer
  public static Features of(
      Engine engine, Model model, States states, List<String> layers, Form form, int batch) {
    List<String> distinct = List.copyOf(new LinkedHashSet<>(layers));
    Traced traced = trace(model, distinct, form, batch);
    return new Features(
        distinct, form, engine.pictures(traced, states, Passes.inference(engine.traits())));
  }

  /// The program: feed `pictures` u8 [N×C×H×W], a result for each layer under its path.
  public static Traced trace(Model model, List<String> layers, Form form, int batch) {
    Traced inference = model.inference(batch);
    var tracer = Tracer.resume(inference, Mode.EVAL);
    tracer.drop("logits");
    for (String layer : layers) {
      Var value = tracer.value(Layers.require(inference.graph(), layer));
      tracer.result(layer, form == Form.POOLED ? pooled(value) : value);
    }
    return tracer.build();
  }

  private static Var pooled(Var value) {
    return value.rank() == 4 ? value.mean(2, 3) : value.rank() == 3 ? value.mean(2) : value;
  }

  /// Paths, in the order in which they were asked for.
  public List<String> layers() {
    return layers;
  }

  public Form form() {
    return form;
  }

  /// @param pictures u8 N×H×W×C, channels last as a loader's batch has them
  public void run(Tensor pictures) {
    program.run(pictures);
  }

  /// What a layer gave for the last run's pictures, row-major: N×C×H×W, or N×D.
  public Tensor value(String layer) {
    return program.result(layer);
  }

  /// The shape of what a layer gives for one picture.
  public Shape shape(String layer) {
    Shape s = program.type(layer).shape();
    return Shape.of(s.toList().subList(1, s.rank()).stream().mapToInt(i -> i).toArray());
  }

  /// Kernels that a run calls.
  public int steps() {
    return program.plan().steps().size();
  }

  /// The type that pictures must have: u8 [N×H×W×C].
  public TensorType picturesType() {
    return program.picturesType();
  }
}
