package unfold.bench.examples;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import unfold.data.text.Sentences;
import unfold.data.text.Tokenizer;
import unfold.data.text.WordVocabulary;
import unfold.engine.Engine;
import unfold.engine.Feed;
import unfold.engine.Learner;
import unfold.engine.Settings;
import unfold.layer.Embedding;
import unfold.layer.Gru;
import unfold.layer.Loss;
import unfold.layer.Recurrent;
import unfold.model.SequenceClassifier;
import unfold.optimizer.Adam;
import unfold.optimizer.Updating;
import unfold.run.Program;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// Many-to-one, as small as can be: whether a sentence praises (1) or blames (0). "Not" turns what
/// follows, so that the network must read in order.
public final class Praise {
  private static final int LONGEST = 5;
  private static final List<String> LEARNED =
      List.of(
          "good",
          "bad",
          "not good",
          "not bad",
          "very good",
          "very bad",
          "not very good",
          "not very bad",
          "really good",
          "really bad",
          "not really good",
          "really not bad");
  private static final List<Integer> PRAISES = List.of(1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1);

  private Praise() {}

  public static void main(String[] arguments) {
    var asked = List.of("really very good", "really not very good", "very bad", "not really bad");
    List<Integer> answers = answers(asked);
    for (int i = 0; i < asked.size(); i++) {
      System.out.println((answers.get(i) == 1 ? "praise: " : "blame:  ") + asked.get(i));
    }
  }

  /// What a network says of some sentences after it has learned from twelve others.
  static List<Integer> answers(List<String> asked) {
    var words = WordVocabulary.of(LEARNED.stream().map(Tokenizer.LOWER_CASE::tokens), 1, 0);
    var model =
        new SequenceClassifier(
            "praise",
            Map.of(),
            new Embedding(words.size(), 8),
            "gru",
            new Recurrent(new Gru(), 8, 16),
            0,
            2);
    var engine = Engine.open(Settings.defaults());
    var states = new States();

    int rows = LEARNED.size();
    Learner learner =
        engine.learner(
            model.training(rows, LONGEST, new Loss.SoftmaxCrossEntropy()),
            new Adam(0.02),
            Updating.PLAIN,
            1,
            states);
    Tensor labels = Tensor.zeros(DType.I32, rows);
    for (int n = 0; n < rows; n++) {
      labels.set(n, PRAISES.get(n));
    }
    for (int step = 1; step <= 100; step++) {
      write(learner.program(), words, LEARNED);
      learner.feed("labels").write(labels);
      learner.run(0.02, step);
    }

    Program answering = engine.answering(model.answering(asked.size(), LONGEST), states);
    write(answering, words, asked);
    answering.run();
    Tensor logits = answering.result("logits");
    return IntStream.range(0, asked.size())
        .mapToObj(n -> logits.get(2L * n + 1) > logits.get(2L * n) ? 1 : 0)
        .toList();
  }

  /// The sentences side by side, with their lengths; what they leave is padding and counts nowhere.
  private static void write(Program program, WordVocabulary words, List<String> lines) {
    var sentences =
        new Sentences(lines.stream().map(Tokenizer.LOWER_CASE::tokens).map(words::encode).toList());
    var all = IntStream.range(0, lines.size()).boxed().toList();
    Tensor tokens = Tensor.zeros(DType.I32, LONGEST, lines.size());
    Tensor lengths = Tensor.zeros(DType.I32, lines.size());
    sentences.fill(all, WordVocabulary.PAD, tokens);
    sentences.lengths(all, lengths);
    Feed.of(program, "tokens").write(tokens);
    Feed.of(program, "lengths").write(lengths);
  }
}
