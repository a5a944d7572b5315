package unfold.data.digits;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import unfold.error.InputException;
import unfold.random.Stream;

/// Films of a handwritten digit that moves over a dark field and bounces off its edges. Each frame
/// is labelled with the digit that is there, but now and then the light is off for a while, and
/// then nothing is to be seen: what a single frame does not show must be remembered. While the
/// light is on the digit may turn into another one.
///
/// ```
/// frame   ▪3▪  ▪3▪  ▪ ▪  ▪ ▪  ▪3▪  ▪8▪  ▪ ▪  ▪8▪
/// label    3    3    3    3    3    8    8    8
/// ```
///
/// Nothing changes in the dark and the first frame is lit, so all labels can be known from the
/// frames up to their own. About [#hiddenShare] of the frames are dark; there a network without a
/// memory can only guess.
///
/// Film i of a split is a function of (split, frames, i) alone. The splits show different
/// handwriting. Immutable; films may be drawn by several threads.
public final class MovingDigits {
  /// Goes up when a change to this class changes any film.
  public static final int VERSION = 1;

  /// Rows and columns of a frame.
  public static final int SIDE = 32;

  public static final int CLASSES = 10;

  private static final int DIGIT = DigitPainter.SIDE / 2;
  private static final int ROOM = SIDE - DIGIT;
  private static final int FASTEST = 3;
  private static final double GOES_OFF = 0.2;
  private static final int LONGEST_DARK = 5;
  private static final double TURNS = 0.1;
  private static final long SEED = 0x66696C6DL;

  private final String split;
  private final String handwriting;
  private final int first;
  private final int digits;
  private final int size;
  private final int frames;

  /// @param handwriting split of the digits whose pictures `first` … `first + digits − 1` move
  private MovingDigits(
      String split, String handwriting, int first, int digits, int size, int frames) {
    if (size < 1 || frames < 1) {
      throw new InputException(
          "moving digits need at least one film of one frame, not " + size + " of " + frames);
    }
    this.split = split;
    this.handwriting = handwriting;
    this.first = first;
    this.digits = digits;
    this.size = size;
    this.frames = frames;
  }

  /// @param size films
  /// @param frames of each
  public static MovingDigits train(int size, int frames) {
    return new MovingDigits("train", "train", 0, 55_000, size, frames);
  }

  public static MovingDigits validation(int size, int frames) {
    return new MovingDigits("validation", "train", 55_000, 5_000, size, frames);
  }

  public static MovingDigits test(int size, int frames) {
    return new MovingDigits("test", "test", 0, 10_000, size, frames);
  }

  /// The share of dark frames in a long film: spells of 3 frames on average, after each of which 4
  /// to 5 are lit.
  public static double hiddenShare() {
    double dark = GOES_OFF * (1 + LONGEST_DARK) / 2;
    return dark / (1 + dark);
  }

  public String name() {
    return "moving digits " + split;
  }

  public static List<String> classes() {
    return List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
  }

  /// Films.
  public int size() {
    return size;
  }

  /// Frames of each film.
  public int frames() {
    return frames;
  }

  /// The first films only.
  public MovingDigits first(int count) {
    return new MovingDigits(split, handwriting, first, digits, Math.min(count, size), frames);
  }

  /// Says what the films are: equal text means equal films.
  public String fingerprint() {
    return "generated:unfold moving digits %s v%d.%d %d×%d"
        .formatted(split, VERSION, DigitPainter.VERSION, size, frames);
  }

  /// A film with the label of each frame.
  public static final class Film {
    private final byte[] pixels;
    private final int[] labels;
    private final boolean[] hidden;

    private Film(int frames) {
      pixels = new byte[frames * SIDE * SIDE];
      labels = new int[frames];
      hidden = new boolean[frames];
    }

    public int frames() {
      return labels.length;
    }

    /// The digit that is there, seen or not.
    public int label(int frame) {
      return labels[frame];
    }

    /// Whether the frame is dark.
    public boolean hidden(int frame) {
      return hidden[frame];
    }

    /// A copy of a frame's pixels, row by row.
    public byte[] frame(int frame) {
      return Arrays.copyOfRange(pixels, frame * SIDE * SIDE, (frame + 1) * SIDE * SIDE);
    }

    /// Writes a frame's pixels to memory, row by row.
    public void write(int frame, MemorySegment to, long offset) {
      MemorySegment.copy(
          pixels, frame * SIDE * SIDE, to, ValueLayout.JAVA_BYTE, offset, SIDE * SIDE);
    }
  }

  /// Draws film i.
  public Film film(int i) {
    Objects.checkIndex(i, size);
    Stream random = Stream.of(SEED, "moving digits/" + split + "/" + frames, i);
    var painter = new DigitPainter();
    var film = new Film(frames);
    int item = random.nextInt(digits);
    byte[] digit = drawn(painter, item);
    var across = new Bounce(random);
    var down = new Bounce(random);
    int dark = 0;
    for (int t = 0; t < frames; t++) {
      if (dark == 0 && t > 0 && random.nextDouble() < GOES_OFF) {
        dark = 1 + random.nextInt(LONGEST_DARK);
      }
      film.hidden[t] = dark > 0;
      if (dark > 0) {
        dark--;
      } else {
        if (t > 0 && random.nextDouble() < TURNS) {
          item = other(random, item);
          digit = drawn(painter, item);
        }
        place(digit, across.at, down.at, film.pixels, t * SIDE * SIDE);
      }
      film.labels[t] = DigitPainter.label(first + item);
      across.move();
      down.move();
    }
    return film;
  }

  /// A picture of another digit.
  private int other(Stream random, int item) {
    int next;
    do {
      next = random.nextInt(digits);
    } while (DigitPainter.label(first + next) == DigitPainter.label(first + item));
    return next;
  }

  /// A digit at half its size: each pixel is twice the mean of four, so that thin strokes stay
  /// bright.
  private byte[] drawn(DigitPainter painter, int item) {
    byte[] whole = new byte[DigitPainter.SIDE * DigitPainter.SIDE];
    painter.paint(handwriting, first + item, whole);
    byte[] half = new byte[DIGIT * DIGIT];
    for (int r = 0; r < DIGIT; r++) {
      for (int c = 0; c < DIGIT; c++) {
        int at = 2 * r * DigitPainter.SIDE + 2 * c;
        int sum =
            (whole[at] & 0xFF)
                + (whole[at + 1] & 0xFF)
                + (whole[at + DigitPainter.SIDE] & 0xFF)
                + (whole[at + DigitPainter.SIDE + 1] & 0xFF);
        half[r * DIGIT + c] = (byte) Math.min(255, sum / 2);
      }
    }
    return half;
  }

  private static void place(byte[] digit, int x, int y, byte[] frames, int frame) {
    for (int r = 0; r < DIGIT; r++) {
      System.arraycopy(digit, r * DIGIT, frames, frame + (y + r) * SIDE + x, DIGIT);
    }
  }

  /// One coordinate of the digit's corner.
  private static final class Bounce {
    int at;
    private int speed;

    Bounce(Stream random) {
      at = random.nextInt(ROOM + 1);
      speed = 1 + random.nextInt(FASTEST);
      if (random.nextInt(2) == 1) {
        speed = -speed;
      }
    }

    void move() {
      at += speed;
      if (at < 0 || at > ROOM) {
        at = at < 0 ? -at : 2 * ROOM - at;
        speed = -speed;
      }
    }
  }
}
