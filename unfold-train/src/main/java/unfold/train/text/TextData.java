package unfold.train.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unfold.data.text.TokenStreams;
import unfold.data.text.Vocabulary;
import unfold.error.InputException;
import unfold.train.RunConfig;

/// The text of a run: its first part to learn from, its last held out. The vocabulary is that of
/// both.
///
/// @param heldOut tokens to choose the best epoch by; fewer than two for none
/// @param trainText fingerprint of the part learned from
/// @param heldText fingerprint of the part held out
/// @param notes how the parts came about, as far as people should know
record TextData(
    Vocabulary vocabulary,
    TokenStreams train,
    List<Integer> heldOut,
    String trainText,
    String heldText,
    List<String> notes) {
  TextData {
    heldOut = List.copyOf(heldOut);
    notes = List.copyOf(notes);
  }

  static TextData open(RunConfig config) {
    RunConfig.Text asked = config.text();
    String text = Texts.named(asked.source());
    Vocabulary vocabulary = Vocabulary.of(text);
    int[] all = vocabulary.encode(text);
    int cut = trained(all.length, asked.validation());
    int[] train = Arrays.copyOf(all, cut);
    int[] held = Arrays.copyOfRange(all, cut, all.length);
    if (asked.validation() > 0 && held.length < 2) {
      throw new InputException(
          asked.source()
              + ": "
              + asked.validation()
              + " of its "
              + all.length
              + " characters is too little to hold out: take a longer text, or --validation 0");
    }
    var notes = new ArrayList<String>();
    notes.add(
        "%s: %,d characters, %d different; the last %,d are held out"
            .formatted(asked.source(), all.length, vocabulary.size(), held.length));
    int window = Math.multiplyExact(config.recipe().batch(), asked.sequence());
    RunConfig.Limits limits = config.limits();
    if (limits.overfitBatches() > 0) {
      train = first(train, limits.overfitBatches(), window);
      held = train;
      notes.add("a dry run: learns from " + train.length + " characters and is measured on them");
    } else if (limits.batches() > 0) {
      train = first(train, limits.batches(), window);
      held = first(held, limits.batches(), window);
      notes.add("a dry run: learns from " + train.length + " characters");
    }
    var streams =
        new TokenStreams(train, config.recipe().batch(), asked.sequence(), asked.source());
    return new TextData(
        vocabulary,
        streams,
        Arrays.stream(held).boxed().toList(),
        Texts.fingerprint(vocabulary.decode(train)),
        held.length < 2 ? "" : Texts.fingerprint(vocabulary.decode(held)),
        notes);
  }

  /// Characters to learn from; the rest is held out.
  static int trained(int length, double validation) {
    return length - (int) Math.round(length * validation);
  }

  private static int[] first(int[] tokens, int batches, int window) {
    return Arrays.copyOf(tokens, (int) Math.min(tokens.length, (long) batches * window + 1));
  }
}
