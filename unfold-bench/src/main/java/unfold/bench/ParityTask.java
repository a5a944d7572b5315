package unfold.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import unfold.autodiff.Autodiff;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Inference;
import unfold.engine.Settings;
import unfold.engine.TrainingSettings;
import unfold.engine.TrainingStep;
import unfold.graph.Graph;
import unfold.interop.safetensors.SafetensorsWriter;
import unfold.layer.Loss;
import unfold.model.Model;
import unfold.op.Convolution.Conv2d;
import unfold.optimizer.Sgd;
import unfold.pass.Pass;
import unfold.pass.Passes;
import unfold.random.Stream;
import unfold.run.Program;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.trace.Declaration;
import unfold.trace.Traced;

/// What both sides compute, and our side of it.
///
/// The weights are those that the model starts with, but no vector is left at 0 or 1 (a batch norm
/// that scales by 1 and shifts by 0 would hide half of its mistakes): all get 0.1·normal more,
/// running variances are between 0.5 and 1.5. Batch norms shift by 2 more or less (not in networks
/// with depthwise convolutions), so that fewer numbers come to a rectifier within rounding of zero,
/// where f32 cannot tell whether it is open.
final class ParityTask {
  /// Prefixes of the names under which either side gives its numbers.
  static final String EVALUATION = "eval.logits";

  static final String TRAINING = "train.logits";
  static final String LOSS = "train.loss";
  static final String GRADIENT = "gradient.";
  static final String AFTER = "after.";

  private static final String MOMENTUM = "optimizer.momentum.";

  private final Model model;
  private final int batch;
  private final long seed;
  private final SequencedMap<String, Tensor> weights = new LinkedHashMap<>();

  ParityTask(Model model, int batch, long seed) {
    this.model = model;
    this.batch = batch;
    this.seed = seed;
    List<Declaration> states = model.states();
    double away = hasDepthwise() ? 0 : 2;
    var names = states.stream().map(Declaration::name).collect(Collectors.toSet());
    for (Declaration d : states) {
      String layer = d.name().substring(0, d.name().lastIndexOf('.') + 1);
      boolean shift = d.name().endsWith("bias") && names.contains(layer + "running_mean");
      weights.put(d.name(), start(d, shift ? away : 0));
    }
  }

  /// Whether a convolution reads channels by themselves. One that is nearly always closed would
  /// then be a batch norm's whole input, and its variance next to nothing.
  private boolean hasDepthwise() {
    return model.inference(1).graph().nodes().stream()
        .anyMatch(n ->
            n.op() instanceof Conv2d c
                && c.groups() > 1
                && c.groups() == n.input(0).type().shape().dim(1));
  }

  private Tensor start(Declaration d, double away) {
    Tensor t = d.initial(seed);
    if (t.shape().rank() != 1) {
      return t;
    }
    boolean variance = d.name().endsWith("running_var");
    Stream random = Stream.of(seed, "parity:" + d.name(), 0);
    for (long i = 0; i < t.size(); i++) {
      double shift = random.nextInt(2) == 0 ? -away : away;
      t.set(
          i, variance ? random.uniform(0.5, 1.5) : t.get(i) + shift + 0.1 * random.nextGaussian());
    }
    return t;
  }

  Model model() {
    return model;
  }

  int batch() {
    return batch;
  }

  /// Writes weights, `pictures` (u8 N×C×H×W), `labels`, and what PyTorch needs to know of the
  /// model.
  void write(Path file) {
    var tensors = new LinkedHashMap<>(weights);
    tensors.put("pictures", pictures());
    tensors.put("labels", labels());
    Map<String, String> about =
        Map.of(
            "model", model.name(),
            "options",
                model.options().toMap().entrySet().stream()
                    .map(e -> e.getKey() + "=" + e.getValue())
                    .collect(Collectors.joining(" ")),
            "mean", words(model.preprocessing().mean()),
            "deviation", words(model.preprocessing().deviation()));
    SafetensorsWriter.write(file, tensors, about);
  }

