package unfold.bench.examples;

import java.util.List;
import java.util.Map;
import unfold.data.text.Vocabulary;
import unfold.engine.Engine;
import unfold.engine.Learner;
import unfold.engine.Settings;
import unfold.layer.Loss;
import unfold.layer.OneHot;
import unfold.layer.Recurrent;
import unfold.layer.Rnn;
import unfold.model.LanguageModel;
import unfold.optimizer.Adam;
import unfold.optimizer.Updating;
import unfold.run.Program;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// The toy of every lecture on recurrent networks: four letters, and after h, e, l, l come e, l, l,
/// o. The network sees one letter at a time as a one-hot vector; that the first l is followed by an
/// l and the second by an o it can only tell by what it remembers.
public final class Hello {
  private static final Vocabulary LETTERS = new Vocabulary(List.of("h", "e", "l", "o"));
  private static final int STEPS = 100;

  private Hello() {}

  public static void main(String[] arguments) {
    System.out.println(learned(STEPS));
  }

  /// What the network writes after `h` once it has learned for so many steps.
  static String learned(int steps) {
    var rnn = new Recurrent(new Rnn(), LETTERS.size(), 3);
    var model =
        new LanguageModel(
            "hello", Map.of(), new OneHot(LETTERS.size()), "rnn", rnn, 0, LETTERS.size());
    var engine = Engine.open(Settings.defaults());
    var states = new States();

    Learner learner =
        engine.learner(
            model.training(1, 4, new Loss.SoftmaxCrossEntropy()),
            new Adam(0.1),
            Updating.PLAIN.clipNorm(5),
            1,
            states);
    for (int step = 1; step <= steps; step++) {
      learner.feed("tokens").write(letters("hell", 4, 1));
      learner.feed("labels").write(letters("ello", 4));
      learner.feed("keep").write(Tensor.zeros(DType.F32, 1)); // each time a new word
      learner.run(0.1, step);
    }

    Program reader = engine.answering(model.reading(1, 1), states);
    Tensor h = Tensor.zeros(DType.F32, 1, 1, 3);
    var word = new StringBuilder("h");
    while (word.length() < 5) {
      reader.feed("tokens", letters(word.substring(word.length() - 1), 1, 1));
      reader.feed("h", h);
      reader.run();
      h = reader.result("next.h");
      word.append(LETTERS.text(likeliest(reader.result("logits"))));
    }
    return word.toString();
  }

  private static Tensor letters(String text, int... shape) {
    Tensor t = Tensor.zeros(DType.I32, shape);
    int[] numbers = LETTERS.encode(text);
    for (int i = 0; i < numbers.length; i++) {
      t.set(i, numbers[i]);
    }
    return t;
  }

  private static int likeliest(Tensor logits) {
    int best = 0;
    for (int i = 1; i < logits.size(); i++) {
      if (logits.get(i) > logits.get(best)) {
        best = i;
      }
    }
    return best;
  }
}
