package unfold.metric;

/// The mean of a number over items, from means of batches: each counts as often as it has items, so
/// that a smaller last batch does not weigh too much.
public final class Mean {
  private double sum;
  private long items;

  /// @param mean of a batch, such as its loss
  /// @param count items that it is a mean of
  public void add(double mean, long count) {
    sum += mean * count;
    items += count;
  }

  public long items() {
    return items;
  }

  /// NaN before the first item.
  public double value() {
    return sum / items;
  }
}
