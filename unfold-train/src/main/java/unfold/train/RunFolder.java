package unfold.train;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import unfold.engine.Settings;
import unfold.error.FormatException;
import unfold.error.InputException;

/// The folder of one training run. Every file in it is whole or absent.
///
/// | file | what |
/// |---|---|
/// | `config.json` | what was asked: [RunConfig] |
/// | `provenance.json` | where the weights come from: [Provenance] |
/// | `metrics.jsonl` | one line an epoch: [EpochRecord] |
/// | `best.safetensors` | the weights of the best epoch: [Weights] |
/// | `last.safetensors` | all that going on needs: [Checkpoint] |
/// | `curve.png` | losses and accuracies over the epochs |
public final class RunFolder {
  private static final String CONFIG = "config.json";
  private static final String LOCK = ".lock";

  private final Path folder;

  /// Whether the folder was not there before.
  private final boolean made;

  private RunFolder(Path folder, boolean made) {
    this.folder = folder;
    this.made = made;
  }

  /// A folder for a new run; it may exist, but must not hold a run, unless that ended before it had
  /// anything to save.
  public static RunFolder create(Path folder) {
    var old = new RunFolder(folder, false);
    if (Files.exists(old.last()) || Files.exists(old.best()) || Files.exists(old.metricsFile())) {
      throw new InputException(
          folder
              + ": holds a run already; continue it with --resume "
              + folder
              + " or choose another folder");
    }
    boolean made = !Files.exists(folder);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new InputException(folder + ": cannot be made a folder: " + e.getMessage(), e);
    }
    return new RunFolder(folder, made);
  }

  /// The folder of an existing run.
  ///
  /// @throws InputException if there is no run in it
  public static RunFolder open(Path folder) {
    return find(folder)
        .orElseThrow(() ->
            new InputException(
                folder
                    + (Files.isDirectory(folder)
                        ? ": holds no run (no " + CONFIG + ")"
                        : ": there is no such run")));
  }

  /// The same, where a folder may hold no run.
  public static Optional<RunFolder> find(Path folder) {
    return Files.isRegularFile(folder.resolve(CONFIG))
        ? Optional.of(new RunFolder(folder, false))
        : Optional.empty();
  }

  public Path path() {
    return folder;
  }

  public Path best() {
    return folder.resolve("best.safetensors");
  }

  public Path last() {
    return folder.resolve("last.safetensors");
  }

  public Path curve() {
    return folder.resolve("curve.png");
  }

  private Path metricsFile() {
    return folder.resolve("metrics.jsonl");
  }

  private Path provenanceFile() {
    return folder.resolve("provenance.json");
  }

  public void write(RunConfig config) {
    WholeFile.write(folder.resolve(CONFIG), Json.pretty(config));
  }

  /// @throws FormatException if it is damaged or was written by a newer Unfold
  public RunConfig config() {
    Path file = folder.resolve(CONFIG);
    String text = WholeFile.read(file);
    String what = "a run's config";
    int version = Json.version(text, file.toString(), what);
    if (version > RunConfig.VERSION) {
      throw new FormatException(
          file
              + ": was written by a newer Unfold (version "
              + version
              + "; this one reads up to "
              + RunConfig.VERSION
              + "): use that one");
    }
    return Json.read(text, RunConfig.class, RunConfig.OLDER, file.toString(), what);
  }

  public void write(Provenance provenance) {
    WholeFile.write(provenanceFile(), Json.pretty(provenance));
  }

  /// Empty if the run was stopped before it knew its data.
  public Optional<Provenance> provenance() {
    Path file = provenanceFile();
    return Files.exists(file)
        ? Optional.of(
            Json.read(
                WholeFile.read(file),
                Provenance.class,
                Provenance.OLDER,
                file.toString(),
                "a run's provenance"))
        : Optional.empty();
  }

  /// Settings with which the run's network answers as it did while training: its precision and its
  /// kernels.
  public Settings same(Settings settings) {
    return provenance()
        .map(p -> settings.precision(Setup.precision(p.precision())).choices(p.kernels()))
        .orElse(settings);
  }

  /// The weights that a run answers with: those of its best epoch, or the last ones if it was
  /// stopped within the first.
  ///
  /// @throws InputException if there are none yet
  public Path weights() {
    Path file = Files.exists(best()) ? best() : last();
    if (!Files.exists(file)) {
      throw new InputException(
          folder + ": has no weights yet; continue the run with --resume " + folder);
    }
    return file;
  }

  /// Replaces the metrics by those of these epochs.
  public void write(History history) {
    WholeFile.write(
        metricsFile(),
        history.epochs().stream().map(r -> Json.line(r) + "\n").collect(Collectors.joining()));
  }

  /// The epochs measured so far; none if the run has not finished one.
  public History history() {
    Path file = metricsFile();
    if (!Files.exists(file)) {
      return History.EMPTY;
    }
    List<String> lines = WholeFile.read(file).lines().toList();
    History history = History.EMPTY;
    for (int i = 0; i < lines.size(); i++) {
      String source = file + ", line " + (i + 1);
      history =
          history.with(
              Json.read(
                  lines.get(i), EpochRecord.class, EpochRecord.OLDER, source, "an epoch's record"));
    }
    return history;
  }

  /// Keeps other processes from training here until the lock is closed or this process ends, and
  /// removes what a killed one left half written.
  Lock lock() {
    Path file = folder.resolve(LOCK);
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new InputException(folder + ": another process is training here");
      }
      WholeFile.sweep(folder);
      return new Lock(channel);
    } catch (IOException e) {
      throw new InputException(file + ": cannot be locked: " + e.getMessage(), e);
    }
  }

  /// Takes back the folder of a run that was refused before it began.
  void forgetUnlessBegun() {
    if (!made || Files.exists(folder.resolve(CONFIG))) {
      return;
    }
    try {
      Files.deleteIfExists(folder.resolve(LOCK));
      Files.deleteIfExists(folder);
    } catch (IOException _) {
      // Somebody else put something there: then it is theirs to remove.
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }

  /// The right to write in a run's folder.
  record Lock(FileChannel channel) implements AutoCloseable {
    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException _) {
        // The lock ends with the process at the latest.
      }
    }
  }
}
