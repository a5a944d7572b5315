package unfold.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import unfold.data.fetch.Sha256;
import unfold.error.InputException;
import unfold.interop.weights.Fit;
import unfold.interop.weights.Needs;
import unfold.run.States;
import unfold.tensor.TensorType;
import unfold.trace.Freeze;

/// Weights that a run starts from, instead of random numbers.
///
/// @param partial whether all that fits is taken, however little of the network it is
/// @param head layers that start anew, whatever the file has for them
record Start(Weights weights, boolean partial, List<String> head) {
  private static final int NAMED = 4;

  /// Puts the weights into a network whose states have their first values; those of the file's
  /// tensors that do not fit keep these.
  ///
  /// @throws unfold.error.InputException if they are of another network
  Provenance.Origin load(Subject subject, States states, Reporter reporter) {
    Needs needs = needs(subject, states);
    Freeze anew = new Freeze(head, List.of());
    head.forEach(layer -> requireNumbers(layer, needs));
    Fit fit = Fit.of(weights.contents(), needs).without(anew::covers);
    Fit taken = partial ? fit.requireRelated() : fit.requireWholeButHead();
    taken.load(states::set);
    var fresh = new ArrayList<>(needs.tensors().keySet().stream().filter(anew::covers).toList());
    fresh.addAll(taken.missing());
    taken.different().forEach(d -> fresh.add(d.name()));
    var origin =
        new Provenance.Origin(
            weights.file(), Sha256.of(Path.of(weights.file())), taken.loaded().size(), fresh);
    reporter.note(words(taken, needs.tensors().size(), origin));
    return origin;
  }

  private static void requireNumbers(String layer, Needs needs) {
    Freeze one = Freeze.of(layer);
    if (needs.tensors().keySet().stream().noneMatch(one::covers)) {
      throw new InputException(
          "'"
              + layer
              + "' cannot start anew: "
              + needs.network()
              + " has no layer of this name with numbers in it (its last are "
              + String.join(
                  ", ",
                  needs.tensors().keySet().stream().toList().reversed().stream()
                      .limit(NAMED)
                      .toList())
              + ")");
    }
  }

  private static Needs needs(Subject subject, States states) {
    var tensors = new LinkedHashMap<String, TensorType>();
    for (String name : states.names()) {
      if (Weights.ofNetwork(name)) {
        tensors.put(name, states.type(name));
      }
    }
    return new Needs(subject.network().name(), subject.classes().size(), tensors, Set.of());
  }

  private static String words(Fit fit, int tensors, Provenance.Origin origin) {
    OptionalInt classes = fit.otherClasses();
    List<String> fresh = origin.fresh();
    return "starts from "
        + origin.file()
        + " (sha256 "
        + origin.sha256().substring(0, 8)
        + "…): "
        + origin.loaded()
        + " of "
        + tensors
        + " tensors"
        + (fresh.isEmpty() ? "" : "; new: " + String.join(", ", first(fresh)))
        + (classes.isEmpty()
            ? ""
            : ", since they told "
                + classes.getAsInt()
                + " classes apart and this network tells "
                + fit.needs().classes());
  }

  private static List<String> first(List<String> names) {
    if (names.size() <= NAMED) {
      return names;
    }
    var some = new ArrayList<>(names.subList(0, NAMED));
    some.add("and " + (names.size() - NAMED) + " more");
    return some;
  }
}
