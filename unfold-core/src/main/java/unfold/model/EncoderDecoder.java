package unfold.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import unfold.error.InputException;
import unfold.layer.Attention;
import unfold.layer.Cell;
import unfold.layer.Dropout;
import unfold.layer.Embedding;
import unfold.layer.Linear;
import unfold.layer.Loss;
import unfold.layer.Recurrent;
import unfold.op.Lookup.Constant;
import unfold.op.Pointwise.Relation;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Scope;
import unfold.trace.Traced;
import unfold.trace.Tracer;
import unfold.trace.Var;

/// Sequence to sequence: one recurrent network reads a sentence (many-to-one), another one starts
/// from what the first remembers at its end and writes a sentence (one-to-many).
///
/// > m_s, state = encoder(x_1 … x_S), h_t = decoder(y_{t−1}, h_{t−1}) from that state, logits_t =
/// > fc(h_t)
///
/// With attention the decoder looks at everything that was read, at each step:
///
/// > c_t = attention(h_t, m), h̃_t = tanh(combine([c_t; h_t])), logits_t = fc(h̃_t)
///
/// h̃ is not fed back into the decoder. So its recurrence does not depend on what attention finds,
/// and in training all steps of both networks are one op a layer, all looks two matrix products.
///
/// A cell that reads in both directions has H/2 units in each; the two halves of its last states
/// side by side are what the decoder starts from.
///
/// Programs take time first: tokens i32 [S×N] and [T×N]. Parameters: `encoder.embedding.weight`,
/// `encoder.rnn.weight_ih_l0` … as torch.nn has them, `decoder.…` likewise, `attention.…`,
/// `combine.weight` [H×2H], `fc.weight` [V×H], `fc.bias`. Dropout acts on the embedded words,
/// between layers and on what goes into `fc`.
///
/// @param options with `name` enough to build it again
/// @param reversed whether sentences to be read come with their last word first: then what is read
///   last lies near what is written first
/// @param attention none for the plain encoder–decoder
/// @param sourceVocabulary entries to read
/// @param targetVocabulary V, entries to write
/// @source Sutskever, Vinyals, Le: Sequence to sequence learning with neural networks (2014);
///   attention without feeding back: Luong, Pham, Manning (2015), 3.1
public record EncoderDecoder(
    String name,
    Map<String, String> options,
    Recurrent encoder,
    Recurrent decoder,
    Optional<Attention> attention,
    boolean reversed,
    double dropout,
    int sourceVocabulary,
    int targetVocabulary) {
  public EncoderDecoder {
    options = Collections.unmodifiableMap(new TreeMap<>(options));
    encoder = encoder.timeMajor(true);
    decoder = decoder.timeMajor(true);
    if (decoder.bidirectional()) {
      throw new InputException(name + ": a decoder writes forwards and cannot be bidirectional");
    }
    int read = encoder.hidden() * (encoder.bidirectional() ? 2 : 1);
    if (encoder.layers() != decoder.layers() || read != decoder.hidden()) {
      throw new InputException(
          name
              + ": the decoder starts from the encoder's states, but has "
              + decoder.layers()
              + " layers of "
              + decoder.hidden()
              + " units and the encoder "
              + encoder.layers()
              + " of "
              + read);
    }
    if (sourceVocabulary < 1 || targetVocabulary < 1) {
      throw new InputException(
          name
              + " needs words to read and to write, not "
              + sourceVocabulary
              + " and "
              + targetVocabulary);
    }
  }

  /// What the decoder remembers, by layer.
  public List<Cell.Memory> memories() {
    return decoder.cell().memories(decoder.hidden());
  }

  /// Shape of a batch: N sentences of up to S tokens to read and T to write.
  public record Size(int rows, int read, int write) {}

  /// The forward part of learning, or with [Mode#EVAL] of measuring: the decoder is given what
  /// comes before each word (teacher forcing).
  ///
  /// Feeds: `source` i32 [S×N]; `lengths` i32 [N], of the source; `target` i32 [T×N], each sentence
  /// with its beginning and without its end; `labels` i32 [T·N], without beginning and with end,
  /// what the loss ignores where there is none. Results: `logits` [T·N×V], `loss`.
  ///
  /// With scheduled sampling there is a feed `chance`, f32 [1]: so likely is each word that the
  /// decoder is given, but the first, its own guess instead of the right one. The guesses are the
  /// likeliest words of a first pass over the right ones, all at once, through which no gradient
  /// goes; so they are not exactly what the decoder would have written after guesses.
  ///
  /// @source scheduled sampling: Bengio, Vinyals, Jaitly, Shazeer (2015); in two passes: Mihaylova,
  ///   Martins: Scheduled sampling for transformers (2019)
  public Traced teaching(Size size, Loss loss, Mode mode, boolean sampled) {
    var tracer = new Tracer(name + (mode == Mode.TRAIN ? "-train" : "-measure"), mode);
    Var source = tracer.feed("source", tokens(size.read(), size.rows()));
    Var lengths = tracer.feed("lengths", TensorType.of(DType.I32, size.rows()));
    Var target = tracer.feed("target", tokens(size.write(), size.rows()));
    Read read = read(tracer, source, lengths);
    Scope place = tracer.root();
    if (sampled) {
      Var chance = tracer.feed("chance", TensorType.f32(1));
      Written first = write(place, target, read.states(), read.found(lengths));
      target = mixed(place, target, first.logits().argmax(-1).reshape(target.dim(0), -1), chance);
      place = place.shared();
    }
    Var logits = write(place, target, read.states(), read.found(lengths)).logits();
    Var labels = tracer.feed("labels", TensorType.of(DType.I32, size.write() * size.rows()));
    Var value = tracer.root().apply("loss", (s, x) -> loss.apply(s, x, labels), logits);
    tracer.result("logits", logits);
    tracer.result("loss", value);
    return tracer.build();
  }

  /// What the network foretells of each word, given the right ones before it: feeds as of
  /// [#teaching] without `labels`, result `logits` [T·N×V].
  public Traced scoring(Size size) {
    var tracer = new Tracer(name + "-score", Mode.EVAL);
    Var source = tracer.feed("source", tokens(size.read(), size.rows()));
    Var lengths = tracer.feed("lengths", TensorType.of(DType.I32, size.rows()));
    Var target = tracer.feed("target", tokens(size.write(), size.rows()));
    Read read = read(tracer, source, lengths);
    tracer.result(
        "logits", write(tracer.root(), target, read.states(), read.found(lengths)).logits());
    return tracer.build();
  }

  /// Reading: what writing starts from.
  ///
  /// Feeds: `source` i32 [S×N], `lengths` i32 [N]. Results: the states `h` (and `c`) f32
  /// [layers×N×H]; with attention `memory` f32 [N×S×H].
  public Traced reading(int rows, int steps) {
    var tracer = new Tracer(name + "-read", Mode.EVAL);
    Var source = tracer.feed("source", tokens(steps, rows));
    Var lengths = tracer.feed("lengths", TensorType.of(DType.I32, rows));
    Read read = read(tracer, source, lengths);
    for (int i = 0; i < memories().size(); i++) {
      tracer.result(memories().get(i).name(), read.states().get(i));
    }
    if (attention.isPresent()) {
      tracer.result("memory", read.memory());
    }
    return tracer.build();
  }

  /// Writing, one word of N sentences.
  ///
  /// Feeds: `tokens` i32 [1×N], the words before; `h` (and `c`) f32 [layers×N×H]; with attention
  /// `memory` f32 [N×S×H] and `lengths` i32 [N]. Results: `log_probabilities` [N×V] of what
  /// follows, `next.h` (and `next.c`); with attention its weights `looks` [N×S].
  ///
  /// @param steps S
  public Traced writing(int rows, int steps) {
    var tracer = new Tracer(name + "-write", Mode.EVAL);
    Var tokens = tracer.feed("tokens", tokens(1, rows));
    var states = new ArrayList<Var>();
    for (Cell.Memory m : memories()) {
      Shape shape = Shape.of(decoder.layers(), rows, m.width());
      states.add(tracer.feed(m.name(), new TensorType(DType.F32, shape)));
    }
    Optional<Remembered> remembered = Optional.empty();
    if (attention.isPresent()) {
      Shape shape = Shape.of(rows, steps, decoder.hidden());
      Var memory = tracer.feed("memory", new TensorType(DType.F32, shape));
      Var lengths = tracer.feed("lengths", TensorType.of(DType.I32, rows));
      remembered = Optional.of(new Remembered(memory, lengths));
    }
    Written written = write(tracer.root(), tokens, states, remembered);
    tracer.result("log_probabilities", written.logits().logSoftmax(-1));
    for (int i = 0; i < states.size(); i++) {
      tracer.result("next." + memories().get(i).name(), written.states().get(i));
    }
    written.looks().ifPresent(w -> tracer.result("looks", w.reshape(rows, steps)));
    return tracer.build();
  }

  /// @param memory [N×S×H]
  private record Remembered(Var memory, Var lengths) {}

  private record Read(Var memory, List<Var> states, boolean looked) {
    Optional<Remembered> found(Var lengths) {
      return looked ? Optional.of(new Remembered(memory, lengths)) : Optional.empty();
    }
  }

  /// @param looks attention weights [N×T×S]
  private record Written(Var logits, List<Var> states, Optional<Var> looks) {}

  private Read read(Tracer tracer, Var source, Var lengths) {
    Scope s = tracer.root().child("encoder");
    Var x = embedded(s, source, sourceVocabulary, encoder.in());
    Recurrent.Outcome out =
        encoder.run(s.child("rnn"), x, Recurrent.Given.NOTHING.lengths(lengths));
    List<Var> states = out.states().stream().map(this::joined).toList();
    return new Read(out.y().transpose(1, 0, 2), states, attention.isPresent());
  }

  /// States of two directions [2·layers×N×H/2] as those of one [layers×N×H].
  private Var joined(Var states) {
    if (!encoder.bidirectional()) {
      return states;
    }
    var layers = new ArrayList<Var>();
    for (int l = 0; l < encoder.layers(); l++) {
      layers.add(Var.concat(2, List.of(states.slice(0, 2 * l, 1), states.slice(0, 2 * l + 1, 1))));
    }
    return Var.concat(0, layers);
  }

  private Written write(Scope root, Var tokens, List<Var> states, Optional<Remembered> remembered) {
    Scope s = root.child("decoder");
    Var x = embedded(s, tokens, targetVocabulary, decoder.in());
    Recurrent.Outcome out = decoder.run(s.child("rnn"), x, Recurrent.Given.NOTHING.states(states));
    Var h = out.y();
    Optional<Var> looks = Optional.empty();
    if (remembered.isPresent()) {
      Remembered r = remembered.get();
      Attention.Found found =
          attention
              .orElseThrow()
              .look(root.child("attention"), h.transpose(1, 0, 2), r.memory(), r.lengths());
      looks = Optional.of(found.weights());
      Var both = Var.concat(2, List.of(found.context().transpose(1, 0, 2), h));
      h = root.apply("combine", new Linear(both.dim(2), h.dim(2)).bias(false), both).tanh();
    }
    Var kept = root.apply("dropout", new Dropout(dropout), h.reshape(-1, h.dim(2)));
    Var logits = root.apply("fc", new Linear(h.dim(2), targetVocabulary), kept);
    return new Written(logits, out.states(), looks);
  }

  private Var embedded(Scope s, Var tokens, int words, int width) {
    Var x = s.apply("embedding", new Embedding(words, width), tokens);
    return s.apply("dropout", new Dropout(dropout), x);
  }

  /// Each word but the first is, with this chance, the guess for its place.
  ///
  /// @param guesses [T×N], for the word that follows
  private static Var mixed(Scope s, Var target, Var guesses, Var chance) {
    int steps = target.dim(0);
    int rows = target.dim(1);
    Var shifted = Var.concat(0, List.of(target.slice(0, 0, 1), guesses.slice(0, 0, steps - 1)));
    var first = IntStream.range(0, steps).mapToObj(t -> t == 0 ? 2.0 : 0).toList();
    Var draw =
        s.child("sampling")
            .uniform(Shape.of(steps, rows))
            .add(s.apply(new Constant(TensorType.f32(steps, 1), first)));
    return draw.compare(Relation.LESS, chance.reshape(1, 1).broadcast(draw.shape()))
        .select(shifted, target);
  }

  private static TensorType tokens(int steps, int rows) {
    return TensorType.of(DType.I32, steps, rows);
  }
}
