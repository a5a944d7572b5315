package unfold.train;

import java.util.LinkedHashMap;
import java.util.Map;
import unfold.data.Batch;
import unfold.data.Dataset;
import unfold.data.Loader;
import unfold.data.Loading;
import unfold.engine.Engine;
import unfold.engine.Inference;
import unfold.model.Model;
import unfold.run.States;
import unfold.tensor.Tensor;

/// A network's answers on a whole set. Programs are compiled when first needed: one for the full
/// batch, one for a smaller last batch.
final class Answers {
  private final Engine engine;
  private final Model model;
  private final States states;
  private final Runnable compiled;
  private final Map<Integer, Inference> programs = new LinkedHashMap<>();

  /// Takes a batch with its logits, f32 [N×classes], which are valid until it returns.
  @FunctionalInterface
  interface Sink {
    void accept(Batch batch, Tensor logits);
  }

  /// @param compiled called when a program was compiled, before it runs
  Answers(Engine engine, Model model, States states, Runnable compiled) {
    this.engine = engine;
    this.model = model;
    this.states = states;
    this.compiled = compiled;
  }

  /// Goes once through the set.
  void each(Dataset data, Loading loading, Sink sink) {
    try (var loader = Loader.of(data, loading)) {
      while (loader.hasNext()) {
        Batch batch = loader.next();
        Inference program = program(batch.size());
        program.run(batch.pictures());
        sink.accept(batch, program.logits());
        batch.release();
      }
    }
  }

  /// The score on the set.
  Score score(Dataset data, Loading loading) {
    var tally = new Tally(Counted.PICTURES);
    each(data, loading, (batch, logits) -> tally.add(logits, batch.labels()));
    return tally.score();
  }

  /// The program for a batch of this size.
  Inference program(int batch) {
    Inference known = programs.get(batch);
    if (known == null) {
      known = engine.inference(model, batch, states);
      programs.put(batch, known);
      compiled.run();
    }
    return known;
  }
}
