package unfold.plan;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import unfold.backend.Candidate;
import unfold.graph.Graph;

/// Brings the new value of each state into the state's memory: written there directly by the step
/// that computes it, if nobody needs the old value afterwards; else copied at the end.
final class StateWrites {
  private final Graph graph;
  private final Selection selection;
  private final Kernels kernels;

  StateWrites(Graph graph, Selection selection, Kernels kernels) {
    this.graph = graph;
    this.selection = selection;
    this.kernels = kernels;
  }

  /// A new value on its way into a state.
  private record Write(Draft source, Draft state) {}

  void add() {
    var writes = new ArrayList<Write>();
    for (var update : graph.updates()) {
      Draft state = selection.states.get(update.state());
      if (state == null || state.value.equals(update.value())) {
        continue;
      }
      Draft source = selection.closest(update.value(), state.layout);
      if (source.home() == Draft.Home.STATE && !source.stable) {
        // the old value of another state, which its own update may overwrite first
        source = selection.convert(source, update.value(), state.layout, update.state());
      }
      writes.add(new Write(source, state));
    }
    var lastReads = lastReads();
    var makers = makers();
    var copies = new ArrayList<Write>();
    for (Write w : writes) {
      if (direct(w, lastReads, makers)) {
        w.source.writeInto(w.state.name());
      } else {
        copies.add(w);
      }
    }
    copies.forEach(this::copy);
  }

  private boolean direct(Write w, Map<Draft, Integer> lastReads, Map<Draft, Integer> makers) {
    Draft d = w.source;
    if (d.viewOf != null
        || d.home() != Draft.Home.ARENA
        || d.kept
        || !Layouts.same(d.layout, w.state.layout, d.type.shape())) {
      return false;
    }
    int made = makers.getOrDefault(d, -1);
    if (made < 0 || lastReads.getOrDefault(w.state, -1) > made) {
      return false;
    }
    DraftStep step = selection.steps.get(made);
    return allowsOverwriting(step, step.outputs().indexOf(Optional.of(d)), w.state);
  }

  /// The number of the last step that reads each draft, or a view of it.
  private Map<Draft, Integer> lastReads() {
    var last = new IdentityHashMap<Draft, Integer>();
    for (int i = 0; i < selection.steps.size(); i++) {
      for (Draft input : selection.steps.get(i).inputs()) {
        last.put(input.root(), i);
      }
    }
    return last;
  }

  /// The number of the step that makes each draft.
  private Map<Draft, Integer> makers() {
    var makers = new IdentityHashMap<Draft, Integer>();
    for (int i = 0; i < selection.steps.size(); i++) {
      for (var output : selection.steps.get(i).outputs()) {
        if (output.isPresent()) {
          makers.put(output.get(), i);
        }
      }
    }
    return makers;
  }

  /// Whether a step may write an output over a state that it may read itself.
  private static boolean allowsOverwriting(DraftStep step, int output, Draft state) {
    var reading = new ArrayList<Integer>();
    for (int i = 0; i < step.inputs().size(); i++) {
      Draft input = step.inputs().get(i);
      if (input.root() == state) {
        if (input.bytes() != state.bytes()) {
          return false;
        }
        reading.add(i);
      }
    }
    return reading.isEmpty()
        || reading.size() == 1
            && step.candidate()
                .inPlace()
                .contains(new Candidate.InPlace(output, reading.getFirst()));
  }

  private void copy(Write w) {
    Draft from = w.source;
    List<Conversions.Hop> hops = kernels.path(from.type, from.layout, w.state.type, w.state.layout);
    for (int i = 0; i < hops.size(); i++) {
      var hop = hops.get(i);
      Draft to =
          i == hops.size() - 1
              ? Draft.state(w.source.value, w.state.name(), hop.layout(), false)
              : Draft.computed(w.source.value, hop.type(), hop.layout(), false);
      selection.steps.add(Selection.conversion(from, to, hop, "update " + w.state.name()));
      from = to;
    }
  }
}
