package unfold.train.caption;

import java.util.List;
import unfold.data.image.PictureShape;
import unfold.data.text.WordVocabulary;
import unfold.engine.Feed;
import unfold.run.Program;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// Pictures side by side with their sentences, words time by time, as a step takes them.
final class CaptionBatch {
  /// A label that does not count.
  private static final int NONE = -1;

  private final int rows;
  private final int steps;
  private final Tensor pictures;
  private final Tensor tokens;
  private final Tensor labels;

  /// @param steps words of the longest sentence, and its end
  CaptionBatch(int rows, int steps, PictureShape shape) {
    this.rows = rows;
    this.steps = steps;
    this.pictures = Tensor.zeros(DType.U8, rows, shape.height(), shape.width(), shape.channels());
    this.tokens = Tensor.zeros(DType.I32, steps - 1, rows);
    this.labels = Tensor.zeros(DType.I32, steps * rows);
  }

  int rows() {
    return rows;
  }

  /// @shape i32 [T·N]
  Tensor labels() {
    return labels;
  }

  /// Writes a picture and the words about it.
  void set(int row, Described set, int item, WordVocabulary vocabulary) {
    set.read(item, pictures.data(), row);
    List<String> words = set.sentence(item);
    for (int t = 0; t < steps; t++) {
      int place = t * rows + row;
      int token = t < words.size() ? vocabulary.number(words.get(t)) : WordVocabulary.PAD;
      if (t < steps - 1) {
        tokens.set(place, token);
      }
      labels.set(place, t < words.size() ? token : t == words.size() ? WordVocabulary.END : NONE);
    }
  }

  /// Nothing of this row counts.
  void clear(int row) {
    for (int t = 0; t < steps; t++) {
      labels.set((long) t * rows + row, NONE);
    }
  }

  /// Where a program takes pictures and words.
  record To(Feed pictures, Feed tokens) {
    static To of(Program program) {
      return new To(Feed.pictures(program), Feed.of(program, "tokens"));
    }
  }

  void write(To to) {
    to.pictures.write(pictures);
    to.tokens.write(tokens);
  }
}
