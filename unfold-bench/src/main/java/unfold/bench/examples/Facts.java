package unfold.bench.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import unfold.data.text.Sentences;
import unfold.data.text.WordVocabulary;
import unfold.engine.Engine;
import unfold.engine.Learner;
import unfold.engine.Settings;
import unfold.layer.Loss;
import unfold.layer.Lstm;
import unfold.layer.Recurrent;
import unfold.model.Captioner;
import unfold.optimizer.Adam;
import unfold.optimizer.Updating;
import unfold.random.Stream;
import unfold.run.Program;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// One-to-many, as small as can be: of a digit, given as ten numbers of which one is 1, the network
/// says in words what it knows.
public final class Facts {
  private static final List<String> NAMES =
      List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");
  private static final int LONGEST = 12;
  private static final int NONE = -1;

  private final WordVocabulary words =
      WordVocabulary.of(IntStream.range(0, 10).mapToObj(Facts::fact), 1, 0);
  private final Captioner model =
      new Captioner(
          "facts",
          Map.of(),
          NAMES.size(),
          "lstm",
          new Recurrent(new Lstm().forgetBias(1), 16, 32),
          0,
          words.size());
  private final Engine engine = Engine.open(Settings.defaults());
  private final States states = new States();

  public static void main(String[] arguments) {
    var facts = new Facts();
    facts.learn(150);
    for (int digit = 0; digit < 10; digit++) {
      System.out.println(digit + ": " + String.join(" ", facts.say(digit)));
    }
    Stream random = Stream.of(1, "facts", 0);
    System.out.println(
        "3, at random: " + String.join(" ", facts.say(3, logits -> sampled(logits, 2, random))));
  }

  /// `seven is odd and more than four`
  static List<String> fact(int digit) {
    String parity = digit % 2 == 0 ? "even" : "odd";
    var fact = new ArrayList<>(List.of(NAMES.get(digit), "is", parity));
    fact.addAll(digit > 4 ? List.of("and", "more", "than", "four") : List.of());
    return fact;
  }

  /// All ten facts in each step.
  void learn(int steps) {
    var facts = new Sentences(IntStream.range(0, 10).mapToObj(d -> words.encode(fact(d))).toList());
    int longest = IntStream.of(facts.lengths()).max().orElseThrow();
    var all = IntStream.range(0, 10).boxed().toList();
    Learner learner =
        engine.learner(
            model.training(10, longest + 1, new Loss.SoftmaxCrossEntropy().ignore(NONE)),
            new Adam(0.01),
            Updating.PLAIN.clipNorm(1),
            1,
            states);
    Tensor tokens = Tensor.zeros(DType.I32, longest, 10);
    facts.fill(all, WordVocabulary.PAD, tokens);
    Tensor labels = Tensor.zeros(DType.I32, (longest + 1) * 10);
    for (int d = 0; d < 10; d++) {
      int[] fact = facts.tokens(d);
      for (int t = 0; t <= longest; t++) {
        int label = t < fact.length ? fact[t] : t == fact.length ? WordVocabulary.END : NONE;
        labels.set(10L * t + d, label);
      }
    }
    Tensor digits = Tensor.zeros(DType.F32, 10, 10);
    all.forEach(d -> digits.set(11L * d, 1));
    for (int step = 1; step <= steps; step++) {
      learner.feed("features").write(digits);
      learner.feed("tokens").write(tokens);
      learner.feed("labels").write(labels);
      learner.run(0.01, step);
    }
  }

  /// The likeliest words.
  List<String> say(int digit) {
    return say(digit, Facts::likeliest);
  }

  /// @param choose a word by the logits of all
  List<String> say(int digit, ToIntFunction<Tensor> choose) {
    Tensor features = Tensor.zeros(DType.F32, 1, 10);
    features.set(digit, 1);
    Program begin = engine.answering(model.beginning(1), states);
    begin.feed("features", features);
    begin.run();
    Program go = engine.answering(model.continuing(1), states);
    Program last = begin;
    var said = new ArrayList<String>();
    int word = choose.applyAsInt(begin.result("logits"));
    while (word != WordVocabulary.END && said.size() < LONGEST) {
      said.add(words.word(word));
      Tensor token = Tensor.zeros(DType.I32, 1, 1);
      token.set(0, word);
      go.feed("tokens", token);
      for (var memory : model.memories()) {
        go.feed(memory.name(), last.result("next." + memory.name()));
      }
      go.run();
      last = go;
      word = choose.applyAsInt(go.result("logits"));
    }
    return said;
  }

  private static int likeliest(Tensor logits) {
    return IntStream.range(0, (int) logits.size())
        .reduce((a, b) -> logits.get(b) > logits.get(a) ? b : a)
        .orElseThrow();
  }

  /// At random: softmax(logits/temperature), by the Gumbel trick.
  static int sampled(Tensor logits, double temperature, Stream random) {
    double[] noisy = new double[(int) logits.size()];
    for (int i = 0; i < noisy.length; i++) {
      double gumbel = -Math.log(-Math.log(1 - random.nextDouble()));
      noisy[i] = logits.get(i) / temperature + gumbel;
    }
    return IntStream.range(0, noisy.length)
        .reduce((a, b) -> noisy[b] > noisy[a] ? b : a)
        .orElseThrow();
  }
}
