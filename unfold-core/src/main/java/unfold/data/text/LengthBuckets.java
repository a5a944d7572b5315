package unfold.data.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unfold.error.InputException;
import unfold.random.Stream;

/// Batches of sentences of similar length, so that little is computed for padding, in few shapes,
/// since a program is compiled for each.
///
/// The lengths are cut into buckets; a batch is as long as its bucket's longest may be. Of all ways
/// to cut, the one with the least padding is taken (by dynamic programming over the lengths that
/// occur). What a bucket leaves, less than a batch, goes on into the next longer one, so that at
/// most one batch an epoch has fewer sentences than rows.
///
/// Which sentences meet in a batch, and the order of the batches, depend on the seed and the epoch
/// alone: a run that goes on finds the same batches.
public final class LengthBuckets {
  /// Longer sentences are told apart less finely: at most so many lengths are.
  private static final int RESOLUTION = 1000;

  private final int[] bucketOf;
  private final List<Integer> bounds;
  private final int rows;

  /// Sentences to be computed together.
  ///
  /// @param bucket number of the bucket
  /// @param length steps of the batch
  /// @param items their numbers, at most as many as rows
  public record Group(int bucket, int length, List<Integer> items) {
    public Group {
      items = List.copyOf(items);
    }
  }

  private LengthBuckets(int[] bucketOf, List<Integer> bounds, int rows) {
    this.bucketOf = bucketOf;
    this.bounds = List.copyOf(bounds);
    this.rows = rows;
  }

  /// @param lengths of the sentences; of items of several parts that of the longest part
  /// @param buckets at most
  /// @param rows of a batch
  /// @throws InputException if there are no sentences
  public static LengthBuckets of(int[] lengths, int buckets, int rows) {
    if (buckets < 1 || rows < 1) {
      throw new InputException(
          "sentences need at least one bucket and one row, not " + buckets + " and " + rows);
    }
    if (lengths.length == 0) {
      throw new InputException("there are no sentences to make batches of");
    }
    int longest = Math.max(1, Arrays.stream(lengths).max().orElseThrow());
    int unit = Math.ceilDiv(longest, RESOLUTION);
    long[] count = new long[Math.ceilDiv(longest, unit) + 1];
    for (int length : lengths) {
      count[Math.max(1, Math.ceilDiv(length, unit))]++;
    }
    var bounds = cut(count, buckets).stream().map(b -> Math.min(longest, b * unit)).toList();
    int[] bucketOf = new int[lengths.length];
    for (int i = 0; i < lengths.length; i++) {
      int b = 0;
      while (bounds.get(b) < lengths[i]) {
        b++;
      }
      bucketOf[i] = b;
    }
    return new LengthBuckets(bucketOf, bounds, rows);
  }

  /// Upper ends of at most k ranges of lengths with the least Σ count·end.
  private static List<Integer> cut(long[] count, int k) {
    int[] lengths = new int[count.length];
    long[] before = new long[count.length + 1];
    int n = 0;
    for (int length = 1; length < count.length; length++) {
      if (count[length] > 0) {
        lengths[n] = length;
        before[n + 1] = before[n] + count[length];
        n++;
      }
    }
    int most = Math.min(k, n);
    long[][] cost = new long[most + 1][n + 1];
    int[][] from = new int[most + 1][n + 1];
    Arrays.fill(cost[0], 1, n + 1, Long.MAX_VALUE / 2);
    for (int used = 1; used <= most; used++) {
      for (int end = 1; end <= n; end++) {
        cost[used][end] = Long.MAX_VALUE / 2;
        for (int start = 0; start < end; start++) {
          long with = cost[used - 1][start] + (before[end] - before[start]) * lengths[end - 1];
          if (with < cost[used][end]) {
            cost[used][end] = with;
            from[used][end] = start;
          }
        }
      }
    }
    var bounds = new ArrayList<Integer>();
    int end = n;
    for (int used = most; used > 0; used--) {
      bounds.addFirst(lengths[end - 1]);
      end = from[used][end];
    }
    return bounds;
  }

  /// The lengths that batches have, ascending.
  public List<Integer> bounds() {
    return bounds;
  }

  public int rows() {
    return rows;
  }

  /// Sentences.
  public int size() {
    return bucketOf.length;
  }

  /// Batches of an epoch.
  public int batches() {
    return Math.ceilDiv(bucketOf.length, rows);
  }

  /// The batches of one epoch, in the order in which they come.
  public List<Group> epoch(long seed, int epoch) {
    Stream random = Stream.of(seed, "text/batches", epoch);
    List<Group> groups = groups(random.permutation(bucketOf.length));
    return Arrays.stream(random.permutation(groups.size())).mapToObj(groups::get).toList();
  }

  /// The batches in a fixed order, from the shortest to the longest, to measure with.
  public List<Group> inOrder() {
    int[] all = new int[bucketOf.length];
    Arrays.setAll(all, i -> i);
    return groups(all);
  }

  private List<Group> groups(int[] order) {
    var members = new ArrayList<List<Integer>>();
    bounds.forEach(_ -> members.add(new ArrayList<>()));
    for (int item : order) {
      members.get(bucketOf[item]).add(item);
    }
    var groups = new ArrayList<Group>();
    List<Integer> left = List.of();
    for (int b = 0; b < members.size(); b++) {
      var all = new ArrayList<>(left);
      all.addAll(members.get(b));
      boolean last = b == members.size() - 1;
      int used = 0;
      while (all.size() - used >= rows || last && used < all.size()) {
        int end = Math.min(all.size(), used + rows);
        groups.add(new Group(b, bounds.get(b), all.subList(used, end)));
        used = end;
      }
      left = List.copyOf(all.subList(used, all.size()));
    }
    return groups;
  }
}
