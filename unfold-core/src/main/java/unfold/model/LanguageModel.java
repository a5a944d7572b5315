package unfold.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import unfold.error.InputException;
import unfold.layer.Cell;
import unfold.layer.Dropout;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.Loss;
import unfold.layer.Recurrent;
import unfold.layer.Zeros;
import unfold.op.Pointwise.Relation;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Scope;
import unfold.trace.Traced;
import unfold.trace.Tracer;
import unfold.trace.Var;

/// A recurrent network that foretells the next token of a stream: characters of a text, for one.
///
/// > x_t = embedding(token_t), h_t = rnn(x_t, h_{t−1}), logits_t = fc(dropout(h_t))
///
/// Programs take time first: tokens i32 [T×N] for T steps of N streams. Parameters: `embedding.…`,
/// those of the recurrent layers below [#path] (`lstm.weight_ih_l0`), `fc.weight` [V×H], `fc.bias`
/// [V].
///
/// @param options with `name` enough to build it again
/// @param embedding from tokens to vectors T×N×D, such as [unfold.layer.Embedding]
/// @param path name of the recurrent layers
/// @param rnn from those to T×N×H
/// @param dropout on what goes into `fc`
/// @param vocabulary V
public record LanguageModel(
    String name,
    Map<String, String> options,
    Layer embedding,
    String path,
    Recurrent rnn,
    double dropout,
    int vocabulary) {
  /// Below this are the states that streams carry from step to step; they are no part of the
  /// network.
  public static final String CARRIED = "carried";

  public LanguageModel {
    if (vocabulary < 1) {
      throw new InputException(name + " needs at least one token, not " + vocabulary);
    }
    options = Collections.unmodifiableMap(new TreeMap<>(options));
    rnn = rnn.timeMajor(true);
  }

  /// What the recurrent cells remember, by layer.
  public List<Cell.Memory> memories() {
    return rnn.cell().memories(rnn.hidden());
  }

  /// The forward part of truncated backpropagation through time: T steps of N streams, from the
  /// states in which the run before ended. The gradient goes back T steps and no further; the
  /// states go on for ever, as `carried.h` (and `carried.c`).
  ///
  /// Feeds: `tokens` i32 [T×N]; `labels` i32 [T·N], the tokens that follow; `keep` f32 [N], 1 where
  /// a stream goes on and 0 where it starts anew from zeros. Results: `logits` [T·N×V], `loss`.
  ///
  /// A run whose loss is not finite leaves the carried states as they were.
  public Traced training(int rows, int steps, Loss loss) {
    var tracer = new Tracer(name + "-train", Mode.TRAIN);
    Var tokens = tracer.feed("tokens", TensorType.of(DType.I32, steps, rows));
    Var keep = tracer.feed("keep", TensorType.f32(rows)).reshape(1, rows, 1);
    Scope carried = tracer.root().child(CARRIED);
    var before = new ArrayList<Var>();
    for (Cell.Memory m : memories()) {
      before.add(carried.state(m.name(), state(m, rows), new Zeros()));
    }
    Recurrent.Outcome out =
        network(tracer, tokens, before.stream().map(v -> v.multiply(keep)).toList());
    Var logits = logits(tracer, out.y());
    Var labels = tracer.feed("labels", TensorType.of(DType.I32, steps * rows));
    Var value = tracer.root().apply("loss", (s, x) -> loss.apply(s, x, labels), logits);
    Var finite = value.subtract(value).compare(Relation.EQUAL, value.multiply(0));
    for (int i = 0; i < before.size(); i++) {
      Var after = out.states().get(i);
      Var guarded = finite.broadcast(after.shape()).select(after, before.get(i));
      carried.update(memories().get(i).name(), guarded);
    }
    tracer.result("logits", logits);
    tracer.result("loss", value);
    return tracer.build();
  }

  /// Reading: T steps of N streams, states in and out.
  ///
  /// Feeds: `tokens` i32 [T×N]; `h` (and `c`) f32 [layers×N×H]. Results: `logits` [T·N×V] of what
  /// follows each token, `next.h` (and `next.c`).
  public Traced reading(int rows, int steps) {
    var tracer = new Tracer(name + "-read", Mode.EVAL);
    Var tokens = tracer.feed("tokens", TensorType.of(DType.I32, steps, rows));
    List<Var> before = memories().stream().map(m -> tracer.feed(m.name(), state(m, rows))).toList();
    Recurrent.Outcome out = network(tracer, tokens, before);
    tracer.result("logits", logits(tracer, out.y()));
    for (int i = 0; i < before.size(); i++) {
      tracer.result("next." + memories().get(i).name(), out.states().get(i));
    }
    return tracer.build();
  }

  private TensorType state(Cell.Memory m, int rows) {
    return new TensorType(DType.F32, Shape.of(rnn.layers(), rows, m.width()));
  }

  private Recurrent.Outcome network(Tracer tracer, Var tokens, List<Var> states) {
    Var x = tracer.root().apply("embedding", embedding, tokens);
    var outcome = new ArrayList<Recurrent.Outcome>();
    tracer
        .root()
        .apply(
            path,
            (s, v) -> {
              outcome.add(rnn.run(s, v, Recurrent.Given.NOTHING.states(states)));
              return outcome.getFirst().y();
            },
            x);
    return outcome.getFirst();
  }

  private Var logits(Tracer tracer, Var y) {
    Var rows = y.reshape(-1, y.dim(2));
    Var kept = tracer.root().apply("dropout", new Dropout(dropout), rows);
    return tracer.root().apply("fc", new Linear(y.dim(2), vocabulary), kept);
  }
}
