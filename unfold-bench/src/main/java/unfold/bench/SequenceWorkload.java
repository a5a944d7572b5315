package unfold.bench;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Learner;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.layer.Cell;
import unfold.layer.Embedding;
import unfold.layer.Gru;
import unfold.layer.Linear;
import unfold.layer.Loss;
import unfold.layer.Lstm;
import unfold.layer.Recurrent;
import unfold.layer.Rnn;
import unfold.optimizer.Adam;
import unfold.optimizer.Updating;
import unfold.random.Stream;
import unfold.run.Program;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Tracer;
import unfold.trace.Var;

/// A recurrent network to measure, on random tokens, the peers' work exactly.
///
/// - `rnn`: a character model (embedding, layers, output) learns from T×N tokens: forward,
///   backward, clipping to norm 5, Adam. Items are tokens.
/// - `sample`: the same model writes one character at a time, each drawn from the softmax of the
///   one before. Items are characters.
/// - `classify`: rows of up to T words, each with its own length, are read in both directions, and
///   their last states classified; one step of learning with Adam. Items are rows.
///
/// @param vocab tokens there are
record SequenceWorkload(
    Job job,
    String cell,
    int hidden,
    int layers,
    int batch,
    int steps,
    int vocab,
    Precision precision,
    int threads,
    Pace pace) {
  enum Job {
    RNN,
    SAMPLE,
    CLASSIFY;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int CLASSES = 2;
  private static final double RATE = 2e-3;
  private static final long SEED = 0;

  Measurement measure() {
    Engine engine = Engine.open(Settings.defaults().precision(precision).threads(threads));
    return switch (job) {
      case RNN -> learn(engine);
      case SAMPLE -> sample(engine);
      case CLASSIFY -> classify(engine);
    };
  }

  private Timing timing(long items) {
    return new Timing(job.toString(), cell, batch, items, precision, threads, pace);
  }

  private Recurrent network(boolean both) {
    Cell kind =
        switch (cell) {
          case "lstm" -> new Lstm();
          case "gru" -> new Gru();
          case "rnn" -> new Rnn();
          default -> throw new InputException("there is no cell '" + cell + "': lstm, gru or rnn");
        };
    return new Recurrent(kind, hidden, hidden).layers(layers).bidirectional(both).timeMajor(true);
  }

  private Measurement learn(Engine engine) {
    var tracer = new Tracer("char", Mode.TRAIN);
    Var tokens = tracer.feed("tokens", TensorType.of(DType.I32, steps, batch));
    Var labels = tracer.feed("labels", TensorType.of(DType.I32, steps * batch));
    Var x = tracer.root().apply("embed", new Embedding(vocab, hidden), tokens);
    Var y = tracer.root().apply("rnn", network(false), x).reshape(steps * batch, hidden);
    Var logits = tracer.root().apply("out", new Linear(hidden, vocab), y);
    tracer.result("loss", new Loss.SoftmaxCrossEntropy().apply(tracer.root(), logits, labels));
    Learner learner = learner(engine, tracer, Updating.PLAIN.clipNorm(5));
    learner.feed("tokens").write(random(vocab, steps, batch));
    learner.feed("labels").write(random(vocab, steps * batch));
    return timing((long) steps * batch).of(n -> learner.run(RATE, n), learner.plan());
  }

  private static Learner learner(Engine engine, Tracer tracer, Updating updating) {
    return engine.learner(tracer.build(), new Adam(RATE), updating, SEED, new States());
  }

  private Measurement sample(Engine engine) {
    var tracer = new Tracer("write", Mode.EVAL);
    Var tokens = tracer.feed("tokens", TensorType.of(DType.I32, 1, batch));
    Var x = tracer.root().apply("embed", new Embedding(vocab, hidden), tokens);
    Var y =
        tracer
            .root()
            .apply("rnn", (s, v) -> network(false).carried(s, v, "write", Optional.empty()).y(), x)
            .reshape(batch, hidden);
    Var logits = tracer.root().apply("out", new Linear(hidden, vocab), y);
    tracer.result("p", logits.softmax(-1));
    Program program = engine.answering(tracer.build(), new States());
    MemorySegment token = program.feedMemory("tokens");
    MemorySegment p = program.view("p").data();
    Stream random = Stream.of(SEED, "bench sample", 0);
    return timing(batch)
        .of(
            _ -> {
              program.run();
              for (int n = 0; n < batch; n++) {
                token.setAtIndex(INT, n, drawn(p, (long) n * vocab, random.nextDouble()));
              }
            },
            program.plan());
  }

  /// The token at which the running sum of probabilities passes u.
  private int drawn(MemorySegment p, long from, double u) {
    double sum = 0;
    for (int i = 0; i < vocab - 1; i++) {
      sum += p.getAtIndex(FLOAT, from + i);
      if (u < sum) {
        return i;
      }
    }
    return vocab - 1;
  }

  private Measurement classify(Engine engine) {
    var tracer = new Tracer("classify", Mode.TRAIN);
    Var tokens = tracer.feed("tokens", TensorType.of(DType.I32, steps, batch));
    Var lengths = tracer.feed("lengths", TensorType.of(DType.I32, batch));
    Var labels = tracer.feed("labels", TensorType.of(DType.I32, batch));
    Var x = tracer.root().apply("embed", new Embedding(vocab, hidden), tokens);
    var last = new ArrayList<Var>();
    tracer
        .root()
        .apply(
            "rnn",
            (s, v) -> {
              var given = Recurrent.Given.NOTHING.lengths(lengths);
              Var h = network(true).run(s, v, given).states().getFirst();
              for (int side = 0; side < 2; side++) {
                last.add(h.slice(0, 2 * layers - 2 + side, 1).reshape(batch, hidden));
              }
              return h;
            },
            x);
    Var both = Var.concat(1, List.copyOf(last));
    Var logits = tracer.root().apply("out", new Linear(2 * hidden, CLASSES), both);
    tracer.result("loss", new Loss.SoftmaxCrossEntropy().apply(tracer.root(), logits, labels));
    Learner learner = learner(engine, tracer, Updating.PLAIN);
    learner.feed("tokens").write(random(vocab, steps, batch));
    Tensor counts = random(steps, batch);
    for (int n = 0; n < batch; n++) {
      counts.set(n, counts.get(n) + 1);
    }
    learner.feed("lengths").write(counts);
    learner.feed("labels").write(random(CLASSES, batch));
    return timing(batch).of(n -> learner.run(RATE, n), learner.plan());
  }

  private static Tensor random(int below, int... dims) {
    Tensor t = Tensor.zeros(DType.I32, dims);
    Stream random = Stream.of(SEED, "bench tokens", dims.length);
    for (long i = 0; i < t.size(); i++) {
      t.set(i, random.nextInt(below));
    }
    return t;
  }
}
