package unfold.model;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import unfold.error.InputException;
import unfold.layer.Dropout;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.Loss;
import unfold.layer.Recurrent;
import unfold.tensor.DType;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Scope;
import unfold.trace.Traced;
import unfold.trace.Tracer;
import unfold.trace.Var;

/// Many-to-one: what a whole sequence of tokens is, such as whether a sentence praises. A recurrent
/// network reads it to its end, and its last state decides.
///
/// > x_t = dropout(embedding(token_t)), h_t = rnn(x_t, h_{t−1}), logits = fc(dropout(h_L)), where L
/// > is the row's own length; in both directions h_L and the state that the backward half ends with
/// > at the first token
///
/// Programs take time first and are given the rows' lengths. What lies beyond a row's length is
/// inert, whatever it holds: it changes neither logits nor gradients. A row of length 0 gets the
/// logits of the zero state.
///
/// Parameters: `embedding.…`, those of the recurrent layers below [#path] (`lstm.weight_ih_l0`),
/// `fc.weight` [classes × H] (2H in both directions), `fc.bias`.
///
/// @param options with `name` enough to build it again
/// @param embedding from tokens to vectors T×N×D, such as [unfold.layer.Embedding]
/// @param path name of the recurrent layers
/// @param dropout on the embedded tokens and on what goes into `fc`
public record SequenceClassifier(
    String name,
    Map<String, String> options,
    Layer embedding,
    String path,
    Recurrent rnn,
    double dropout,
    int classes) {
  public SequenceClassifier {
    if (classes < 1) {
      throw new InputException(name + " needs at least one class, not " + classes);
    }
    options = Collections.unmodifiableMap(new TreeMap<>(options));
    rnn = rnn.timeMajor(true);
  }

  /// The forward part of learning.
  ///
  /// Feeds: `tokens` i32 [T×N]; `lengths` i32 [N], 0 … T; `labels` i32 [N]. Results: `logits`
  /// [N×classes], `loss`.
  public Traced training(int rows, int steps, Loss loss) {
    var tracer = new Tracer(name + "-train", Mode.TRAIN);
    Var logits = logits(tracer, rows, steps);
    Var labels = tracer.feed("labels", TensorType.of(DType.I32, rows));
    tracer.result("logits", logits);
    tracer.result("loss", tracer.root().apply("loss", (s, x) -> loss.apply(s, x, labels), logits));
    return tracer.build();
  }

  /// Answers only: feeds `tokens` and `lengths`, result `logits`, as of [#training].
  public Traced answering(int rows, int steps) {
    var tracer = new Tracer(name + "-classify", Mode.EVAL);
    tracer.result("logits", logits(tracer, rows, steps));
    return tracer.build();
  }

  private Var logits(Tracer tracer, int rows, int steps) {
    Scope root = tracer.root();
    Var tokens = tracer.feed("tokens", TensorType.of(DType.I32, steps, rows));
    Var lengths = tracer.feed("lengths", TensorType.of(DType.I32, rows));
    Var x = root.apply("embedding", embedding, tokens);
    Var kept = root.apply("dropout_in", new Dropout(dropout), x);
    Var last = root.apply(path, (s, v) -> last(s, v, lengths), kept);
    Var features = root.apply("dropout", new Dropout(dropout), last);
    return root.apply("fc", new Linear(last.dim(1), classes), features);
  }

  /// The top layer's last states, forwards and backwards side by side [N×H or 2H].
  private Var last(Scope s, Var x, Var lengths) {
    Var h = rnn.run(s, x, Recurrent.Given.NOTHING.lengths(lengths)).states().getFirst();
    int directions = rnn.bidirectional() ? 2 : 1;
    Var top = h.slice(0, h.dim(0) - directions, directions);
    return top.transpose(1, 0, 2).reshape(h.dim(1), directions * h.dim(2));
  }
}
