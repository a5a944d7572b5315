package unfold.interop.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import unfold.model.Model;
import unfold.tensor.TensorType;
import unfold.trace.Declaration;
import unfold.trace.Traced;

/// The tensors that a network asks of a file.
///
/// @param network its name, for messages
/// @param classes how many it tells apart
/// @param tensors parameters and running statistics by name
/// @param also names that its other program has (auxiliary heads, when it only answers): a file may
///   have them too
public record Needs(
    String network, int classes, SequencedMap<String, TensorType> tensors, Set<String> also) {
  public Needs {
    tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
    also = Set.copyOf(also);
  }

  /// To answer: what only learning has (auxiliary heads) may be in the file or not.
  public static Needs toAnswer(Model model) {
    var also = new LinkedHashSet<String>();
    model.states().forEach(d -> also.add(d.name()));
    List<Declaration> states = model.inference(1).states();
    states.forEach(d -> also.remove(d.name()));
    return of(model, states, also);
  }

  /// To answer, of a program that has all parameters of a network and no others.
  public static Needs toAnswer(String network, int classes, Traced answers) {
    var tensors = new LinkedHashMap<String, TensorType>();
    answers.states().forEach(d -> tensors.put(d.name(), d.type()));
    return new Needs(network, classes, tensors, Set.of());
  }

  /// To learn on.
  public static Needs toLearn(Model model) {
    return of(model, model.states(), Set.of());
  }

  private static Needs of(Model model, List<Declaration> states, Set<String> also) {
    var tensors = new LinkedHashMap<String, TensorType>();
    states.forEach(d -> tensors.put(d.name(), d.type()));
    return new Needs(model.name(), model.classes(), tensors, also);
  }
}
