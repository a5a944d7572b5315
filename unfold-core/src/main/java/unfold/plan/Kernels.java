package unfold.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.error.PlanException;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.tensor.TensorType;

/// Asks the backends for kernels and lets the chooser pick. One that stands in for others is asked
/// only when none before it accepts. The backend named `reference` is right, and slow.
final class Kernels {
  private static final String LAST_RESORT = "reference";

  private final List<Backend> backends;
  private final Chooser chooser;
  private final Conversions conversions;

  final List<Plan.Decline> declines = new ArrayList<>();
  final List<String> slow = new ArrayList<>();

  Kernels(List<Backend> backends, Chooser chooser, Conversions conversions) {
    this.backends = List.copyOf(backends);
    this.chooser = chooser;
    this.conversions = conversions;
  }

  /// @param source how each operand lies in memory now
  Chooser.Option pick(
      Node node,
      List<Layout> layouts,
      List<Boolean> wanted,
      Function<Value, Selection.Source> source) {
    var call =
        new Call(
            node.op(),
            node.inputs().stream().map(Value::type).toList(),
            node.outputs().stream().map(Value::type).toList(),
            layouts,
            wanted);
    var options = new ArrayList<Chooser.Option>();
    var refused = new ArrayList<Plan.Decline>();
    for (Backend b : backends) {
      if (b.standsIn() && !options.isEmpty()) {
        continue;
      }
      switch (b.offer(call)) {
        case Offer.Accepted(var candidates) -> {
          for (var candidate : candidates) {
            var hops = conversions(node, candidate.inputs(), source);
            if (hops.isEmpty()) {
              refused.add(
                  new Plan.Decline(
                      node.scope(),
                      node.op().name(),
                      b.name(),
                      candidate.label()
                          + " wants a layout that nobody can make: "
                          + candidate.inputs()));
            } else {
              options.add(new Chooser.Option(b, candidate, hops.get()));
            }
          }
        }
        case Offer.Declined(String reason) ->
            refused.add(new Plan.Decline(node.scope(), node.op().name(), b.name(), reason));
      }
    }
    if (options.isEmpty()) {
      throw new PlanException(node.scope() + ": nobody computes " + node + ": " + reasons(refused));
    }
    declines.addAll(refused);
    options.sort(Comparator.comparing(o -> o.candidate().yields()));
    var chosen = options.get(chooser.choose(call, options));
    if (Cost.heavy(node.op()) && chosen.backend().name().equals(LAST_RESORT)) {
      slow.add(
          node.scope()
              + ": the reference computes "
              + node.op().name()
              + ", slowly"
              + (refused.isEmpty() ? "; no other backend is here" : ": " + reasons(refused)));
    }
    return chosen;
  }

  private static String reasons(List<Plan.Decline> refused) {
    return refused.stream()
        .map(d -> d.backend() + ": " + d.reason())
        .collect(Collectors.joining("; "));
  }

  /// The conversions that every run has to pay for; empty if one is impossible.
  private Optional<List<Conversions.Hop>> conversions(
      Node node, List<Layout> demanded, Function<Value, Selection.Source> sources) {
    var hops = new ArrayList<Conversions.Hop>();
    for (int i = 0; i < demanded.size(); i++) {
      Value v = node.input(i);
      Layout layout = demanded.get(i);
      var source = sources.apply(v);
      if (source.ready().stream().noneMatch(l -> Layouts.same(l, layout, v.type().shape()))) {
        var path = conversions.path(source.fromType(), source.fromLayout(), v.type(), layout);
        if (path.isEmpty()) {
          return Optional.empty();
        }
        if (!source.stable()) {
          hops.addAll(path.get());
        }
      }
    }
    return Optional.of(hops);
  }

  /// The kernels of a conversion that must be possible.
  List<Conversions.Hop> path(TensorType from, Layout fromLayout, TensorType to, Layout layout) {
    return conversions
        .path(from, fromLayout, to, layout)
        .orElseThrow(() ->
            new PlanException(
                "nobody converts "
                    + Layouts.show(fromLayout, from)
                    + " to "
                    + Layouts.show(layout, to)));
  }

  /// The layout of one output of a node whose operands lie in standard layouts.
  Layout usualLayout(Node node, int output) {
    var layouts = node.inputs().stream().map(v -> Layouts.standard(v.type())).toList();
    var wanted = node.outputs().stream().map(_ -> true).toList();
    int before = declines.size();
    int slowBefore = slow.size();
    var picked =
        pick(
            node,
            layouts,
            wanted,
            v ->
                new Selection.Source(
                    v.type(),
                    Layouts.standard(v.type()),
                    Layouts.standard(v.type()),
                    List.of(Layouts.standard(v.type())),
                    false));
    declines.subList(before, declines.size()).clear();
    slow.subList(slowBefore, slow.size()).clear();
    return picked.candidate().outputs().get(output);
  }

  Map<String, String> choices() {
    return chooser.choices();
  }
}
