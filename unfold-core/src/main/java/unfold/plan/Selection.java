package unfold.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import unfold.backend.Layout;
import unfold.error.GraphException;
import unfold.graph.Graph;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Lookup;
import unfold.op.Movement;
import unfold.op.Pointwise;
import unfold.op.Updates;
import unfold.tensor.TensorType;

/// Walks the nodes in order, lets [Kernels] choose who computes each, and puts conversions where a
/// kernel wants a layout that is not there.
///
/// A value is converted to one layout at most once. A cast of a state is no step of its own: the
/// state is converted straight to each layout and element type that a kernel asks for. A step that
/// depends on nothing but constants and states that this graph leaves alone goes to the prologue.
final class Selection {
  private final Graph graph;
  private final Kernels kernels;
  private final Set<Value> live = new HashSet<>();
  private final Map<Value, List<Draft>> copies = new HashMap<>();
  private final Map<Value, Draft> castOf = new HashMap<>();

  final List<DraftStep> prologue = new ArrayList<>();
  final List<DraftStep> steps = new ArrayList<>();
  final Map<String, Draft> feeds = new LinkedHashMap<>();
  final Map<String, Draft> states = new LinkedHashMap<>();
  final Map<Draft, Lookup> constants = new LinkedHashMap<>();
  final Map<String, Draft> results = new LinkedHashMap<>();
  final Map<String, Draft> kept = new LinkedHashMap<>();

  Selection(Graph graph, Kernels kernels, Map<String, Layout> stateLayouts) {
    this.graph = graph;
    this.kernels = kernels;
    var updated = new HashSet<String>();
    graph.updates().forEach(u -> updated.add(u.state()));
    for (var input : graph.inputs()) {
      Value v = input.value();
      Draft d =
          switch (input.role()) {
            case FEED -> Draft.feed(v);
            case STATE ->
                Draft.state(
                    v,
                    input.name(),
                    stateLayouts.getOrDefault(input.name(), Layouts.standard(v.type())),
                    !updated.contains(input.name()));
          };
      (input.role() == Graph.Role.FEED ? feeds : states).put(input.name(), d);
      add(d);
    }
  }

  /// @param keep values to keep, by the name they were asked for
  void run(Map<String, Value> keep) {
    live.addAll(keep.values());
    graph.results().forEach(r -> live.add(r.value()));
    graph.updates().forEach(u -> live.add(u.value()));
    for (Node n : graph.nodes().reversed()) {
      if (wanted(n)) {
        live.addAll(n.inputs());
      }
    }
    for (Node n : graph.nodes()) {
      if (wanted(n)) {
        node(n);
      }
    }
    for (var r : graph.results()) {
      results.put(r.name(), readable(r.value()));
    }
    keep.forEach((name, value) -> kept.put(name, readable(value)));
    results.values().forEach(d -> d.root().kept = true);
    kept.values().forEach(d -> d.root().kept = true);
  }

  private boolean wanted(Node n) {
    return n.outputs().stream().anyMatch(live::contains);
  }

  private void node(Node n) {
    if (n.op() instanceof Lookup.Fill || n.op() instanceof Lookup.Constant) {
      Draft d = Draft.constant(n.output());
      constants.put(d, (Lookup) n.op());
      add(d);
    } else if (n.op() instanceof Movement.Reshape) {
      reshape(n);
    } else if (n.op() instanceof Movement.Slice s && slice(n, s)) {
      // a view
    } else if (n.op() instanceof Pointwise.Cast && isState(n.input(0))) {
      castOf.put(n.output(), primary(n.input(0), n.scope()));
    } else {
      compute(n);
    }
  }

  private boolean isState(Value v) {
    return copies.containsKey(v) && copies.get(v).getFirst().home() == Draft.Home.STATE;
  }

  private void compute(Node n) {
    var wanted = n.outputs().stream().map(live::contains).toList();
    var picked = kernels.pick(n, layouts(n), wanted, this::source);
    var inputs = new ArrayList<Draft>();
    for (int i = 0; i < n.inputs().size(); i++) {
      inputs.add(provide(n.input(i), picked.candidate().inputs().get(i), n.scope()));
    }
    boolean stable = inputs.stream().allMatch(d -> d.stable);
    var outputs = new ArrayList<Optional<Draft>>();
    for (int i = 0; i < n.outputs().size(); i++) {
      if (!wanted.get(i)) {
        outputs.add(Optional.empty());
        continue;
      }
      Value v = n.output(i);
      Draft d = Draft.computed(v, v.type(), picked.candidate().outputs().get(i), stable);
      outputs.add(Optional.of(d));
      add(d);
    }
    var types = n.inputs().stream().map(Value::type).toList();
    var made = n.outputs().stream().map(Value::type).toList();
    emit(
        new DraftStep(
            Step.Kind.COMPUTE,
            n.scope(),
            n.op().name(),
            picked.backend().name(),
            picked.candidate(),
            inputs,
            outputs,
            Cost.flops(n.op(), types, made)));
  }

  /// How the operands lie when the op runs. Operands of an update lie as their parameter does.
  private List<Layout> layouts(Node n) {
    var layouts = new ArrayList<Layout>();
    for (Value v : n.inputs()) {
      layouts.add(source(v).layout());
    }
    if (n.op() instanceof Updates u && !(u instanceof Updates.GlobalNorm)) {
      int parameters = u.parameters(n.inputs().size());
      for (int i = u.leading() + parameters; i < layouts.size(); i++) {
        layouts.set(i, layouts.get(u.leading() + (i - u.leading()) % parameters));
      }
    }
    return layouts;
  }

