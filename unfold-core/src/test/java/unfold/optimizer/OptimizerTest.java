package unfold.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import unfold.autodiff.Autodiff;
import unfold.error.GraphException;
import unfold.error.InputException;
import unfold.graph.Graph;
import unfold.graph.Node;
import unfold.layer.Activate;
import unfold.layer.Linear;
import unfold.layer.Loss.SquaredError;
import unfold.layer.Sequential;
import unfold.layer.Zeros;
import unfold.op.Updates;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;
import unfold.trace.Declaration;
import unfold.trace.Freeze;
import unfold.trace.Mode;
import unfold.trace.Scope;
import unfold.trace.Traced;
import unfold.trace.Tracer;
import unfold.trace.Var;

final class OptimizerTest {
  private static Traced forward(Freeze freeze) {
    var net =
        new Sequential()
            .then("body", new Linear(3, 2))
            .then("act", Activate.TANH)
            .then("head", new Linear(2, 1).bias(false));
    var tracer = new Tracer("step", Mode.TRAIN, freeze);
    Var y = tracer.root().run(net, tracer.feed("x", TensorType.f32(4, 3)));
    Var t = tracer.feed("targets", y.type());
    tracer.result(
        "loss", tracer.root().apply("loss", (s, p) -> new SquaredError().apply(s, p, t), y));
    return tracer.build();
  }

  private static Traced differentiated(Freeze freeze) {
    Traced forward = forward(freeze);
    var names = forward.trainable().stream().map(Declaration::name).toList();
    return forward.with(Autodiff.differentiate(forward.graph(), "loss", names));
  }

  private static Traced step(Optimizer optimizer, Updating settings) {
    return optimizer.trace(differentiated(Freeze.NOTHING), settings);
  }

  private static List<Node> updates(Traced step) {
    return step.graph().nodes().stream()
        .filter(n -> n.op() instanceof Updates && !(n.op() instanceof Updates.GlobalNorm))
        .toList();
  }

  /// A program whose gradients come from outside, so that its text shows the update alone.
  private static Traced given() {
    var tracer = new Tracer("update", Mode.TRAIN);
    Scope fc = tracer.root().child("fc");
    fc.parameter("weight", Shape.of(2, 3), new Zeros());
    fc.parameter("bias", Shape.of(2), new Zeros());
    fc.child("next").parameter("weight", Shape.of(1, 2), new Zeros());
    tracer.result("loss", tracer.feed("loss", TensorType.f32()));
    tracer.result("d:fc.weight", tracer.feed("g1", TensorType.f32(2, 3)));
    tracer.result("d:fc.bias", tracer.feed("g2", TensorType.f32(2)));
    tracer.result("d:fc.next.weight", tracer.feed("g3", TensorType.f32(1, 2)));
    return tracer.build();
  }

  @Test
  void theUpdateReadsAsText() {
    Traced step = new Sgd(0.1, 0.9).weightDecay(1e-4).trace(given());
    assertThat(step.graph().toString())
        .isEqualTo(
            """
            graph update {
              state %0 fc.weight : f32[2x3]
              state %1 fc.bias : f32[2]
              state %2 fc.next.weight : f32[1x2]
              feed %3 loss : f32[()]
              feed %4 g1 : f32[2x3]
              feed %5 g2 : f32[2]
              feed %6 g3 : f32[1x2]
              feed %7 rate : f32[()]
              state %9 optimizer.momentum.fc.weight : f32[2x3]
              state %10 optimizer.momentum.fc.next.weight : f32[1x2]
              state %15 optimizer.momentum.fc.bias : f32[2]
              %8 = affine(%3) scale=0.0 shift=1.0 : f32[()] @ optimizer
              %11, %12, %13, %14 = sgd(%7, %8, %0, %2, %4, %6, %9, %10) momentum=0.9 dampening=0.0 nesterov=false decay=1.0E-4 : f32[2x3], f32[1x2], f32[2x3], f32[1x2] @ optimizer
              %16, %17 = sgd(%7, %8, %1, %5, %15) momentum=0.9 dampening=0.0 nesterov=false decay=0.0 : f32[2], f32[2] @ optimizer
              result loss %3
              update fc.weight %11
              update fc.next.weight %12
              update optimizer.momentum.fc.weight %13
              update optimizer.momentum.fc.next.weight %14
              update fc.bias %16
              update optimizer.momentum.fc.bias %17
            }
            """);
    assertThat(step.state("optimizer.momentum.fc.weight").orElseThrow())
        .matches(d -> !d.trainable() && !d.decays() && d.type().equals(TensorType.f32(2, 3)));
    assertThat(step.parameters()).isEqualTo(10);
  }

