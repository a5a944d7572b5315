package unfold.op;

import org.jspecify.annotations.Nullable;

/// Recurrent layers: whole sequences, which programs are made of, and the gates of single steps,
/// which backends compose them from.
public sealed interface Recurrence extends Op permits RecurrentSequence, RecurrentStep {

  static @Nullable Op read(String name, Attributes a) {
    Op op = RecurrentSequence.read(name, a);
    return op != null ? op : RecurrentStep.read(name, a);
  }
}
