package unfold.train.translate;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.data.text.WordVocabulary;
import unfold.engine.Engine;
import unfold.engine.Feed;
import unfold.layer.Cell;
import unfold.model.EncoderDecoder;
import unfold.run.Program;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// Reads some sentences and writes their translations, all side by side: `beam` rows for each
/// sentence, whose states follow the beginnings that the search keeps.
final class Decoder {
  private final EncoderDecoder model;
  private final int sentences;
  private final int beam;
  private final int steps;
  private final Program reading;
  private final Program writing;
  private final Tensor source;
  private final Tensor lengths;
  private final Tensor tokens;
  private final Tensor allLengths;
  private final List<Memory> memories = new ArrayList<>();
  private final Optional<Tensor> looks;

  /// A state of the cells [layers×N×width] on its way from one step to the next.
  private record Memory(Tensor read, Tensor held, Feed in, Tensor out) {}

  /// @param sentences at once
  /// @param beam rows for each
  /// @param steps of the longest sentence to read, its end among them
  Decoder(Engine engine, EncoderDecoder model, States states, int sentences, int beam, int steps) {
    this.model = model;
    this.sentences = sentences;
    this.beam = beam;
    this.steps = steps;
    int rows = sentences * beam;
    this.reading = engine.answering(model.reading(sentences, steps), states);
    this.writing = engine.answering(model.writing(rows, steps), states);
    this.source = Tensor.zeros(DType.I32, steps, sentences);
    this.lengths = Tensor.zeros(DType.I32, sentences);
    this.tokens = Tensor.zeros(DType.I32, 1, rows);
    this.allLengths = Tensor.zeros(DType.I32, rows);
    for (Cell.Memory m : model.memories()) {
      Feed in = Feed.of(writing, m.name());
      Tensor out = writing.view("next." + m.name());
      memories.add(new Memory(reading.view(m.name()), Tensor.zeros(in.type()), in, out));
    }
    this.looks =
        model.attention().isPresent() ? Optional.of(writing.view("looks")) : Optional.empty();
  }

  int steps() {
    return steps;
  }

  int sentences() {
    return sentences;
  }

  /// Reads sentences; what is written next are their first words.
  ///
  /// @param words as the encoder reads them; at most as many sentences as there is room for
  void read(List<int[]> words) {
    for (int n = 0; n < sentences; n++) {
      int[] row = n < words.size() ? words.get(n) : new int[0];
      for (int t = 0; t < steps; t++) {
        source.set((long) t * sentences + n, t < row.length ? row[t] : WordVocabulary.PAD);
      }
      lengths.set(n, row.length);
      for (int k = 0; k < beam; k++) {
        allLengths.set((long) n * beam + k, row.length);
      }
    }
    reading.feed("source", source);
    reading.feed("lengths", lengths);
    reading.run();
    for (Memory m : memories) {
      spread(m.read(), m.held());
      m.in().write(m.held());
    }
    if (model.attention().isPresent()) {
      Tensor read = reading.view("memory");
      Tensor all = Tensor.zeros(writing.type("memory"));
      long bytes = read.type().bytes() / sentences;
      for (int row = 0; row < sentences * beam; row++) {
        MemorySegment.copy(read.data(), row / beam * bytes, all.data(), row * bytes, bytes);
      }
      writing.feed("memory", all);
      writing.feed("lengths", allLengths);
    }
  }

  /// Each sentence's states into all of its rows.
  private void spread(Tensor read, Tensor held) {
    int layers = held.shape().dim(0);
    long bytes = held.type().bytes() / ((long) layers * sentences * beam);
    for (int l = 0; l < layers; l++) {
      for (int row = 0; row < sentences * beam; row++) {
        long from = ((long) l * sentences + row / beam) * bytes;
        long to = ((long) l * sentences * beam + row) * bytes;
        MemorySegment.copy(read.data(), from, held.data(), to, bytes);
      }
    }
  }

  /// Lets each row be told its last word.
  ///
  /// @param row sentence · beam + place
  void say(int row, int word) {
    tokens.set(row, word);
  }

  /// Writes one word on.
  ///
  /// @return log-probabilities of what follows [N×V]: a view, valid until the next
  Tensor write() {
    writing.feed("tokens", tokens);
    writing.run();
    return writing.view("log_probabilities");
  }

  /// Where each row looked when it wrote last [N×S]; empty without attention.
  Optional<Tensor> looks() {
    return looks;
  }

  /// Rows go on from the states in which others are now.
  ///
  /// @param from for each row, the row that it goes on from
  void follow(int[] from) {
    for (Memory m : memories) {
      int layers = m.held().shape().dim(0);
      long bytes = m.held().type().bytes() / ((long) layers * from.length);
      for (int l = 0; l < layers; l++) {
        for (int row = 0; row < from.length; row++) {
          long source = ((long) l * from.length + from[row]) * bytes;
          long target = ((long) l * from.length + row) * bytes;
          MemorySegment.copy(m.out().data(), source, m.held().data(), target, bytes);
        }
      }
      m.in().write(m.held());
    }
  }

  /// The best translation of each sentence.
  ///
  /// @param words as the encoder reads them
  /// @param limits words of each translation at most
  List<Beam> search(List<int[]> words, Search how, List<Integer> limits) {
    read(words);
    var beams = limits.stream().map(limit -> new Beam(how, limit)).toList();
    int[] from = new int[sentences * beam];
    boolean alive = true;
    while (alive) {
      for (int n = 0; n < beams.size(); n++) {
        List<Beam.Hypothesis> now = beams.get(n).alive();
        for (int k = 0; k < now.size(); k++) {
          say(n * beam + k, now.get(k).word());
        }
      }
      Tensor logs = write();
      alive = false;
      for (int row = 0; row < from.length; row++) {
        from[row] = row;
      }
      for (int n = 0; n < beams.size(); n++) {
        Beam b = beams.get(n);
        if (!b.alive().isEmpty()) {
          int vocabulary = logs.shape().dim(1);
          b.step(logs.data(), (long) n * beam * vocabulary, vocabulary);
          for (int k = 0; k < b.alive().size(); k++) {
            from[n * beam + k] = n * beam + b.alive().get(k).row();
          }
          alive |= !b.alive().isEmpty();
        }
      }
      follow(from);
    }
    return beams;
  }
}
