package unfold.optimizer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unfold.error.GraphException;
import unfold.error.InputException;
import unfold.layer.Zeros;
import unfold.op.Updates;
import unfold.op.Updates.GlobalNorm;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;
import unfold.trace.Declaration;
import unfold.trace.Mode;
import unfold.trace.Scope;
import unfold.trace.Traced;
import unfold.trace.Tracer;
import unfold.trace.Var;

/// Appends the update of all trainable parameters to a program with gradients.
record UpdateTrace(Optimizer optimizer, Updating settings) {
  private static final TensorType NUMBER = new TensorType(DType.F32, Shape.SCALAR);

  /// Parameters that one op updates.
  private record Group(double factor, double decay) {}

  private record Parameter(Declaration declaration, Var value, Var gradient) {}

  Traced append(Traced step) {
    var tracer = Tracer.resume(step, Mode.TRAIN);
    tracer.root().child("optimizer").run((s, loss) -> update(tracer, s, loss, step), loss(tracer));
    return tracer.build();
  }

  private static Var loss(Tracer tracer) {
    return tracer
        .result("loss")
        .orElseThrow(() -> new GraphException("the program to train has no result named loss"));
  }

  private Var update(Tracer tracer, Scope s, Var loss, Traced step) {
    var parameters = parameters(tracer, step);
    Var rate = tracer.feed("rate", NUMBER);
    Var guard = guard(tracer, s, loss, parameters);
    Var scale = scale(tracer, guard);
    var groups = new LinkedHashMap<Group, List<Parameter>>();
    for (Parameter p : parameters) {
      groups.computeIfAbsent(group(p.declaration()), _ -> new ArrayList<>()).add(p);
    }
    for (Map.Entry<Group, List<Parameter>> entry : groups.entrySet()) {
      Group group = entry.getKey();
      Var own = group.factor() == 1 ? rate : rate.multiply(group.factor());
      updateGroup(tracer, s, group, own, scale, entry.getValue());
    }
    if (settings.average() > 0) {
      average(tracer, s, guard, step);
    }
    return loss;
  }

  private List<Parameter> parameters(Tracer tracer, Traced step) {
    var found = new ArrayList<Parameter>();
    var missing = new ArrayList<String>();
    var largest = new ArrayList<Var>();
    for (Declaration d : step.trainable()) {
      var value = tracer.state(d.name());
      var gradient = tracer.result("d:" + d.name());
      if (value.isEmpty() || gradient.isEmpty()) {
        missing.add(d.name());
        continue;
      }
      tracer.drop("d:" + d.name());
      Var g = gradient.get();
      if (settings.clipValue() > 0) {
        largest.add(g.abs().max());
        g = g.maximum(-settings.clipValue()).minimum(settings.clipValue());
      }
      found.add(new Parameter(d, value.get(), g));
    }
    if (!missing.isEmpty()) {
      throw new GraphException("no gradient for " + missing + "; does the loss depend on them?");
    }
    largest.stream().reduce(Var::maximum).ifPresent(max -> tracer.result("gradient_max", max));
    if (found.isEmpty()) {
      throw new InputException("nothing to train: every parameter is frozen");
    }
    return found;
  }

  /// 1; not a number if loss or norm are not finite, and then the update rules change nothing.
  private Var guard(Tracer tracer, Scope s, Var loss, List<Parameter> parameters) {
    Var guard = loss.affine(0, 1);
    if (settings.clipNorm() == 0) {
      return guard;
    }
    Var norm =
        s.apply(new GlobalNorm(), parameters.stream().map(Parameter::gradient).toArray(Var[]::new));
    tracer.result("gradient_norm", norm);
    return guard.add(norm.multiply(0));
  }

  /// What gradients are multiplied by: the guard, times the factor that clips.
  private Var scale(Tracer tracer, Var guard) {
    var norm = tracer.result("gradient_norm");
    if (norm.isEmpty()) {
      return guard;
    }
    // As torch.nn.utils.clip_grad_norm_: max/(norm + 1e-6), at most 1.
    Var factor = norm.get().add(1e-6).reciprocal().multiply(settings.clipNorm()).minimum(1);
    return guard.multiply(factor);
  }

  /// The averages a follow the new values p of all that learns, by a − (1 − d)·(a − p): a step of
  /// gradient descent on ½‖a − p‖², with p as its negative gradient and a decay of 1.
  private void average(Tracer tracer, Scope s, Var guard, Traced step) {
    var learning =
        step.states().stream()
            .filter(d -> d.trainable() || d.kind() == Declaration.Kind.MEMORY)
            .filter(d -> !d.name().startsWith(s.path() + "."))
            .toList();
    Var before = tracer.feed("step", NUMBER).subtract(1);
    Var keep = before.divide(before.add(9)).minimum(settings.average());
    var rule = new Updates.Sgd(0, 0, false, 1);
    var operands = new ArrayList<>(List.of(keep.affine(-1, 1), guard.negate()));
    Scope own = s.child("average");
    learning.forEach(d -> operands.add(own.state(d.name(), d.type(), new Zeros())));
    learning.forEach(d -> operands.add(tracer.state(d.name()).orElseThrow()));
    var made = s.applyAll(rule, operands.toArray(Var[]::new)).iterator();
    learning.forEach(d -> own.update(d.name(), made.next()));
  }

  private Group group(Declaration d) {
    boolean decays = d.decays() || settings.decayAll();
    return new Group(settings.factor(d.name()), decays ? optimizer.weightDecay() : 0);
  }

  private void updateGroup(
      Tracer tracer, Scope s, Group group, Var rate, Var scale, List<Parameter> parameters) {
    var rule = optimizer.rule(group.decay());
    var operands = new ArrayList<>(List.of(rate, scale));
    if (rule.countsSteps()) {
      operands.add(tracer.feed("step", NUMBER));
    }
    parameters.forEach(p -> operands.add(p.value()));
    parameters.forEach(p -> operands.add(p.gradient()));
    for (String memory : optimizer.memories()) {
      for (Parameter p : parameters) {
        Declaration d = p.declaration();
        operands.add(s.child(memory).state(d.name(), d.type(), new Zeros()));
      }
    }
    var made = s.applyAll(rule, operands.toArray(Var[]::new)).iterator();
    parameters.forEach(p -> tracer.root().update(p.declaration().name(), made.next()));
    for (String memory : optimizer.memories()) {
      parameters.forEach(p -> s.child(memory).update(p.declaration().name(), made.next()));
    }
  }
}
