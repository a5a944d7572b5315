package unfold.model;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import unfold.error.InputException;
import unfold.layer.Dropout;
import unfold.layer.Linear;
import unfold.layer.Recurrent;
import unfold.tensor.DType;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Traced;
import unfold.trace.Tracer;
import unfold.trace.Var;

/// A recurrent network that foretells which notes sound next, each note by itself: many-to-many in
/// step.
///
/// > h_t = rnn(chord_t, h_{t−1}), p(note sounds at t+1) = σ( fc(dropout(h_t)) )
///
/// Loss: −Σ_notes log p of what sounds and what does not, the mean over the steps that are foretold
/// (all of a piece but its first).
///
/// Parameters: those of the recurrent layers below [#path], `fc.weight` [notes×H], `fc.bias`.
///
/// @param options with `name` enough to build it again
/// @param notes numbers of a chord, 1 where a note sounds
/// @param path name of the recurrent layers
/// @param dropout on what goes into `fc`
/// @source Boulanger-Lewandowski, Bengio, Vincent: Modeling temporal dependencies in
///   high-dimensional sequences (2012), 6
public record ChordModel(
    String name,
    Map<String, String> options,
    int notes,
    String path,
    Recurrent rnn,
    double dropout) {
  public ChordModel {
    if (notes < 1) {
      throw new InputException(name + " needs at least one note, not " + notes);
    }
    options = Collections.unmodifiableMap(new TreeMap<>(options));
    rnn = rnn.timeMajor(true);
  }

  /// The forward part of learning: T steps foretold of N pieces.
  ///
  /// Feeds: `chords` f32 [(T+1)×N×notes]; `lengths` i32 [N], the steps of each piece that are
  /// foretold; `counting` f32 [T·N], 1 at those and 0 beyond. Results: `nats` f32 [T·N], the loss
  /// of each step, `loss`, the mean of those that count.
  public Traced training(int rows, int steps) {
    return traced(new Tracer(name + "-train", Mode.TRAIN), rows, steps);
  }

  /// The same in evaluation.
  public Traced measuring(int rows, int steps) {
    return traced(new Tracer(name + "-measure", Mode.EVAL), rows, steps);
  }

  private Traced traced(Tracer tracer, int rows, int steps) {
    var root = tracer.root();
    Var chords = tracer.feed("chords", TensorType.f32(steps + 1, rows, notes));
    Var lengths = tracer.feed("lengths", TensorType.of(DType.I32, rows));
    Var counting = tracer.feed("counting", TensorType.f32(steps * rows));
    Var h =
        root.apply(
            path,
            (s, x) -> rnn.run(s, x, Recurrent.Given.NOTHING.lengths(lengths)).y(),
            chords.slice(0, 0, steps));
    Var kept = root.apply("dropout", new Dropout(dropout), h.reshape(steps * rows, h.dim(2)));
    Var logits = root.apply("fc", new Linear(h.dim(2), notes), kept);
    Var next = chords.slice(0, 1, steps).reshape(steps * rows, notes);
    Var nats = logits.softplus().subtract(logits.multiply(next)).sum(1);
    tracer.result("nats", nats);
    tracer.result("loss", nats.multiply(counting).sum().divide(counting.sum()));
    return tracer.build();
  }
}
