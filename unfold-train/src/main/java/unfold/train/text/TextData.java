package unfold.train.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unfold.data.text.TokenStreams;
import unfold.data.text.Vocabulary;
import unfold.error.InputException;
import unfold.train.RunConfig;
import unfold.train.RunConfig.HeldOut;

/// The text of a run: a part to learn from, a part held out. The vocabulary is that of both.
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
    Parts parts =
        switch (asked.heldOut()) {
          case END -> Parts.end(all, config);
          case STREAMS -> Parts.streams(all, config);
        };
    var notes = new ArrayList<String>();
    notes.add(
        "%s: %,d characters, %d different; %s %,d are held out"
            .formatted(
                asked.source(),
                all.length,
                vocabulary.size(),
                asked.heldOut() == HeldOut.END ? "the last" : "at the ends of the streams",
                parts.held.length));
    TokenStreams streams = parts.train;
    int[] held = parts.held;
    RunConfig.Limits limits = config.limits();
    int batches = limits.overfitBatches() > 0 ? limits.overfitBatches() : limits.batches();
    if (batches > 0) {
      streams = streams.first(Math.min(batches, streams.windows()));
      int window = streams.rows() * streams.steps();
      held =
          limits.overfitBatches() > 0
              ? streams.tokens()
              : Arrays.copyOf(held, (int) Math.min(held.length, (long) batches * window + 1));
      notes.add(
          "a dry run: learns from "
              + streams.tokens().length
              + " characters"
              + (limits.overfitBatches() > 0 ? " and is measured on them" : ""));
    }
    return new TextData(
        vocabulary,
        streams,
        Arrays.stream(held).boxed().toList(),
        Texts.fingerprint(vocabulary.decode(streams.tokens())),
        held.length < 2 ? "" : Texts.fingerprint(vocabulary.decode(held)),
        notes);
  }

  /// A text in two.
  private record Parts(TokenStreams train, int[] held) {
    static Parts end(int[] all, RunConfig config) {
      RunConfig.Text asked = config.text();
      int cut = all.length - (int) Math.round(all.length * asked.validation());
      int[] held = Arrays.copyOfRange(all, cut, all.length);
      if (asked.validation() > 0 && held.length < 2) {
        throw tooLittle(all.length, asked);
      }
      return new Parts(streams(Arrays.copyOf(all, cut), config.recipe(), asked), held);
    }

    static Parts streams(int[] all, RunConfig config) {
      RunConfig.Text asked = config.text();
      TokenStreams whole = streams(all, config.recipe(), asked);
      int windows = whole.windows() - (int) Math.round(whole.windows() * asked.validation());
      if (windows == 0 || (asked.validation() > 0 && windows == whole.windows())) {
        throw tooLittle(all.length, asked);
      }
      return new Parts(whole.first(windows), whole.after(windows));
    }

    private static TokenStreams streams(int[] tokens, RunConfig.Recipe recipe, RunConfig.Text of) {
      return new TokenStreams(tokens, recipe.batch(), of.sequence(), of.source());
    }

    private static InputException tooLittle(int characters, RunConfig.Text asked) {
      return new InputException(
          asked.source()
              + ": its "
              + characters
              + " characters cannot be split so that "
              + asked.validation()
              + " of them are held out: take a longer text, or --validation 0");
    }
  }
}
