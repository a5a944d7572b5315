package unfold.backend.vector;

import java.util.Arrays;

/// What each position along one axis of a result reads: places of the operand, each with a code
/// (which tap of the window it is) and a weight. Entries `first(i)` … `first(i + 1) − 1` belong to
/// position i.
final class Taps {
  private final int[] first;
  private final int[] source;
  private final int[] code;
  private final float[] weight;

  private Taps(int[] first, int[] source, int[] code, float[] weight) {
    this.first = first;
    this.source = source;
    this.code = code;
    this.weight = weight;
  }

  /// Windows of k taps over `in` places; weights are 1/k, or 1 over the taps inside.
  static Taps windows(
      int in, int out, int k, int stride, int before, int dilation, boolean countOutside) {
    var b = new Builder(out, out * k);
    for (int o = 0; o < out; o++) {
      int inside = 0;
      for (int tap = 0; tap < k; tap++) {
        int at = o * stride + tap * dilation - before;
        if (at >= 0 && at < in) {
          b.add(at, tap);
          inside++;
        }
      }
      b.end(countOutside ? k : inside);
    }
    return b.build();
  }

  /// Windows that tile `in` places as evenly as can be; codes are the places.
  static Taps adaptive(int in, int out) {
    var b = new Builder(out, in + 2 * out);
    for (int o = 0; o < out; o++) {
      int from = (int) ((long) o * in / out);
      int to = (int) (((o + 1L) * in + out - 1) / out);
      for (int at = from; at < to; at++) {
        b.add(at, at);
      }
      b.end(to - from);
    }
    return b.build();
  }

  /// The same pairs seen from the operand's places, of which there are `in`.
  Taps transposed(int in) {
    int[] starts = new int[in + 1];
    for (int s : source) {
      starts[s + 1]++;
    }
    for (int i = 0; i < in; i++) {
      starts[i + 1] += starts[i];
    }
    int[] next = starts.clone();
    int[] sources = new int[source.length];
    int[] codes = new int[source.length];
    float[] weights = new float[source.length];
    for (int o = 0; o + 1 < first.length; o++) {
      for (int e = first[o]; e < first[o + 1]; e++) {
        int at = next[source[e]]++;
        sources[at] = o;
        codes[at] = code[e];
        weights[at] = weight[e];
      }
    }
    return new Taps(starts, sources, codes, weights);
  }

  /// The same with codes multiplied.
  Taps coded(int factor) {
    int[] codes = code.clone();
    for (int i = 0; i < codes.length; i++) {
      codes[i] *= factor;
    }
    return new Taps(first, source, codes, weight);
  }

  int first(int position) {
    return first[position];
  }

  int source(int entry) {
    return source[entry];
  }

  int code(int entry) {
    return code[entry];
  }

  float weight(int entry) {
    return weight[entry];
  }

  int positions() {
    return first.length - 1;
  }

  /// Most entries of a position.
  int most() {
    int most = 0;
    for (int i = 0; i < positions(); i++) {
      most = Math.max(most, first[i + 1] - first[i]);
    }
    return most;
  }

  int largestCode() {
    return Arrays.stream(code).max().orElse(0);
  }

  /// Whether position i reads exactly places 2i and 2i + 1, and these are all `in` places.
  boolean pairs(int in) {
    boolean pairs = in == 2 * positions() && source.length == in;
    for (int e = 0; pairs && e < in; e++) {
      pairs = source[e] == e;
    }
    return pairs;
  }

  private static final class Builder {
    private final int[] first;
    private final int[] source;
    private final int[] code;
    private final float[] weight;
    private int positions;
    private int entries;

    Builder(int positions, int most) {
      first = new int[positions + 1];
      source = new int[most];
      code = new int[most];
      weight = new float[most];
    }

    void add(int at, int tap) {
      source[entries] = at;
      code[entries++] = tap;
    }

    void end(int count) {
      Arrays.fill(weight, first[positions], entries, 1f / count);
      first[++positions] = entries;
    }

    Taps build() {
      return new Taps(
          first,
          Arrays.copyOf(source, entries),
          Arrays.copyOf(code, entries),
          Arrays.copyOf(weight, entries));
    }
  }
}