  /// What a value can be converted from, and what the planner says its layout is.
  ///
  /// @param fromType element type of the memory that is there already
  /// @param ready layouts in which it is there
  /// @param stable whether conversions of it go to the prologue
  record Source(
      TensorType fromType, Layout fromLayout, Layout layout, List<Layout> ready, boolean stable) {}

  private Source source(Value v) {
    var there = copies.getOrDefault(v, List.of());
    Draft origin = origin(v);
    return new Source(
        origin.type,
        origin.layout,
        castOf.containsKey(v) ? Layouts.standard(v.type()) : origin.layout,
        there.stream().map(d -> d.layout).toList(),
        origin.stable);
  }

  /// What copies of a value are converted from: the copy made first. Of a cast of a state, that is
  /// the first in a strided layout, since from others there may be no way back, or else the state.
  private Draft origin(Value v) {
    Draft state = castOf.get(v);
    Draft origin =
        copies.getOrDefault(v, List.of()).stream()
            .filter(d -> state == null || d.layout instanceof Layout.Strided)
            .findFirst()
            .orElse(state);
    if (origin == null) {
      throw new GraphException("planning " + graph.name() + ": " + v + " has not been computed");
    }
    return origin;
  }

  /// A copy of a value in this layout, converted now if there is none.
  Draft provide(Value v, Layout layout, String scope) {
    for (Draft d : copies.getOrDefault(v, List.of())) {
      if (Layouts.same(d.layout, layout, v.type().shape())) {
        return d;
      }
    }
    return convert(origin(v), v, layout, scope);
  }

  /// A new copy of a value, even if there is one in this layout already.
  Draft convert(Draft from, Value v, Layout layout, String scope) {
    var hops = kernels.path(from.type, from.layout, v.type(), layout);
    Draft d = from;
    for (var hop : hops) {
      Draft next = Draft.computed(v, hop.type(), hop.layout(), d.stable);
      emit(conversion(d, next, hop, scope));
      d = next;
    }
    add(d);
    return d;
  }

  static DraftStep conversion(Draft from, Draft to, Conversions.Hop hop, String scope) {
    return new DraftStep(
        Step.Kind.CONVERT,
        scope,
        "convert",
        hop.backend(),
        hop.candidate(),
        List.of(from),
        List.of(Optional.of(to)),
        0);
  }

  /// The copy made first; of a cast of a state, that in standard layout.
  private Draft primary(Value v, String scope) {
    return castOf.containsKey(v) ? provide(v, Layouts.standard(v.type()), scope) : origin(v);
  }

  /// A copy that the caller can read after a run: in standard layout, in memory that no update
  /// writes.
  private Draft readable(Value v) {
    Draft d = provide(v, Layouts.standard(v.type()), "");
    Draft root = d.root();
    return root.home() == Draft.Home.STATE && !root.stable ? convert(d, v, d.layout, "") : d;
  }

  /// Sees the same memory under the other shape if its order is the standard one there; else
  /// converts to row-major order before, or to the standard layout after, or both.
  private void reshape(Node n) {
    Value x = n.input(0);
    Value y = n.output();
    Draft from = primary(x, n.scope());
    var strides = Reshapes.view(from.layout, x.type().shape(), y.type().shape());
    if (strides.isEmpty()) {
      Layout rowMajor = Layout.rowMajor(x.type().shape());
      from = provide(x, rowMajor, n.scope());
      strides = Reshapes.view(rowMajor, x.type().shape(), y.type().shape());
    }
    Draft view = from.view(y, strides.orElseThrow(), 0);
    if (Layout.isStandard(view.layout, y.type().shape())) {
      add(view);
    } else {
      convert(view, y, Layouts.standard(y.type()), n.scope());
    }
  }

  /// Shows a part that lies in one piece, in standard order; says whether it does.
  private boolean slice(Node n, Movement.Slice op) {
    Draft from = primary(n.input(0), n.scope());
    if (!(from.layout instanceof Layout.Strided whole)) {
      return false;
    }
    var strides = new ArrayList<Long>();
    long offset = 0;
    for (int i = 0; i < whole.strides().size(); i++) {
      strides.add(whole.strides().get(i) * op.steps().get(i));
      offset += whole.strides().get(i) * op.starts().get(i);
    }
    var part = new Layout.Strided(strides);
    TensorType type = n.output().type();
    if (type.shape().size() == 0 || !Layout.isStandard(part, type.shape())) {
      return false;
    }
    add(from.view(n.output(), part, offset * type.dtype().bytes()));
    return true;
  }

  private void add(Draft d) {
    copies.computeIfAbsent(d.value, _ -> new ArrayList<>()).add(d);
  }

  private void emit(DraftStep step) {
    boolean stable = step.inputs().stream().allMatch(d -> d.stable);
    (stable ? prologue : steps).add(step);
  }

  /// A copy of a value to bring into this layout: one that lies so already, if there is one.
  Draft closest(Value v, Layout layout) {
    for (Draft d : copies.getOrDefault(v, List.of())) {
      if (Layouts.same(d.layout, layout, v.type().shape())) {
        return d;
      }
    }
    return primary(v, "");
  }
}
