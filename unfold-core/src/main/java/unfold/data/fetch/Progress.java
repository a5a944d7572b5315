package unfold.data.fetch;

/// Hears how a download goes on.
@FunctionalInterface
public interface Progress {
  Progress SILENT = (_, _, _) -> {};

  /// `done` of `total` bytes of this file are on disk.
  void at(String file, long done, long total);
}
