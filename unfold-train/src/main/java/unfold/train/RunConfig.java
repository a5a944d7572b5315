package unfold.train;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import unfold.error.InputException;
import unfold.model.Model;
import unfold.optimizer.Updating;

/// Everything a run was asked to do: `config.json`. Two runs with equal configs and equal data on
/// one machine end in the same weights.
///
/// @param version of this record's form
public record RunConfig(
    int version,
    Network model,
    Data data,
    Recipe recipe,
    Tricks tricks,
    Limits limits,
    FineTuning tuning) {
  static final int VERSION = 6;

  /// What configs of older versions leave out.
  static final String OLDER =
      """
      {"data": [{"kind": "pictures"}, {"kind": "text", "heldOut": "END"}],
       "recipe": {"clipValue": 0},
       "tricks": {"mixup": 0, "cutmix": 0, "average": 0, "parts": 1, "crops": 1},
       "tuning": {"freeze": "", "rates": "", "unfreeze": ""}}\
      """;

  /// Without tricks; everything learns alike.
  public RunConfig(Network model, Data data, Recipe recipe, Limits limits) {
    this(VERSION, model, data, recipe, Tricks.NONE, limits, FineTuning.NONE);
  }

  /// What trains most small networks well ([NamedRecipe#usual]): a one-cycle rate for ten epochs,
  /// batch 128; a twentieth of the pictures is held out to choose the best epoch by.
  ///
  /// @param source `digits` or a folder
  public static RunConfig justTrain(Model model, String source) {
    return new RunConfig(
        new Network(model.name(), model.options().toMap()),
        new Pictures(source).validation(0.05),
        NamedRecipe.usual(model).recipe(),
        Limits.NONE);
  }

  /// Whether the same was asked, whichever version of Unfold wrote it down.
  boolean sameAs(RunConfig other) {
    return new RunConfig(other.version, model, data, recipe, tricks, limits, tuning).equals(other);
  }

  public RunConfig recipe(Recipe other) {
    return new RunConfig(version, model, data, other, tricks, limits, tuning);
  }

  public RunConfig limits(Limits other) {
    return new RunConfig(version, model, data, recipe, tricks, other, tuning);
  }

  public RunConfig data(Data other) {
    return new RunConfig(version, model, other, recipe, tricks, limits, tuning);
  }

  public RunConfig tricks(Tricks other) {
    return new RunConfig(version, model, data, recipe, other, limits, tuning);
  }

  public RunConfig tuning(FineTuning other) {
    return new RunConfig(version, model, data, recipe, tricks, limits, other);
  }

  /// The data of a run on pictures.
  ///
  /// @throws InputException if it is a run on something else
  public Pictures pictures() {
    return data(Pictures.class, "pictures");
  }

  /// The data of a run on a text.
  ///
  /// @throws InputException if it is a run on something else
  public Text text() {
    return data(Text.class, "a text");
  }

  /// The data of a run on films.
  ///
  /// @throws InputException if it is a run on something else
  public Video video() {
    return data(Video.class, "films");
  }

  /// The data of a run on pairs of sentences.
  ///
  /// @throws InputException if it is a run on something else
  public Pairs pairs() {
    return data(Pairs.class, "pairs of sentences");
  }

  /// The data of a run on labelled sentences.
  ///
  /// @throws InputException if it is a run on something else
  public Sentences sentences() {
    return data(Sentences.class, "sentences");
  }

  /// The data of a run on pictures with sentences.
  ///
  /// @throws InputException if it is a run on something else
  public Captions captions() {
    return data(Captions.class, "pictures with sentences");
  }

  /// The data of a run on music.
  ///
  /// @throws InputException if it is a run on something else
  public Music music() {
    return data(Music.class, "music");
  }

  private <T extends Data> T data(Class<T> kind, String wanted) {
    if (kind.isInstance(data)) {
      return kind.cast(data);
    }
    throw new InputException(
        model.name() + " learns from " + data.described() + ", not from " + wanted);
  }

  /// Which network.
  ///
  /// @param name in the zoo, or one's own
  /// @param options as words: `classes` → `10`
  public record Network(String name, Map<String, String> options) {
    public Network {
      options = Collections.unmodifiableMap(new TreeMap<>(options));
    }

    public static Network of(Model model) {
      return new Network(model.name(), model.options().toMap());
    }

    @Override
    public String toString() {
      return options.isEmpty()
          ? name
          : options.entrySet().stream()
              .map(e -> e.getKey() + "=" + e.getValue())
              .collect(Collectors.joining(",", name + "(", ")"));
    }
  }

  /// What a run learns from; `kind` in the file says which.
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Pictures.class, name = "pictures"),
    @JsonSubTypes.Type(value = Text.class, name = "text"),
    @JsonSubTypes.Type(value = Video.class, name = "video"),
    @JsonSubTypes.Type(value = Pairs.class, name = "pairs"),
    @JsonSubTypes.Type(value = Sentences.class, name = "sentences"),
    @JsonSubTypes.Type(value = Music.class, name = "music"),
    @JsonSubTypes.Type(value = Captions.class, name = "captions"),
  })
  public sealed interface Data {
    /// Where it comes from: a name of Unfold's own, a file or a folder.
    String source();

    /// In words, for messages: `the text java`.
    String described();
  }

  /// Which films.
  ///
  /// @param source `moving-digits`
  /// @param films to learn from
  /// @param frames of each
  public record Video(String source, int films, int frames) implements Data {
    /// The films that Unfold draws itself.
    public static final String MOVING_DIGITS = "moving-digits";

    public Video {
      if (!source.equals(MOVING_DIGITS)) {
        throw new InputException("there are no films '" + source + "', only " + MOVING_DIGITS);
      }
      require(films >= 1, "number of films", films, "at least 1");
      require(frames >= 1, "number of frames", frames, "at least 1");
    }

    @Override
    public String described() {
      return "the films of " + source;
    }
  }

  /// Which labelled sentences: a folder with `train.tsv` and `dev.tsv`, a sentence and its label a
  /// line.
  ///
  /// @param leastCount how often a word must occur in training to be known
  /// @param buckets lengths that batches have, each a program of its own
  public record Sentences(String source, int leastCount, int buckets) implements Data {
    public Sentences {
      require(leastCount >= 1, "least count of a word", leastCount, "at least 1");
      require(buckets >= 1, "number of buckets", buckets, "at least 1");
    }

    @Override
    public String described() {
      return "the sentences in " + source;
    }
  }

  /// Which pictures with a sentence about each.
  ///
  /// @param source `digits` or a folder
  /// @param pictures to learn from at most, chosen at random
  public record Captions(String source, int pictures) implements Data {
    public Captions {
      require(pictures >= 1, "number of pictures", pictures, "at least 1");
    }

    @Override
    public String described() {
      return "sentences about the pictures of " + source;
    }
  }

  /// Which pieces of music.
  ///
  /// @param source a file, or a folder with one in it
  public record Music(String source) implements Data {
    @Override
    public String described() {
      return "the music of " + source;
    }
  }

  /// Which text, and how it is cut into sequences: as many parallel streams as a batch has rows,
  /// read `sequence` characters at a time.
  ///
  /// @param source `java` or a file
  /// @param validation part of the text held out to choose the best epoch by; 0 for none
  /// @param heldOut which part that is
  /// @param sequence steps through which the gradient goes back
  public record Text(String source, double validation, HeldOut heldOut, int sequence)
      implements Data {
    public Text {
      require(validation >= 0 && validation < 1, "validation", validation, "in 0 … 1");
      require(sequence >= 1, "sequence length", sequence, "at least 1");
    }

    @Override
    public String described() {
      return "the text " + source;
    }
  }

  /// Where the held-out part of a text lies.
  public enum HeldOut {
    /// At the end of the text: what an author wrote last.
    END,
    /// At the end of each of the parallel streams, so that it comes from everywhere in the text:
    /// the split of char-rnn, and of the figures published for it.
    STREAMS
  }

  /// Which pairs of sentences, each a line of two files: `train.de` and `train.en`.
  ///
  /// @param source folder of the files
  /// @param from ending of the files to read
  /// @param to ending of the files to write
  /// @param lowerCase whether `The` and `the` are one word
  /// @param leastCount how often a word must occur in training to be known
  /// @param longest words of a sentence to learn from; longer ones are left out
  /// @param buckets lengths that batches have, each a program of its own
  /// @param sampling chance that the network is given its own guess instead of the right word, in
  ///   the last step; it grows from 0 in a straight line. 0 for never
  public record Pairs(
      String source,
      String from,
      String to,
      boolean lowerCase,
      int leastCount,
      int longest,
      int buckets,
      double sampling)
      implements Data {
    public Pairs {
      require(leastCount >= 1, "least count of a word", leastCount, "at least 1");
      require(longest >= 1, "longest sentence", longest, "at least 1");
      require(buckets >= 1, "number of buckets", buckets, "at least 1");
      require(sampling >= 0 && sampling <= 1, "chance of a guess", sampling, "in 0 … 1");
    }

    /// Words in lower case, known from two occurrences on, of sentences of up to 60.
    public Pairs(String source, String from, String to) {
      this(source, from, to, true, 2, 60, 5, 0);
    }

    public Pairs lowerCase(boolean so) {
      return new Pairs(source, from, to, so, leastCount, longest, buckets, sampling);
    }

    public Pairs leastCount(int times) {
      return new Pairs(source, from, to, lowerCase, times, longest, buckets, sampling);
    }

    public Pairs longest(int words) {
      return new Pairs(source, from, to, lowerCase, leastCount, words, buckets, sampling);
    }

    public Pairs buckets(int count) {
      return new Pairs(source, from, to, lowerCase, leastCount, longest, count, sampling);
    }

    public Pairs sampling(double chance) {
      return new Pairs(source, from, to, lowerCase, leastCount, longest, buckets, chance);
    }

    @Override
    public String described() {
      return "the pairs of sentences in " + source;
    }
  }

  /// Which pictures, and how they are prepared.
  ///
  /// @param source `digits` or a folder
  /// @param validation fraction of the training pictures held out to choose the best epoch by; 0
  ///   takes the parts that the set has: its validation pictures, else its test pictures
  /// @param holdOut number of last training pictures held out instead; 0 for none
  /// @param augmentation text form of the transforms for training, `none` for none
  /// @param threads that prepare batches while the step runs; 0 prepares them in between
  public record Pictures(
      String source, double validation, int holdOut, String augmentation, int threads)
      implements Data {
    public Pictures {
      require(validation >= 0 && validation < 1, "validation", validation, "in 0 … 1");
      require(holdOut >= 0, "number of pictures to hold out", holdOut, "at least 0");
      require(threads >= 0, "number of loader threads", threads, "at least 0");
    }

    /// As the set has them, without augmentation, prepared by one thread.
    public Pictures(String source) {
      this(source, 0, 0, "none", 1);
    }

    public Pictures validation(double fraction) {
      return new Pictures(source, fraction, holdOut, augmentation, threads);
    }

    public Pictures holdOut(int last) {
      return new Pictures(source, validation, last, augmentation, threads);
    }

    public Pictures augmentation(String transforms) {
      return new Pictures(source, validation, holdOut, transforms, threads);
    }

    public Pictures threads(int count) {
      return new Pictures(source, validation, holdOut, augmentation, count);
    }

    @Override
    public String described() {
      return "the pictures of " + source;
    }
  }

  /// How to learn.
  ///
  /// @param optimizer text form with the base learning rate
  /// @param schedule text form of the factor on that rate over time
  /// @param precision `f32`, `bf16` or `auto`
  /// @param labelSmoothing share of each label that is spread over all classes
  /// @param clip largest norm of all gradients together; 0 does not clip
  /// @param clipValue largest size of a number in a gradient; 0 does not clip
  /// @param seed of the first weights, the order of the pictures, augmentation and dropout
  public record Recipe(
      int epochs,
      int batch,
      String optimizer,
      String schedule,
      String precision,
      double labelSmoothing,
      double clip,
      double clipValue,
      long seed) {
    public Recipe {
      require(epochs >= 1, "number of epochs", epochs, "at least 1");
      require(batch >= 1, "batch", batch, "at least 1");
      require(
          labelSmoothing >= 0 && labelSmoothing < 1, "label smoothing", labelSmoothing, "in 0 … 1");
      require(clip >= 0, "largest gradient norm", clip, "at least 0");
      require(clipValue >= 0, "largest gradient value", clipValue, "at least 0");
    }

    /// Whether gradients are limited, by norm or by value.
    boolean clips() {
      return clip > 0 || clipValue > 0;
    }

    /// What the optimiser does beside its rule.
    public Updating updating() {
      return Updating.PLAIN.clipNorm(clip).clipValue(clipValue);
    }

    public Recipe epochs(int count) {
      return new Recipe(
          count, batch, optimizer, schedule, precision, labelSmoothing, clip, clipValue, seed);
    }

    public Recipe batch(int size) {
      return new Recipe(
          epochs, size, optimizer, schedule, precision, labelSmoothing, clip, clipValue, seed);
    }

    public Recipe optimizer(String text) {
      return new Recipe(
          epochs, batch, text, schedule, precision, labelSmoothing, clip, clipValue, seed);
    }

    public Recipe schedule(String text) {
      return new Recipe(
          epochs, batch, optimizer, text, precision, labelSmoothing, clip, clipValue, seed);
    }

    public Recipe precision(String text) {
      return new Recipe(
          epochs, batch, optimizer, schedule, text, labelSmoothing, clip, clipValue, seed);
    }

    public Recipe labelSmoothing(double share) {
      return new Recipe(
          epochs, batch, optimizer, schedule, precision, share, clip, clipValue, seed);
    }

    public Recipe clip(double norm) {
      return new Recipe(
          epochs, batch, optimizer, schedule, precision, labelSmoothing, norm, clipValue, seed);
    }

    public Recipe clipValue(double size) {
      return new Recipe(
          epochs, batch, optimizer, schedule, precision, labelSmoothing, clip, size, seed);
    }

    public Recipe seed(long number) {
      return new Recipe(
          epochs, batch, optimizer, schedule, precision, labelSmoothing, clip, clipValue, number);
    }
  }

  /// When to stop before the last epoch, and dry runs. A limit of 0 does not limit.
  ///
  /// @param patience epochs without a better score after which to stop
  /// @param seconds of one sitting, after which to stop at a step's end
  /// @param batches an epoch and a validation at most: a dry run on a fixed random part
  /// @param overfitBatches train and measure on the same pictures, this many batches: can the
  ///   network learn at all?
  public record Limits(int patience, long seconds, int batches, int overfitBatches) {
    public static final Limits NONE = new Limits(0, 0, 0, 0);

    public Limits {
      require(patience >= 0, "patience", patience, "at least 0");
      require(seconds >= 0, "time limit", seconds, "at least 0");
      require(batches >= 0, "limit of batches", batches, "at least 0");
      require(overfitBatches >= 0, "number of batches to overfit", overfitBatches, "at least 0");
    }

    public Limits patience(int epochs) {
      return new Limits(epochs, seconds, batches, overfitBatches);
    }

    public Limits seconds(long count) {
      return new Limits(patience, count, batches, overfitBatches);
    }

    public Limits batches(int count) {
      return new Limits(patience, seconds, count, overfitBatches);
    }

    public Limits overfitBatches(int count) {
      return new Limits(patience, seconds, batches, count);
    }
  }

  private static void require(boolean holds, String what, Number value, String range) {
    if (!holds) {
      throw new InputException("the " + what + " must be " + range + ", but is " + value);
    }
  }
}
