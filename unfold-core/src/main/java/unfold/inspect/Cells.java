package unfold.inspect;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import unfold.engine.Engine;
import unfold.engine.Feed;
import unfold.error.InputException;
import unfold.graph.Graph;
import unfold.graph.Node;
import unfold.model.LanguageModel;
import unfold.op.RecurrentSequence;
import unfold.run.Program;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.trace.Mode;
import unfold.trace.Traced;
import unfold.trace.Tracer;
import unfold.trace.Var;

/// What the recurrent cells of a language model hold while it reads: states and gates after each
/// token. They are the recurrent op's own results, so what is shown is what is computed.
///
/// ```java
/// var memory = new Cells.Wanted(1, Within.C);
/// Tensor c = Cells.of(engine, model, states, List.of(memory)).read(tokens).getFirst();
/// ```
///
/// @source Karpathy, Johnson, Fei-Fei: Visualizing and understanding recurrent networks (2015)
public final class Cells {
  /// Steps of a run; a longer text takes several, which carry the states on.
  private static final int WINDOW = 100;

  private final Program program;
  private final int steps;
  private final List<Wanted> wanted;
  private final List<String> memories;

  private Cells(Program program, int steps, List<Wanted> wanted, List<String> memories) {
    this.program = program;
    this.steps = steps;
    this.wanted = wanted;
    this.memories = memories;
  }

  /// @param layer from 0, the lowest
  public record Wanted(int layer, Within what) {
    @Override
    public String toString() {
      return "layer " + layer + " " + what;
    }
  }

  /// @throws InputException if the model has no such layer, or its cells no such quantity
  public static Cells of(Engine engine, LanguageModel model, States states, List<Wanted> wanted) {
    List<Wanted> distinct = List.copyOf(new LinkedHashSet<>(wanted));
    Program program = engine.answering(trace(model, WINDOW, distinct), states);
    var memories = model.memories().stream().map(m -> m.name()).toList();
    return new Cells(program, WINDOW, distinct, memories);
  }

  /// What is looked at: what was asked for, each once.
  public List<Wanted> wanted() {
    return wanted;
  }

  /// What there is within the cells of a model, the states first.
  public static List<Within> within(LanguageModel model) {
    Node lowest = sweeps(model, model.reading(1, 1).graph()).getFirst();
    return Within.of((RecurrentSequence) lowest.op());
  }

  /// The program of one stream: what [LanguageModel#reading] feeds, and the states after it; a
  /// result f32 [T×width] for each quantity, under its name.
  public static Traced trace(LanguageModel model, int steps, List<Wanted> wanted) {
    Traced reading = model.reading(1, steps);
    List<Node> sweeps = sweeps(model, reading.graph());
    var tracer = Tracer.resume(reading, Mode.EVAL);
    tracer.drop("logits");
    for (Wanted w : wanted) {
      if (w.layer < 0 || w.layer >= sweeps.size()) {
        throw new InputException(
            model.name()
                + ": there is no layer "
                + w.layer
                + "; its recurrent layers are 0 … "
                + (sweeps.size() - 1));
      }
      Node node = sweeps.get(w.layer);
      Within.Place place = w.what.in(node);
      Var all = tracer.value(node.outputs().get(place.result()));
      int width = w.what == Within.H ? all.dim(2) : model.rnn().hidden();
      // The first moment of the states is the one before the first step.
      Var after = all.slice(0, all.dim(0) - steps, steps);
      Var block = after.slice(2, place.block() * width, width);
      tracer.result(w.toString(), block.cast(DType.F32).reshape(steps, width));
    }
    return tracer.build();
  }

  private static List<Node> sweeps(LanguageModel model, Graph graph) {
    List<Node> found =
        graph.nodes().stream().filter(n -> n.op() instanceof RecurrentSequence).toList();
    if (found.size() != model.rnn().layers()) {
      throw new InputException(
          model.name()
              + ": only lstm, gru and rnn cells that read forwards can be looked into; "
              + found.size()
              + " of its "
              + model.rnn().layers()
              + " layers are such");
    }
    return found;
  }

  /// Reads a text from zero states.
  ///
  /// @return f32 [tokens×width], one for each of [#wanted]
  public List<Tensor> read(int[] tokens) {
    if (tokens.length == 0) {
      throw new InputException("there is no token to read");
    }
    var values = new ArrayList<Tensor>();
    for (Wanted w : wanted) {
      int width = program.view(w.toString()).shape().dim(1);
      values.add(Tensor.zeros(DType.F32, tokens.length, width));
    }
    var carried = new ArrayList<Tensor>();
    for (String memory : memories) {
      carried.add(Tensor.zeros(Feed.of(program, memory).type()));
    }
    Tensor window = Tensor.zeros(DType.I32, steps, 1);
    for (int start = 0; start < tokens.length; start += steps) {
      int count = Math.min(steps, tokens.length - start);
      for (int t = 0; t < steps; t++) {
        window.set(t, t < count ? tokens[start + t] : 0);
      }
      program.feed("tokens", window);
      for (int m = 0; m < memories.size(); m++) {
        program.feed(memories.get(m), carried.get(m));
      }
      program.run();
      for (int m = 0; m < memories.size(); m++) {
        carried.get(m).data().copyFrom(program.view("next." + memories.get(m)).data());
      }
      for (int i = 0; i < wanted.size(); i++) {
        copy(program.view(wanted.get(i).toString()), values.get(i), start, count);
      }
    }
    return values;
  }

  private static void copy(Tensor from, Tensor to, int row, int rows) {
    long line = 4L * to.shape().dim(1);
    MemorySegment.copy(from.data(), 0, to.data(), row * line, rows * line);
  }
}