  private static String words(List<Double> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  /// Our numbers, in f32 as the engine computes. The gradients are the momentum after the first
  /// step of SGD, which begins at 0.
  SequencedMap<String, Tensor> run(Engine engine) {
    var made = new LinkedHashMap<String, Tensor>();
    Tensor pictures = channelsLast(pictures());
    Inference inference = engine.inference(model, batch, states(DType.F32));
    inference.run(pictures);
    made.put(EVALUATION, inference.program().result("logits"));
    States states = states(DType.F32);
    var settings = TrainingSettings.of(new Sgd(0.01, 0.9), seed);
    TrainingStep step = engine.training(model, settings, batch, states);
    step.run(pictures, labels(), 0.01, 1);
    made.put(TRAINING, step.program().result("logits"));
    made.put(LOSS, step.program().result("loss"));
    for (Declaration d : model.states()) {
      made.put(
          d.parameter() ? GRADIENT + d.name() : AFTER + d.name(),
          states.get(d.parameter() ? MOMENTUM + d.name() : d.name()));
    }
    return made;
  }

  /// Our numbers with f64 throughout: traces, passes and derivatives as ever, in the kernels of the
  /// reference backend. Slow, and without rounding to hide behind.
  SequencedMap<String, Tensor> runInDouble() {
    Engine reference =
        Engine.open(Settings.defaults().backends("reference").precision(Precision.F32));
    var f32 = reference.traits();
    var made = new LinkedHashMap<String, Tensor>();
    Graph answers = InDouble.of(model.inference(batch).graph());
    Program inference =
        program(reference, Pass.applyAll(Passes.inference(f32), answers), states(DType.F64));
    inference.feed("pictures", pictures());
    inference.run();
    made.put(EVALUATION, inference.result("logits"));
    Traced traced = model.training(batch, new Loss.SoftmaxCrossEntropy());
    Graph forward = Pass.applyAll(Passes.beforeGradient(f32), InDouble.of(traced.graph()));
    var names = traced.trainable().stream().map(Declaration::name).toList();
    Graph step =
        Pass.applyAll(Passes.afterGradient(), Autodiff.differentiate(forward, "loss", names));
    States states = states(DType.F64);
    Program training = program(reference, step, states);
    training.feed("pictures", pictures());
    training.feed("labels", labels());
    training.run();
    made.put(TRAINING, training.result("logits"));
    made.put(LOSS, training.result("loss"));
    for (Declaration d : model.states()) {
      if (d.parameter()) {
        made.put(GRADIENT + d.name(), training.result("d:" + d.name()));
      } else {
        made.put(AFTER + d.name(), states.get(d.name()));
      }
    }
    return made;
  }

  private static Program program(Engine engine, Graph graph, States states) {
    return new Program(engine.plan(graph, states, List.of()), states);
  }

  private States states(DType dtype) {
    var states = new States();
    weights.forEach((name, value) -> states.set(name, value.to(dtype)));
    return states;
  }

  private Tensor pictures() {
    var shape = model.input();
    Tensor t = Tensor.zeros(DType.U8, batch, shape.dim(0), shape.dim(1), shape.dim(2));
    Stream random = Stream.of(seed, "parity pictures", 0);
    for (long i = 0; i < t.size(); i++) {
      t.set(i, random.nextInt(256));
    }
    return t;
  }

  private Tensor labels() {
    Tensor t = Tensor.zeros(DType.I32, batch);
    Stream random = Stream.of(seed, "parity labels", 0);
    for (int i = 0; i < batch; i++) {
      t.set(i, random.nextInt(model.classes()));
    }
    return t;
  }

  private static Tensor channelsLast(Tensor t) {
    int n = t.shape().dim(0);
    int channels = t.shape().dim(1);
    int height = t.shape().dim(2);
    int width = t.shape().dim(3);
    Tensor last = Tensor.zeros(t.dtype(), n, height, width, channels);
    long plane = (long) height * width;
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < channels; c++) {
        for (long p = 0; p < plane; p++) {
          last.set((i * plane + p) * channels + c, t.get(((long) i * channels + c) * plane + p));
        }
      }
    }
    return last;
  }
}
