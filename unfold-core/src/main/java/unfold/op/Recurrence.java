package unfold.op;

import org.jspecify.annotations.Nullable;

/// Recurrent layers: whole sequences, which programs are made of, the gates of single steps, which
/// backends compose them from, and products that leave padding out.
public sealed interface Recurrence extends Op
    permits RecurrentSequence, RecurrentStep, SequenceProduct {

  static @Nullable Op read(String name, Attributes a) {
    Op op = RecurrentSequence.read(name, a);
    op = op != null ? op : RecurrentStep.read(name, a);
    return op != null ? op : SequenceProduct.read(name, a);
  }
}
