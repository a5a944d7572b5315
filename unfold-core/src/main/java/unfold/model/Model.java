package unfold.model;

import java.util.ArrayList;
import java.util.List;
import unfold.layer.Layer;
import unfold.layer.Loss;
import unfold.layer.Normalize;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;
import unfold.trace.Auxiliary;
import unfold.trace.Declaration;
import unfold.trace.Freeze;
import unfold.trace.Mode;
import unfold.trace.Scope;
import unfold.trace.Traced;
import unfold.trace.Tracer;
import unfold.trace.Var;

/// A network with what goes with it. `name` and `options` are enough to build it again.
///
/// @param layer from normalised pictures N×C×H×W f32 to logits N×classes
public record Model(
    String name, Layer layer, Options options, Preprocessing preprocessing, String source) {

  /// A network of one's own.
  public static Model of(String name, Layer layer, Options options) {
    var preprocessing = Preprocessing.IMAGENET.wholePicture().forChannels(options.channels());
    return new Model(name, layer, options, preprocessing, "");
  }

  /// The same with other preprocessing, such as a data set's own mean and deviation.
  public Model preprocessing(Preprocessing other) {
    return new Model(name, layer, options, other, source);
  }

  /// Shape of a picture, C×H×W.
  public Shape input() {
    return options.picture();
  }

  public int classes() {
    return options.classes();
  }

  /// The forward part of learning: feeds `pictures` u8 [N×C×H×W] and `labels` (i32 [N], or
  /// `targets` of the logits' shape if the loss wants those); results `logits` and `loss`, which
  /// includes the weighted losses of auxiliary heads.
  public Traced training(int batch, Loss loss, Freeze freeze) {
    return withLoss(new Tracer(name + "-train", Mode.TRAIN, freeze), batch, loss);
  }

  public Traced training(int batch, Loss loss) {
    return training(batch, loss, Freeze.NOTHING);
  }

  /// As [#training], in evaluation: nothing is updated.
  public Traced evaluation(int batch, Loss loss) {
    return withLoss(new Tracer(name + "-eval", Mode.EVAL), batch, loss);
  }

  /// Answers only: feed `pictures` u8 [N×C×H×W], result `logits`.
  public Traced inference(int batch) {
    var tracer = new Tracer(name + "-infer", Mode.EVAL);
    tracer.result("logits", logits(tracer, batch));
    return tracer.build();
  }

  /// All states of the network in the order of their use, those too that only training has (the
  /// parameters of auxiliary heads).
  public List<Declaration> states() {
    var tracer = new Tracer(name + "-states", Mode.TRAIN);
    // One picture of 32×32 leaves a batch norm at the end of a ResNet a single number to normalise.
    logits(tracer, 2);
    return tracer.build().states();
  }

  private Traced withLoss(Tracer tracer, int batch, Loss loss) {
    Var logits = logits(tracer, batch);
    TensorType wanted = loss.target(logits.type());
    Var target = tracer.feed(wanted.dtype() == DType.I32 ? "labels" : "targets", wanted);
    Var value =
        tracer.root().apply("loss", (s, answer) -> total(s, tracer, loss, answer, target), logits);
    tracer.result("logits", logits);
    tracer.result("loss", value);
    return tracer.build();
  }

  private static Var total(Scope s, Tracer tracer, Loss loss, Var answer, Var target) {
    Var sum = loss.apply(s, answer, target);
    for (Auxiliary also : tracer.auxiliaries()) {
      sum = sum.add(loss.apply(s, also.answer(), target).multiply(also.weight()));
    }
    return sum;
  }

  /// The channels in the opposite order.
  private static Var reversed(Var x) {
    var planes = new ArrayList<Var>();
    for (int c = x.type().shape().dim(1) - 1; c >= 0; c--) {
      planes.add(x.slice(1, c, 1));
    }
    return Var.concat(1, planes);
  }

  private Var logits(Tracer tracer, int batch) {
    var type =
        TensorType.of(DType.U8, batch, options.channels(), options.height(), options.width());
    Var pictures = tracer.feed("pictures", type);
    var normalize = new Normalize(preprocessing.mean(), preprocessing.deviation());
    Var x = tracer.root().apply("normalize", normalize, pictures);
    return tracer.root().run(layer, preprocessing.bgr() ? reversed(x) : x);
  }
}
