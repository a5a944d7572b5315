package unfold.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import unfold.error.GraphException;
import unfold.error.InputException;
import unfold.graph.Graph;
import unfold.graph.GraphBuilder;
import unfold.graph.Value;
import unfold.op.Op;
import unfold.op.Randomness;
import unfold.random.Stream;
import unfold.tensor.TensorType;

/// Records one program, which ends with [#build]. Not thread-safe.
public final class Tracer {
  private final GraphBuilder graph;
  private final Mode mode;
  private final Freeze freeze;
  private final Map<String, Var> feeds = new HashMap<>();

  /// The newest value of each state: what the next reader in this program sees.
  private final Map<String, Var> states = new HashMap<>();

  private final Map<String, Declaration> declarations = new LinkedHashMap<>();
  private final Map<String, Var> updates = new LinkedHashMap<>();
  private final Map<String, Var> results = new LinkedHashMap<>();
  private final List<Auxiliary> auxiliaries = new ArrayList<>();
  private final Set<Integer> streams = new HashSet<>();
  private String current = "";

  public Tracer(String name, Mode mode) {
    this(name, mode, Freeze.NOTHING);
  }

  public Tracer(String name, Mode mode, Freeze freeze) {
    this(new GraphBuilder(name), mode, freeze);
  }

  private Tracer(GraphBuilder graph, Mode mode, Freeze freeze) {
    this.graph = graph;
    this.mode = mode;
    this.freeze = freeze;
  }

  /// The program of one layer: feed `x`, result `y`.
  public static Traced trace(String name, Traceable layer, TensorType input, Mode mode) {
    var tracer = new Tracer(name, mode);
    tracer.result("y", tracer.root().run(layer, tracer.feed("x", input)));
    return tracer.build();
  }

  /// Continues a program. Its results and updates are kept; [#drop] takes results away.
  public static Tracer resume(Traced traced, Mode mode) {
    Graph old = traced.graph();
    var bare = new Graph(old.name(), old.inputs(), old.nodes(), List.of(), List.of());
    var tracer = new Tracer(GraphBuilder.from(bare), mode, Freeze.NOTHING);
    for (var node : old.nodes()) {
      if (node.op() instanceof Randomness random) {
        tracer.streams.add(random.stream());
      }
    }
    old.feeds().forEach(i -> tracer.feeds.put(i.name(), tracer.var(i.value())));
    old.states().forEach(i -> tracer.states.put(i.name(), tracer.var(i.value())));
    old.results().forEach(r -> tracer.results.put(r.name(), tracer.var(r.value())));
    for (var u : old.updates()) {
      tracer.states.put(u.state(), tracer.var(u.value()));
      tracer.updates.put(u.state(), tracer.var(u.value()));
    }
    traced.states().forEach(d -> tracer.declarations.put(d.name(), d));
    return tracer;
  }

  public Mode mode() {
    return mode;
  }

  /// The scope with the empty path.
  public Scope root() {
    return new Scope(this, "", false);
  }

  /// A value that the caller gives at every run; asking again for one gives the same.
  public Var feed(String name, TensorType type) {
    Var known = feeds.computeIfAbsent(name, n -> var(graph.feed(n, type)));
    if (!known.type().equals(type)) {
      throw new GraphException("feed " + name + " is " + known.type() + " and cannot be " + type);
    }
    return known;
  }

  /// A value of the program that this one continues, such as what a layer gives.
  ///
  /// @see unfold.graph.Layers
  public Var value(Value value) {
    return var(value);
  }

  /// The newest value of a state that was declared before.
  public Optional<Var> state(String name) {
    return Optional.ofNullable(states.get(name));
  }

  /// Lets the caller read a value after a run.
  public void result(String name, Var value) {
    if (results.putIfAbsent(name, value) != null) {
      throw new GraphException("two results are named " + name);
    }
  }

  public Optional<Var> result(String name) {
    return Optional.ofNullable(results.get(name));
  }

  /// The value is no result any more, so that its memory can be used again.
  public void drop(String name) {
    results.remove(name);
  }

  /// Further answers of the network that have a loss of their own, in the order of their layers.
  public List<Auxiliary> auxiliaries() {
    return List.copyOf(auxiliaries);
  }

  void auxiliary(Auxiliary answer) {
    auxiliaries.add(answer);
  }

  /// The program so far, verified.
  ///
  /// @throws InputException if a prefix to freeze names nothing
  public Traced build() {
    freeze.prefixes().forEach(this::requireUse);
    results.forEach((name, v) -> graph.result(name, v.value()));
    updates.forEach((name, v) -> graph.update(name, v.value()));
    return new Traced(graph.build(), List.copyOf(declarations.values()));
  }

  private void requireUse(String prefix) {
    if (declarations.keySet().stream().noneMatch(name -> Freeze.fits(prefix, name))) {
      throw new InputException(
          "nothing to freeze or train is named '"
              + prefix
              + "': there are "
              + declarations.keySet().stream().map(n -> n.split("\\.")[0]).distinct().toList());
    }
  }

  boolean frozen(String path) {
    return freeze.covers(path);
  }

  /// Path of the layer that is being recorded.
  String current() {
    return current;
  }

  void enter(String path) {
    current = path;
  }

  Var declare(Declaration declaration, boolean shared) {
    String name = declaration.name();
    Declaration known = declarations.get(name);
    if (known == null) {
      declarations.put(name, declaration);
      Var v = var(graph.state(name, declaration.type()));
      states.put(name, v);
      return v;
    }
    if (!shared) {
      throw new GraphException(
          "the name "
              + name
              + " is used twice; give the two layers names of their own, or share the parameters"
              + " with Scope.shared()");
    }
    if (!known.type().equals(declaration.type())) {
      throw new GraphException(
          name
              + " is shared, but is "
              + known.type()
              + " here and "
              + declaration.type()
              + " there");
    }
    return newest(name);
  }

  void update(String state, Var value) {
    newest(state);
    states.put(state, value);
    updates.put(state, value);
  }

  private Var newest(String state) {
    Var v = states.get(state);
    if (v == null) {
      throw new GraphException("there is no state " + state);
    }
    return v;
  }

  /// A stream of random bits that nothing else in this program has.
  int stream(String path) {
    int id = Stream.id(path);
    for (int use = 2; !streams.add(id); use++) {
      id = Stream.id(path + "#" + use);
    }
    return id;
  }

  List<Var> apply(Op op, String scope, Var... operands) {
    for (Var v : operands) {
      if (v.tracer() != this) {
        throw new GraphException(
            (scope.isEmpty() ? "" : scope + ": ")
                + op.name()
                + " uses a value of another program: "
                + v);
      }
    }
    return graph.add(op, Arrays.stream(operands).map(Var::value).toList(), scope).stream()
        .map(this::var)
        .toList();
  }

  private Var var(Value value) {
    return new Var(this, value);
  }
}
