package unfold.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import unfold.graph.Graph;
import unfold.op.Lookup;

/// Turns drafts with offsets into a plan.
final class Assembly {
  private static final int CONSTANT_ALIGNMENT = 64;

  private final Graph graph;
  private final Selection selection;
  private final List<DraftStep> steps;
  private final List<Block> blocks;
  private final Map<Draft, Long> bases = new HashMap<>();

  Assembly(Graph graph, Selection selection, List<DraftStep> steps, List<Block> blocks) {
    this.graph = graph;
    this.selection = selection;
    this.steps = steps;
    this.blocks = blocks;
    for (Block b : blocks) {
      b.roots.forEach(d -> bases.put(d, b.offset));
    }
  }

  Plan plan(long arenaBytes, Kernels kernels, Conversions conversions) {
    long constantBytes = 0;
    var constants = new ArrayList<Plan.Constant>();
    for (var c : selection.constants.entrySet()) {
      bases.put(c.getKey(), constantBytes);
      constants.add(new Plan.Constant(stored(c.getKey()), values(c.getValue())));
      constantBytes += Offsets.align(c.getKey().bytes(), CONSTANT_ALIGNMENT);
    }
    long scratchBytes = 0;
    for (DraftStep s : steps) {
      scratchBytes = Math.max(scratchBytes, s.candidate().scratchBytes());
    }
    var states = states();
    long stateBytes = states.stream().mapToLong(s -> s.stored().bytes()).sum();
    return new Plan(
        graph.name(),
        steps.stream().map(this::step).toList(),
        selection.prologue.size(),
        stored(selection.feeds),
        stored(selection.results),
        stored(selection.kept),
        states,
        constants,
        blocks.stream().map(this::buffer).toList(),
        new Plan.Memory(arenaBytes, stateBytes, constantBytes, scratchBytes),
        kernels.declines,
        kernels.slow,
        kernels.choices(),
        conversions);
  }

  private static List<Double> values(Lookup op) {
    return switch (op) {
      case Lookup.Fill(var _, double value) -> List.of(value);
      case Lookup.Constant(var _, var values) -> values;
      case Lookup.Gather _, Lookup.GatherGrad _ ->
          throw new IllegalArgumentException(op.name() + " is no constant");
    };
  }

  private List<Plan.State> states() {
    var states = new ArrayList<Plan.State>();
    Set<String> updated = graph.updates().stream().map(u -> u.state()).collect(Collectors.toSet());
    selection.states.forEach((name, d) ->
        states.add(
            new Plan.State(
                stored(d),
                name,
                updated.contains(name),
                selection.prologue.stream().anyMatch(s -> s.reads(d)))));
    return states;
  }

  private Step step(DraftStep s) {
    var outputs = new ArrayList<Optional<Stored>>();
    for (var d : s.outputs()) {
      outputs.add(d.map(this::stored));
    }
    return new Step(
        s.kind(),
        s.scope(),
        s.op(),
        s.backend(),
        s.candidate(),
        s.inputs().stream().map(this::stored).toList(),
        outputs,
        s.flops(),
        s.bytes());
  }

  private Map<String, Stored> stored(Map<String, Draft> drafts) {
    var map = new LinkedHashMap<String, Stored>();
    drafts.forEach((name, d) -> map.put(name, stored(d)));
    return map;
  }

  private Stored stored(Draft d) {
    Draft root = d.root();
    long base = bases.getOrDefault(root, 0L);
    Place place =
        switch (root.home()) {
          case FEED, ARENA -> new Place.InArena(base + d.offset());
          case CONSTANT -> new Place.InConstants(base + d.offset());
          case STATE -> new Place.InState(root.name(), d.offset());
        };
    return new Stored(d.value, d.type, d.layout, place);
  }

  private Plan.Buffer buffer(Block b) {
    String what =
        b.roots.stream()
            .map(d -> d.value + " " + Layouts.show(d.layout, d.type) + scope(d))
            .collect(Collectors.joining(", then "));
    return new Plan.Buffer(b.offset, b.bytes, b.first, b.last, what);
  }

  /// Where a value comes from: the layer that made it, or its name as a feed.
  private String scope(Draft d) {
    for (var feed : selection.feeds.entrySet()) {
      if (feed.getValue() == d) {
        return " (feed " + feed.getKey() + ")";
      }
    }
    for (DraftStep s : steps) {
      if (s.outputs().contains(Optional.of(d))) {
        return " (" + (s.scope().isEmpty() ? s.op() : s.scope() + " " + s.op()) + ")";
      }
    }
    return "";
  }
}
