package unfold.data.augment;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import unfold.error.InputException;
import unfold.random.Stream;

/// Mixes each picture of a batch with the next one (the last with the first), and their labels in
/// the same shares. A batch is shuffled, so the next picture is any picture.
///
/// - **Mixup**: λ·picture + (1 − λ)·next, with one λ ~ Beta(α, α) for the batch.
/// - **CutMix**: a rectangle of the next picture over this one, in the same place, with √(1 − λ) of
///   height and width around a random pixel; what lies outside is lost, and λ becomes the share of
///   the picture that is left.
///
/// With both, each batch gets one of them, with equal chance. What happens to a batch depends on
/// (seed, number of the batch) alone.
///
/// @param mixup α of mixup; 0 for none
/// @param cutmix α of CutMix; 0 for none
/// @source Zhang, Cisse, Dauphin, Lopez-Paz: mixup: beyond empirical risk minimization (2018),
///   section 2; Yun et al.: CutMix: regularization strategy to train strong classifiers with
///   localizable features (2019), section 3.1
public record Mixing(double mixup, double cutmix) {
  public static final Mixing NONE = new Mixing(0, 0);

  private static final int FIXED = 16;

  public Mixing {
    if (!(mixup >= 0 && mixup <= 100 && cutmix >= 0 && cutmix <= 100)) {
      throw new InputException(
          "mixup with alpha " + mixup + ", cutmix with alpha " + cutmix + ": 0 to 100 can be");
    }
  }

  public boolean isNone() {
    return mixup == 0 && cutmix == 0;
  }

  /// What happens to one batch: the pictures keep `share`, the next ones get the rest; with a
  /// rectangle of no area the two are blended.
  public record Mix(double share, int top, int left, int bottom, int right) {
    boolean cuts() {
      return top < bottom && left < right;
    }
  }

  /// The mix of a batch.
  ///
  /// @param batch number counted through all epochs
  public Mix draw(long seed, long batch, int height, int width) {
    Stream random = Stream.of(seed, "data/mix", batch);
    boolean cut = cutmix > 0 && (mixup == 0 || random.nextInt() < 0);
    double share = random.nextBeta(cut ? cutmix : mixup);
    if (!cut) {
      return new Mix(share, 0, 0, 0, 0);
    }
    double side = Math.sqrt(1 - share);
    int rows = (int) (height * side);
    int columns = (int) (width * side);
    int top = random.nextInt(height) - rows / 2;
    int left = random.nextInt(width) - columns / 2;
    int bottom = Math.min(height, top + rows);
    int right = Math.min(width, left + columns);
    top = Math.max(0, top);
    left = Math.max(0, left);
    double gone = (double) (bottom - top) * (right - left) / ((double) height * width);
    return new Mix(1 - gone, top, left, bottom, right);
  }

  /// Mixes pictures that lie one after the other.
  ///
  /// @param spare for one picture
  /// @shape pictures u8 [N×H×W×C]
  public static void apply(
      Mix mix, MemorySegment pictures, int count, int width, int channels, byte[] spare) {
    long bytes = spare.length;
    MemorySegment first = MemorySegment.ofArray(spare);
    MemorySegment.copy(pictures, 0, first, 0, bytes);
    for (int k = 0; k < count; k++) {
      boolean last = k == count - 1;
      MemorySegment next = last ? first : pictures.asSlice((k + 1) * bytes, bytes);
      MemorySegment own = pictures.asSlice(k * bytes, bytes);
      if (mix.cuts()) {
        paste(mix, own, next, width, channels);
      } else {
        blend(mix.share(), own, next, bytes);
      }
    }
  }

  private static void paste(
      Mix mix, MemorySegment own, MemorySegment next, int width, int channels) {
    for (int row = mix.top(); row < mix.bottom(); row++) {
      long at = ((long) row * width + mix.left()) * channels;
      MemorySegment.copy(next, at, own, at, (long) (mix.right() - mix.left()) * channels);
    }
  }

  private static void blend(double share, MemorySegment own, MemorySegment next, long bytes) {
    int mine = (int) Math.rint(share * (1 << FIXED));
    int other = (1 << FIXED) - mine;
    for (long i = 0; i < bytes; i++) {
      int a = own.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
      int b = next.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
      int mixed = (a * mine + b * other + (1 << (FIXED - 1))) >>> FIXED;
      own.set(ValueLayout.JAVA_BYTE, i, (byte) mixed);
    }
  }
}
