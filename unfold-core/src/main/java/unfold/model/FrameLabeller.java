package unfold.model;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import unfold.error.InputException;
import unfold.layer.Dropout;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.Loss;
import unfold.layer.Normalize;
import unfold.layer.Recurrent;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Traced;
import unfold.trace.Tracer;
import unfold.trace.Var;

/// Many-to-many in step: a label for each frame of a film. A network for pictures looks at every
/// frame by itself, a recurrent one remembers what was seen before.
///
/// > e_t = encoder(frame_t), h_t = rnn(e_t, h_{t−1}), logits_t = fc(dropout(h_t))
///
/// Programs take time first: frame t of film n is picture t·N + n of a batch of T·N pictures, which
/// the encoder sees as any other batch. Without a recurrent part each frame is labelled by itself.
///
/// Parameters: those of the encoder below `encoder`, of the recurrent layers below [#path], and
/// `fc.weight` [classes×H], `fc.bias`.
///
/// @param options with `name` enough to build it again
/// @param frame C×H×W
/// @param encoder from normalised frames [T·N×C×H×W] to vectors [T·N×D]
/// @param path name of the recurrent layers
/// @param rnn over what the encoder gives; in both directions if the whole film is known beforehand
/// @param dropout on what goes into `fc`
public record FrameLabeller(
    String name,
    Map<String, String> options,
    Shape frame,
    Preprocessing preprocessing,
    Layer encoder,
    String path,
    Optional<Recurrent> rnn,
    double dropout,
    int classes) {
  public FrameLabeller {
    if (classes < 1 || frame.rank() != 3) {
      throw new InputException(
          name
              + " needs frames C×H×W and at least one class, not ["
              + frame
              + "] and "
              + classes
              + " classes");
    }
    options = Collections.unmodifiableMap(new TreeMap<>(options));
    rnn = rnn.map(r -> r.timeMajor(true));
  }

  /// The forward part of learning.
  ///
  /// Feeds: `pictures` u8 [T·N×C×H×W]; `labels` i32 [T·N]. Results: `logits` [T·N×classes], `loss`.
  ///
  /// @param rows films N
  /// @param steps frames T of each
  public Traced training(int rows, int steps, Loss loss) {
    var tracer = new Tracer(name + "-train", Mode.TRAIN);
    Var logits = logits(tracer, rows, steps);
    Var labels = tracer.feed("labels", TensorType.of(DType.I32, steps * rows));
    tracer.result("logits", logits);
    tracer.result("loss", tracer.root().apply("loss", (s, x) -> loss.apply(s, x, labels), logits));
    return tracer.build();
  }

  /// Answers only: feed `pictures`, result `logits`, as of [#training].
  public Traced answering(int rows, int steps) {
    var tracer = new Tracer(name + "-label", Mode.EVAL);
    tracer.result("logits", logits(tracer, rows, steps));
    return tracer.build();
  }

  private Var logits(Tracer tracer, int rows, int steps) {
    var root = tracer.root();
    var type = TensorType.of(DType.U8, steps * rows, frame.dim(0), frame.dim(1), frame.dim(2));
    Var pictures = tracer.feed("pictures", type);
    var normalize = new Normalize(preprocessing.mean(), preprocessing.deviation());
    Var x = root.apply("encoder", encoder, root.apply("normalize", normalize, pictures));
    if (x.rank() != 2) {
      throw root.child("encoder")
          .error("a frame must become a vector, but the encoder gives [" + x.shape() + "]");
    }
    if (rnn.isPresent()) {
      Var y = root.apply(path, rnn.get(), x.reshape(steps, rows, x.dim(1)));
      x = y.reshape(steps * rows, y.dim(2));
    }
    Var kept = root.apply("dropout", new Dropout(dropout), x);
    return root.apply("fc", new Linear(x.dim(1), classes), kept);
  }
}
