package unfold.train.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import unfold.data.text.LengthBuckets;
import unfold.data.text.Sentences;
import unfold.data.text.WordVocabulary;
import unfold.tensor.Tensor;

/// Pairs of sentences as numbers. What is read ends with `<eos>`; what the decoder is given begins
/// with `<bos>`, and what it is to foretell ends with `<eos>`.
final class Pairs {
  /// A label that does not count.
  static final int NONE = -100;

  private final Sentences source;
  private final Sentences given;
  private final Sentences wanted;

  private Pairs(Sentences source, Sentences given, Sentences wanted) {
    this.source = source;
    this.given = given;
    this.wanted = wanted;
  }

  /// @param reversed whether what is read comes with its last word first
  /// @param longest words; pairs with a longer sentence, or with none on one side, are left out
  static Pairs of(Corpus corpus, Languages languages, boolean reversed, int longest) {
    var source = new ArrayList<int[]>();
    var given = new ArrayList<int[]>();
    var wanted = new ArrayList<int[]>();
    for (int i = 0; i < corpus.size(); i++) {
      List<String> from = languages.tokenizer().tokens(corpus.source().get(i));
      List<String> to = languages.tokenizer().tokens(corpus.target().get(i));
      int least = Math.min(from.size(), to.size());
      if (least > 0 && Math.max(from.size(), to.size()) <= longest) {
        source.add(read(languages.source().encode(from), reversed));
        int[] words = languages.target().encode(to);
        given.add(join(IntStream.of(WordVocabulary.BEGIN), IntStream.of(words)));
        wanted.add(join(IntStream.of(words), IntStream.of(WordVocabulary.END)));
      }
    }
    return new Pairs(new Sentences(source), new Sentences(given), new Sentences(wanted));
  }

  /// A sentence as the encoder reads it.
  static int[] read(int[] words, boolean reversed) {
    int n = words.length;
    var order = IntStream.range(0, n).map(i -> words[reversed ? n - 1 - i : i]);
    return join(order, IntStream.of(WordVocabulary.END));
  }

  private static int[] join(IntStream a, IntStream b) {
    return IntStream.concat(a, b).toArray();
  }

  int size() {
    return source.size();
  }

  /// Words to foretell, ends among them.
  long words() {
    return IntStream.of(wanted.lengths()).asLongStream().sum();
  }

  LengthBuckets buckets(int count, int rows) {
    int[] longer = new int[size()];
    for (int i = 0; i < longer.length; i++) {
      longer[i] = Math.max(source.length(i), given.length(i));
    }
    return LengthBuckets.of(longer, count, rows);
  }

  /// A batch in the shapes of [EncoderDecoder#teaching].
  record Batch(Tensor source, Tensor lengths, Tensor target, Tensor labels) {}

  void fill(List<Integer> items, Batch batch) {
    source.fill(items, WordVocabulary.PAD, batch.source());
    source.lengths(items, batch.lengths());
    given.fill(items, WordVocabulary.PAD, batch.target());
    wanted.fill(items, NONE, batch.labels().reshape(batch.target().shape()));
  }
}
