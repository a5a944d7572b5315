package unfold.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import unfold.engine.Engine;
import unfold.error.InputException;
import unfold.layer.Cell;
import unfold.layer.Linear;
import unfold.layer.Loss;
import unfold.layer.Orthogonal;
import unfold.layer.Recurrent;
import unfold.layer.Xavier;
import unfold.layer.Zeros;
import unfold.optimizer.Adam;
import unfold.optimizer.Updating;
import unfold.random.Stream;
import unfold.run.Program;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Traced;
import unfold.trace.Tracer;
import unfold.trace.Var;

/// The adding problem: of T numbers between 0 and 1 two are marked, one in each half; their sum is
/// to be told at the end. Who cannot remember does best with 1 always, which has a squared error of
/// 1/6 = 0.167 (the variance of a sum of two).
///
/// Every step learns from new sequences, the error is measured on the same `TEST` sequences always.
///
/// @param clip largest norm of all gradients
/// @source Hochreiter, Schmidhuber: Long short-term memory (1997), 5.4, in the form of Le, Jaitly,
///   Hinton (2015), 4.1, and Bai, Kolter, Koltun (2018), 4.1
public record AddingProblem(
    CellKind kind, int steps, int hidden, int batch, double rate, double clip, long seed) {
  /// Sequences that the error is measured on.
  public static final int TEST = 1000;

  /// Squared error of the answer 1.
  public static final double BASELINE = 1.0 / 6;

  private static final int CHUNK = 100;

  public AddingProblem {
    if (steps < 2 || hidden < 1 || batch < 1) {
      throw new InputException(
          "adding: steps "
              + steps
              + " must be at least 2, hidden "
              + hidden
              + " and batch "
              + batch
              + " at least 1");
    }
  }

  /// The squared error after some updates.
  public record Point(int updates, double error) {}

  /// Trains and measures.
  ///
  /// @param updates steps of learning
  /// @param every updates between two measurements
  /// @param enough error at which to stop
  /// @param each is told every point
  public List<Point> run(
      Engine engine, int updates, int every, double enough, Consumer<Point> each) {
    var states = new States();
    var learner =
        engine.learner(
            traced(batch, Mode.TRAIN), new Adam(rate), Updating.PLAIN.clipNorm(clip), seed, states);
    var answers = engine.answering(traced(CHUNK, Mode.EVAL), states);
    var points = new ArrayList<Point>();
    for (int update = 1; update <= updates; update++) {
      feed(learner.program(), "adding training", update, batch);
      learner.run(rate, update);
      if (!Float.isFinite(learner.loss())) {
        throw new InputException(
            "adding: the loss is no number at update "
                + update
                + ": lower the rate (now "
                + rate
                + ") or the norm to clip at (now "
                + clip
                + ")");
      }
      if (update % every == 0 || update == updates) {
        var point = new Point(update, measure(answers));
        points.add(point);
        each.accept(point);
        if (point.error() <= enough) {
          break;
        }
      }
    }
    return points;
  }

  private double measure(Program answers) {
    double sum = 0;
    for (int chunk = 0; chunk < TEST / CHUNK; chunk++) {
      feed(answers, "adding test", chunk, CHUNK);
      answers.run();
      sum += answers.scalar("loss");
    }
    return sum / (TEST / CHUNK);
  }

  private Traced traced(int rows, Mode mode) {
    var tracer = new Tracer("adding", mode);
    Var x = tracer.feed("x", TensorType.f32(steps, rows, 2));
    Var y = tracer.feed("y", TensorType.f32(rows, 1));
    var start = new Cell.Start(Xavier.uniform(), new Orthogonal(), new Zeros());
    var rnn = new Recurrent(kind.cell(), 2, hidden).timeMajor(true).start(start);
    Var last = rnn.run(tracer.root().child("rnn"), x, Recurrent.Given.NOTHING).states().getFirst();
    Var answer = tracer.root().apply("linear", new Linear(hidden, 1), last.reshape(rows, hidden));
    tracer.result("loss", new Loss.SquaredError().apply(tracer.root(), answer, y));
    return tracer.build();
  }

  /// New sequences: x [T×N×2] holds the numbers and the marks, y [N×1] the sums.
  private void feed(Program program, String purpose, long index, int rows) {
    Tensor x = Tensor.zeros(DType.F32, steps, rows, 2);
    Tensor y = Tensor.zeros(DType.F32, rows, 1);
    Stream random = Stream.of(seed, purpose, index);
    for (int n = 0; n < rows; n++) {
      int first = random.nextInt(steps / 2);
      int second = steps / 2 + random.nextInt(steps - steps / 2);
      for (int t = 0; t < steps; t++) {
        double number = random.nextDouble();
        boolean marked = t == first || t == second;
        long at = ((long) t * rows + n) * 2;
        x.set(at, number);
        x.set(at + 1, marked ? 1 : 0);
        if (marked) {
          y.set(n, y.get(n) + number);
        }
      }
    }
    program.feed("x", x);
    program.feed("y", y);
  }
}
