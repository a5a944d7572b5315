package unfold.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import unfold.error.InputException;
import unfold.error.ShapeException;
import unfold.layer.Cell;
import unfold.layer.Dropout;
import unfold.layer.Embedding;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.Loss;
import unfold.layer.Normalize;
import unfold.layer.Recurrent;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Scope;
import unfold.trace.Traced;
import unfold.trace.Tracer;
import unfold.trace.Var;

/// One-to-many: a sentence about a vector, which may be a picture's features or a class as one-hot
/// numbers, or about a picture, whose encoder then learns with the rest. The vector is what the
/// recurrent network reads first; from then on it reads its own words.
///
/// > v = encoder(picture), x_0 = image(v), x_t = embedding(word_{t−1}), h_t = rnn(dropout(x_t),
/// > h_{t−1}), logits_t = fc(dropout(h_t)): of word t, from 0
///
/// Programs take time first. A sentence of L words is L + 1 steps, of which the last foretells its
/// end; a step whose label is ignored counts for nothing, and since the network reads forwards,
/// whatever follows a sentence's end changes nothing before it.
///
/// Parameters: those of the encoder below `encoder`, if there is one; `image.weight` [E×D],
/// `image.bias`; `embedding.weight` [V×E]; those of the recurrent layers below [#path]; `fc.weight`
/// [V×H], `fc.bias`.
///
/// @param options with `name` enough to build it again
/// @param topic what a sentence is about
/// @param path name of the recurrent layers
/// @param rnn from E numbers, forwards
/// @param dropout on what is read and on what goes into `fc`
/// @param vocabulary words, the end of a sentence among them, V
/// @source Vinyals, Toshev, Bengio, Erhan: Show and tell: a neural image caption generator (2015),
///   3.1
public record Captioner(
    String name,
    Map<String, String> options,
    Topic topic,
    String path,
    Recurrent rnn,
    double dropout,
    int vocabulary) {

  /// What a sentence is about.
  public sealed interface Topic {
    /// Feed `features` f32 [N×D].
    ///
    /// @param features numbers of it, D
    record Vector(int features) implements Topic {}

    /// Feed `pictures` u8 [N×C×H×W].
    ///
    /// @param picture C×H×W
    /// @param encoder from normalised pictures [N×C×H×W] to vectors [N×D]
    record Picture(Shape picture, Preprocessing preprocessing, Layer encoder) implements Topic {}
  }

  public Captioner {
    int features = topic instanceof Topic.Vector(int n) ? n : 1;
    if (features < 1 || vocabulary < 1) {
      throw new InputException(
          name
              + " needs at least one feature and one word, not "
              + features
              + " and "
              + vocabulary);
    }
    if (topic instanceof Topic.Picture p && p.picture.rank() != 3) {
      throw new InputException(name + " needs pictures C×H×W, not [" + p.picture + "]");
    }
    if (rnn.bidirectional()) {
      throw new InputException(
          name + " writes word by word, so its recurrent layers cannot read backwards");
    }
    options = Collections.unmodifiableMap(new TreeMap<>(options));
    rnn = rnn.timeMajor(true);
  }

  /// About a vector.
  ///
  /// @param features numbers of it, D
  public Captioner(
      String name,
      Map<String, String> options,
      int features,
      String path,
      Recurrent rnn,
      double dropout,
      int vocabulary) {
    this(name, options, new Topic.Vector(features), path, rnn, dropout, vocabulary);
  }

  /// What the recurrent cells remember.
  public List<Cell.Memory> memories() {
    return rnn.cell().memories(rnn.hidden());
  }

  /// The forward part of learning: the network reads the right words, whatever it foretells.
  ///
  /// Feeds: the topic; `tokens` i32 [(T−1)×N], the words but for the end; `labels` i32 [T·N], the
  /// words and the end. Results: `logits` [T·N×V], `loss`.
  ///
  /// @param steps words of the longest sentence and one more, T
  /// @throws ShapeException if there is no step for a word
  public Traced training(int rows, int steps, Loss loss) {
    var tracer = new Tracer(name + "-train", Mode.TRAIN);
    Var logits = taught(tracer, rows, steps);
    Var labels = tracer.feed("labels", TensorType.of(DType.I32, steps * rows));
    tracer.result("logits", logits);
    tracer.result("loss", tracer.root().apply("loss", (s, v) -> loss.apply(s, v, labels), logits));
    return tracer.build();
  }

  /// What the network foretells of each word, given the right ones before it: feeds as of
  /// [#training] without `labels`, result `logits` [T·N×V].
  public Traced scoring(int rows, int steps) {
    var tracer = new Tracer(name + "-score", Mode.EVAL);
    tracer.result("logits", taught(tracer, rows, steps));
    return tracer.build();
  }

  private Var taught(Tracer tracer, int rows, int steps) {
    if (steps < 2) {
      throw new ShapeException(name + ": " + steps + " steps have no room for a word and an end");
    }
    Var first = image(tracer, rows);
    Var words = words(tracer, steps - 1, rows);
    Var x = Var.concat(0, List.of(first, words));
    return logits(tracer, run(tracer, x, List.of()).y());
  }

  /// The beginning of writing. Feed: the topic. Results: `logits` [N×V] of the first word, `next.h`
  /// (and `next.c`) f32 [layers×N×H].
  public Traced beginning(int rows) {
    var tracer = new Tracer(name + "-begin", Mode.EVAL);
    return answered(tracer, run(tracer, image(tracer, rows), List.of()));
  }

  /// One more word. Feeds: `tokens` i32 [1×N], the words written last; `h` (and `c`) as the run
  /// before left them. Results as of [#beginning].
  public Traced continuing(int rows) {
    var tracer = new Tracer(name + "-continue", Mode.EVAL);
    Var words = words(tracer, 1, rows);
    List<Var> states =
        memories().stream()
            .map(m ->
                tracer.feed(
                    m.name(), new TensorType(DType.F32, Shape.of(rnn.layers(), rows, m.width()))))
            .toList();
    return answered(tracer, run(tracer, words, states));
  }

  private Traced answered(Tracer tracer, Recurrent.Outcome out) {
    tracer.result("logits", logits(tracer, out.y()));
    List<Cell.Memory> memories = memories();
    for (int i = 0; i < memories.size(); i++) {
      tracer.result("next." + memories.get(i).name(), out.states().get(i));
    }
    return tracer.build();
  }

  private Var image(Tracer tracer, int rows) {
    Var v =
        switch (topic) {
          case Topic.Vector(int n) -> tracer.feed("features", TensorType.f32(rows, n));
          case Topic.Picture p -> encoded(tracer, p, rows);
        };
    return tracer
        .root()
        .apply("image", new Linear(v.dim(1), rnn.in()), v)
        .reshape(1, rows, rnn.in());
  }

  private static Var encoded(Tracer tracer, Topic.Picture of, int rows) {
    Shape s = of.picture;
    Scope root = tracer.root();
    Var pictures =
        tracer.feed("pictures", TensorType.of(DType.U8, rows, s.dim(0), s.dim(1), s.dim(2)));
    var normalize = new Normalize(of.preprocessing.mean(), of.preprocessing.deviation());
    Var v = root.apply("encoder", of.encoder, root.apply("normalize", normalize, pictures));
    if (v.rank() != 2) {
      throw root.child("encoder")
          .error("a picture must become a vector, but the encoder gives [" + v.shape() + "]");
    }
    return v;
  }

  private Var words(Tracer tracer, int steps, int rows) {
    Var tokens = tracer.feed("tokens", TensorType.of(DType.I32, steps, rows));
    return tracer.root().apply("embedding", new Embedding(vocabulary, rnn.in()), tokens);
  }

  private Recurrent.Outcome run(Tracer tracer, Var x, List<Var> states) {
    Scope root = tracer.root();
    Var kept = root.apply("dropout_in", new Dropout(dropout), x);
    var outcome = new ArrayList<Recurrent.Outcome>();
    root.apply(
        path,
        (s, v) -> {
          outcome.add(rnn.run(s, v, Recurrent.Given.NOTHING.states(states)));
          return outcome.getFirst().y();
        },
        kept);
    return outcome.getFirst();
  }

  private Var logits(Tracer tracer, Var y) {
    Var kept = tracer.root().apply("dropout", new Dropout(dropout), y.reshape(-1, y.dim(2)));
    return tracer.root().apply("fc", new Linear(y.dim(2), vocabulary), kept);
  }
}