  @Test
  void theWholeStepIsOneProgram() {
    Graph graph = step(new Sgd(0.1, 0.9), Updating.PLAIN).graph();
    assertThat(graph.feeds()).extracting(Graph.Input::name).containsExactly("x", "targets", "rate");
    assertThat(graph.results()).extracting(Graph.Result::name).containsExactly("loss");
    assertThat(graph.updates()).hasSize(6);
  }

  @Test
  void withoutDecayOneOpUpdatesAll() {
    assertThat(updates(step(new Sgd(0.1), Updating.PLAIN))).hasSize(1);
    assertThat(updates(step(new Sgd(0.1).weightDecay(1), Updating.PLAIN.decayAll(true))))
        .hasSize(1);
  }

  @Test
  void everyRuleFindsItsMemory() {
    var memories =
        Map.of(
            new Sgd(0.1),
            0,
            new Sgd(0.1, 0.9).nesterov(true),
            1,
            new Adam(0.1),
            2,
            new AdamW(0.1),
            2,
            new RmsProp(0.1),
            1,
            new RmsProp(0.1).momentum(0.9),
            2,
            new Adagrad(0.1),
            1);
    memories.forEach((optimizer, count) -> {
      assertThat(optimizer.rule(0).states()).as("%s", optimizer).isEqualTo(count);
      assertThat(optimizer.memories()).hasSize(count);
      Traced step = step(optimizer, Updating.PLAIN);
      assertThat(step.states()).hasSize(3 + 3 * count);
      assertThat(step.graph().updates()).hasSize(3 + 3 * count);
      assertThat(step.graph().input("step").isPresent()).isEqualTo(optimizer.rule(0).countsSteps());
    });
  }

  @Test
  void clippingByNormScalesEveryGradient() {
    Traced step = step(new Sgd(0.1), Updating.PLAIN.clipNorm(5));
    var ops = step.graph().nodes().stream().filter(n -> n.scope().equals("optimizer")).toList();
    assertThat(ops)
        .extracting(n -> n.op().name() + " " + n.op().attributes())
        .startsWith(
            "affine scale=0.0 shift=1.0",
            "global_norm ",
            "affine scale=0.0 shift=0.0", // a norm that is no number changes nothing
            "binary f=add",
            "affine scale=1.0 shift=1.0E-6",
            "unary f=reciprocal",
            "affine scale=5.0 shift=0.0");
    assertThat(step.graph().result("gradient_norm")).isPresent();
  }

  @Test
  void clippingByValueLimitsEveryNumber() {
    var nodes = step(new Sgd(0.1), Updating.PLAIN.clipValue(0.5)).graph().nodes();
    assertThat(nodes.stream().filter(n -> n.op().attributes().toString().equals("f=minimum")))
        .hasSize(3);
  }

  @Test
  void aPrefixCanHaveItsOwnRate() {
    Traced step = step(new Sgd(0.1), Updating.PLAIN.rates(Map.of("body", 0.1, "body.bias", 0.2)));
    assertThat(updates(step)).hasSize(3);
    assertThat(step.graph().nodes())
        .extracting(n -> n.op().attributes().toString())
        .contains("scale=0.1 shift=0.0", "scale=0.2 shift=0.0");
  }

  @Test
  void whatIsFrozenIsNotUpdated() {
    Traced step = new Sgd(0.1, 0.9).trace(differentiated(Freeze.of("body")));
    assertThat(step.graph().updates())
        .extracting(Graph.Update::state)
        .containsExactly("head.weight", "optimizer.momentum.head.weight");
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> new Sgd(0.1).trace(forward(Freeze.NOTHING)))
        .isInstanceOf(GraphException.class)
        .hasMessage(
            "no gradient for [body.weight, body.bias, head.weight]; does the loss depend on them?");
    assertThatThrownBy(() -> new Sgd(0.1).trace(differentiated(Freeze.of(""))))
        .isInstanceOf(InputException.class)
        .hasMessage("nothing to train: every parameter is frozen");
    var silent = new Tracer("silent", Mode.TRAIN).build();
    assertThatThrownBy(() -> new Sgd(0.1).trace(silent))
        .isInstanceOf(GraphException.class)
        .hasMessage("the program to train has no result named loss");
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> new Sgd(0.1).nesterov(true))
        .hasMessage("Nesterov's form needs momentum and no dampening");
    assertThatThrownBy(() -> Updating.PLAIN.clipNorm(-1))
        .hasMessage("clipping to norm -1.0 or value 0.0 must not be negative");
  }
}
