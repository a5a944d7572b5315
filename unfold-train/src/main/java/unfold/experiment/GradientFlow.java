package unfold.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unfold.autodiff.Autodiff;
import unfold.engine.Engine;
import unfold.error.InputException;
import unfold.graph.Graph;
import unfold.layer.Cell;
import unfold.layer.Orthogonal;
import unfold.layer.Recurrent;
import unfold.layer.Xavier;
import unfold.layer.Zeros;
import unfold.pass.Pass;
import unfold.pass.Passes;
import unfold.random.Stream;
import unfold.run.Program;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Traced;
import unfold.trace.Tracer;
import unfold.trace.Var;

/// How a gradient travels back through time: an untrained recurrent network reads T random inputs,
/// its loss looks at the last state only, and what arrives at each earlier step is measured.
///
/// dL/ds_{t−1} = J_tᵀ · dL/ds_t with J_t = ds_t/ds_{t−1}: the norm grows or shrinks at every step
/// by at most the largest singular value of J_t. For tanh(W·x + U·h) it is that of diag(1 − h²)·U:
/// above 1 the gradient may explode, below 1 it must vanish. s is all that a cell carries on: h,
/// and c in an LSTM.
///
/// L = the mean over the rows of r·s_T, with one random direction r a row.
///
/// @param recurrentScale U starts orthogonal (each gate by itself) times this
/// @param inputDeviation of the inputs, normal around 0: large ones saturate tanh
/// @source Hochreiter: Untersuchungen zu dynamischen neuronalen Netzen (1991); Bengio, Simard,
///   Frasconi: Learning long-term dependencies with gradient descent is difficult (1994); Pascanu,
///   Mikolov, Bengio: On the difficulty of training recurrent neural networks (2013), 2
public record GradientFlow(
    CellKind kind,
    int steps,
    int hidden,
    int rows,
    double recurrentScale,
    double inputDeviation,
    long seed) {
  private static final int INPUTS = 8;

  public GradientFlow {
    if (steps < 2 || hidden < 1 || rows < 1) {
      throw new InputException(
          "gradients: steps "
              + steps
              + " must be at least 2, hidden "
              + hidden
              + " and rows "
              + rows
              + " at least 1");
    }
    if (!(recurrentScale > 0) || !(inputDeviation >= 0)) {
      throw new InputException(
          "gradients: scale " + recurrentScale + " must be more than 0, inputs at least 0");
    }
  }

  /// 100 steps of 64 units on 16 rows, inputs of deviation 0.1.
  public GradientFlow(CellKind kind, double recurrentScale) {
    this(kind, 100, 64, 16, recurrentScale, 0.1, 1);
  }

  /// What was measured; entry t − 1 of a list belongs to step t.
  ///
  /// @param norms ‖dL/ds_t‖ over all rows
  /// @param hiddenNorms ‖dL/dh_t‖, h being what a layer above sees
  /// @param singularValues largest singular value of J_t in the first row
  /// @param parameterNorm norm of the gradient in all parameters together
  public record Measured(
      GradientFlow of,
      List<Double> norms,
      List<Double> hiddenNorms,
      List<Double> singularValues,
      double parameterNorm) {
    public Measured {
      norms = List.copyOf(norms);
      hiddenNorms = List.copyOf(hiddenNorms);
      singularValues = List.copyOf(singularValues);
    }

    /// By how much the gradient grew on its way from the last step to the first; below 1 it shrank.
    public double growth() {
      return norms.getFirst() / norms.getLast();
    }

    /// What clipping at this norm multiplies the gradient by.
    public double clipFactor(double norm) {
      return parameterNorm > norm ? norm / parameterNorm : 1;
    }
  }

  /// @param engine of f32 precision, so that small norms are seen
  public Measured measure(Engine engine) {
    var states = new States();
    Traced forward = forward();
    forward.states().forEach(d -> states.set(d.name(), d.initial(seed)));
    var parameters = new ArrayList<String>();
    forward.trainable().forEach(d -> parameters.add(d.name()));
    Program program = program(engine, forward, parameters, states);
    Tensor inputs = normal("inputs", inputDeviation, steps, rows, INPUTS);
    program.feed("x", inputs);
    for (Cell.Memory m : memories()) {
      program.feed("r." + m.name(), directions(m));
    }
    program.run();
    var norms = new double[steps];
    var hiddenNorms = new double[steps];
    double all = 0;
    for (String name : parameters) {
      Tensor d = program.result("d:" + name);
      if (!name.startsWith("added.")) {
        all += squares(d, 0, d.size());
        continue;
      }
      long step = d.size() / steps;
      for (int t = 0; t < steps; t++) {
        double sum = squares(d, t * step, (t + 1) * step);
        norms[t] += sum;
        hiddenNorms[t] += name.equals("added.h") ? sum : 0;
      }
    }
    var result = new ArrayList<Double>();
    var hiddenResult = new ArrayList<Double>();
    for (int t = 0; t < steps; t++) {
      result.add(Math.sqrt(norms[t]));
      hiddenResult.add(Math.sqrt(hiddenNorms[t]));
    }
    return new Measured(
        this, result, hiddenResult, jacobians(engine, states, program, inputs), Math.sqrt(all));
  }

  private List<Cell.Memory> memories() {
    return kind.cell().memories(hidden);
  }

  private Recurrent layer() {
    var start = new Cell.Start(Xavier.uniform(), new Orthogonal(recurrentScale), new Zeros());
    return new Recurrent(kind.cell(), INPUTS, hidden).timeMajor(true).start(start);
  }

  /// All steps, one by one. To each state that a step gives, a parameter is added which is zero:
  /// its gradient is that of the state.
  private Traced forward() {
    var tracer = new Tracer("gradient-flow", Mode.TRAIN);
    var scope = tracer.root();
    Var x = tracer.feed("x", TensorType.f32(steps, rows, INPUTS));
    var added = new LinkedHashMap<String, Var>();
    var kept = new LinkedHashMap<String, List<Var>>();
    for (Cell.Memory m : memories()) {
      var shape = Shape.of(steps, rows, m.width());
      added.put(m.name(), scope.child("added").parameter(m.name(), shape, new Zeros()));
      kept.put(m.name(), new ArrayList<>());
    }
    var given = Recurrent.Given.NOTHING;
    for (int t = 0; t < steps; t++) {
      var at = t == 0 ? scope : scope.shared();
      var outcome = layer().run(at.child("rnn"), x.slice(0, t, 1), given);
      var next = new ArrayList<Var>();
      int i = 0;
      for (Cell.Memory m : memories()) {
        Var state = outcome.states().get(i++).add(of(added, m).slice(0, t, 1));
        kept.getOrDefault(m.name(), List.of()).add(state);
        next.add(state);
      }
      given = Recurrent.Given.NOTHING.states(next);
    }
    var parts = new ArrayList<Var>();
    for (int i = 0; i < memories().size(); i++) {
      Cell.Memory m = memories().get(i);
      Var r = tracer.feed("r." + m.name(), TensorType.f32(1, rows, m.width()));
      parts.add(given.states().get(i).multiply(r).sum().divide(rows));
      tracer.result("s." + m.name(), Var.concat(0, kept.getOrDefault(m.name(), List.of())));
    }
    tracer.result("loss", parts.stream().reduce(Var::add).orElseThrow());
    return tracer.build();
  }

  private static Var of(Map<String, Var> all, Cell.Memory m) {
    Var v = all.get(m.name());
    if (v == null) {
      throw new IllegalStateException("no state " + m.name());
    }
    return v;
  }

  private static Program program(Engine engine, Traced forward, List<String> wrt, States states) {
    Graph graph =
        Pass.applyAll(Passes.afterGradient(), Autodiff.differentiate(forward.graph(), "loss", wrt));
    return new Program(engine.plan(graph, states, List.of()), states);
  }

  /// Largest singular value of ds_t/ds_{t−1} for each t, around the states that the first row went
  /// through. The rows of a Jacobian are the gradients of each number of s_t, all in one batch.
  private List<Double> jacobians(Engine engine, States states, Program flow, Tensor inputs) {
    int width = memories().stream().mapToInt(Cell.Memory::width).sum();
    var tracer = new Tracer("step-jacobian", Mode.TRAIN);
    Var x = tracer.feed("x", TensorType.f32(1, width, INPUTS));
    var before = new ArrayList<Var>();
    var names = new ArrayList<String>();
    for (Cell.Memory m : memories()) {
      before.add(tracer.feed("before." + m.name(), TensorType.f32(1, width, m.width())));
      names.add("before." + m.name());
    }
    var given = Recurrent.Given.NOTHING.states(before);
    var after = layer().run(tracer.root().child("rnn"), x, given).states();
    Var basis = tracer.feed("basis", TensorType.f32(1, width, width));
    tracer.result("loss", Var.concat(2, after).multiply(basis).sum());
    Program program = program(engine, tracer.build(), names, states);
    Tensor unit = Tensor.zeros(DType.F32, 1, width, width);
    for (int i = 0; i < width; i++) {
      unit.set((long) i * width + i, 1);
    }
    program.feed("basis", unit);
    var trajectory = new LinkedHashMap<String, Tensor>();
    memories().forEach(m -> trajectory.put(m.name(), flow.result("s." + m.name())));
    var largest = new ArrayList<Double>();
    for (int t = 0; t < steps; t++) {
      program.feed("x", repeated(inputs, t, INPUTS, width));
      for (Cell.Memory m : memories()) {
        Tensor all = trajectory.get(m.name());
        program.feed(
            "before." + m.name(),
            t == 0 || all == null
                ? Tensor.zeros(DType.F32, 1, width, m.width())
                : repeated(all, t - 1, m.width(), width));
      }
      program.run();
      largest.add(SingularValue.largest(jacobian(program, width)));
    }
    return largest;
  }

  /// What the first row has at step t, once for each row of a batch.
  private Tensor repeated(Tensor sequence, int t, int numbers, int copies) {
    Tensor batch = Tensor.zeros(DType.F32, 1, copies, numbers);
    for (int k = 0; k < copies; k++) {
      for (int j = 0; j < numbers; j++) {
        batch.set((long) k * numbers + j, sequence.get((long) t * rows * numbers + j));
      }
    }
    return batch;
  }

  private double[][] jacobian(Program program, int width) {
    double[][] j = new double[width][width];
    int column = 0;
    for (Cell.Memory m : memories()) {
      Tensor part = program.result("d:before." + m.name());
      for (int row = 0; row < width; row++) {
        for (int k = 0; k < m.width(); k++) {
          j[row][column + k] = part.get((long) row * m.width() + k);
        }
      }
      column += m.width();
    }
    return j;
  }

  private Tensor normal(String purpose, double deviation, int... dims) {
    Tensor t = Tensor.zeros(DType.F32, dims);
    Stream random = Stream.of(seed, "gradient flow " + purpose, 0);
    for (long i = 0; i < t.size(); i++) {
      t.set(i, deviation * random.nextGaussian());
    }
    return t;
  }

  /// A random direction of length 1 in each row (over all states together, about).
  private Tensor directions(Cell.Memory m) {
    return normal("direction " + m.name(), 1 / Math.sqrt(m.width()), 1, rows, m.width());
  }

  private static double squares(Tensor t, long from, long to) {
    double sum = 0;
    for (long i = from; i < to; i++) {
      sum += t.get(i) * t.get(i);
    }
    return sum;
  }
}
