package unfold.train.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import unfold.data.text.Vocabulary;
import unfold.error.InputException;
import unfold.interop.StoredTensor;
import unfold.interop.TensorFile;
import unfold.model.LanguageModel;
import unfold.tensor.Tensor;
import unfold.train.Weights;

/// Weights of a character model, brought to another vocabulary: what belongs to a character goes
/// with it, wherever it stands in the two. Characters that the weights do not know get first
/// values.
///
/// @param weights as the model of the new vocabulary takes them
/// @param fresh characters that the weights do not know
public record TextWeights(Weights weights, List<String> fresh) {
  /// What has a row for each character.
  private static final List<String> ROWS = List.of("embedding.weight", "fc.weight", "fc.bias");

  public TextWeights {
    fresh = List.copyOf(fresh);
  }

  /// @param theirs the vocabulary that the weights were learned with
  /// @param ours that of the text to learn
  /// @param model whose first values new characters get
  /// @throws InputException if the weights are not of so many characters
  public static TextWeights of(
      Weights weights, Vocabulary theirs, Vocabulary ours, LanguageModel model, long seed) {
    var tensors = new LinkedHashMap<>(weights.contents().tensors());
    for (var state : model.reading(1, 1).states()) {
      StoredTensor found = tensors.get(state.name());
      if (!ROWS.contains(state.name()) || found == null) {
        continue;
      }
      if (found.shape().rank() == 0 || found.shape().dim(0) != theirs.size()) {
        throw new InputException(
            weights.file()
                + ": "
                + found
                + " does not go with a vocabulary of "
                + theirs.size()
                + " characters: take the vocab.json that belongs to these weights");
      }
      if (found.shape().rank() == state.type().shape().rank()
          && found.shape().size() / theirs.size() == state.type().shape().size() / ours.size()) {
        Tensor rows = rows(found.tensor(), theirs, state.initial(seed), ours);
        tensors.put(state.name(), StoredTensor.of(state.name(), rows));
      }
    }
    var fresh = new ArrayList<>(ours.entries());
    fresh.removeAll(theirs.entries());
    TensorFile file = weights.contents();
    return new TextWeights(
        new Weights(
            new TensorFile(file.file(), file.format(), tensors, file.metadata()), weights.about()),
        fresh);
  }

  private static Tensor rows(Tensor from, Vocabulary theirs, Tensor to, Vocabulary ours) {
    long width = to.size() / ours.size();
    for (int i = 0; i < ours.size(); i++) {
      int known = theirs.number(ours.text(i).codePointAt(0));
      for (long d = 0; d < width && known >= 0; d++) {
        to.set(i * width + d, from.get(known * width + d));
      }
    }
    return to;
  }
}
