package unfold.config;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import unfold.error.Nearest;

/// All settings.
public final class Knobs {

  /// How much time a plan takes to find the fastest kernels.
  public enum Tuning {
    /// the kernel that the backend believes fastest; the same on every run
    OFF,
    /// a few candidates a call, a short time each
    QUICK,
    /// all candidates
    FULL
  }

  public static final Knob<Integer> THREADS =
      new Knob<>(
          "UNFOLD_THREADS",
          "auto",
          "threads that compute; auto takes all processors of this process",
          Knobs::threads);

  public static final Knob<List<String>> BACKENDS =
      new Knob<>(
          "UNFOLD_BACKENDS",
          "auto",
          "backends in order of preference, such as onednn,vector,reference; auto takes all that"
              + " work here",
          Knobs::names);

  public static final Knob<Precision> PRECISION =
      new Knob<>(
          "UNFOLD_PRECISION",
          "auto",
          "element type of activations; auto takes bf16 where it is faster",
          text -> constant(Precision.class, text));

  public static final Knob<Long> MEMORY_BUDGET =
      new Knob<>(
          "UNFOLD_MEMORY_BUDGET",
          "90%",
          "the most off-heap memory that one program may plan, such as 8GiB or half the machine"
              + " as 50%",
          Knobs::bytes);

  public static final Knob<Tuning> TUNE =
      new Knob<>(
          "UNFOLD_TUNE",
          "quick",
          "whether kernels are timed against each other when a program is planned",
          text -> constant(Tuning.class, text));

  public static final Knob<Path> CACHE_DIR =
      new Knob<>(
          "UNFOLD_CACHE_DIR",
          "auto",
          "where choices of kernels and unpacked native libraries are remembered; auto takes the"
              + " user's cache directory",
          Knobs::directory);

  private static final String PREFIX = "UNFOLD_";

  /// Variables that the launcher and the benchmarks read.
  private static final Set<String> LAUNCHER = Set.of("UNFOLD_JAVA_HOME", "UNFOLD_PEER_CONFIG");

  private static final Map<String, Long> UNITS =
      Map.of(
          "", 1L, "K", 1L << 10, "KIB", 1L << 10, "M", 1L << 20, "MIB", 1L << 20, "G", 1L << 30,
          "GIB", 1L << 30);

  private Knobs() {}

  /// The list that `unfold knobs` prints.
  public static List<Knob<?>> all() {
    return List.of(THREADS, BACKENDS, PRECISION, MEMORY_BUDGET, TUNE, CACHE_DIR);
  }

  /// A line for each variable that begins like a knob's name and is none: what was set there would
  /// otherwise do nothing in silence.
  ///
  /// @param environment such as `System.getenv()`
  public static List<String> misnamed(Map<String, String> environment) {
    var names = all().stream().map(Knob::name).toList();
    return environment.keySet().stream()
        .filter(n -> n.startsWith(PREFIX) && !names.contains(n) && !LAUNCHER.contains(n))
        .sorted()
        .map(n -> n + " is no knob and does nothing; did you mean " + Nearest.to(n, names, 1) + "?")
        .toList();
  }

  private static int threads(String text) {
    if (text.equalsIgnoreCase("auto")) {
      return Runtime.getRuntime().availableProcessors();
    }
    if (!text.matches("[1-9][0-9]{0,3}")) {
      throw new IllegalArgumentException("expected auto or a number from 1 to 9999");
    }
    return Integer.parseInt(text);
  }

  /// Empty for auto.
  private static List<String> names(String text) {
    if (text.equalsIgnoreCase("auto")) {
      return List.of();
    }
    var names = Arrays.stream(text.split(",")).map(String::strip).toList();
    if (names.isEmpty() || names.stream().anyMatch(n -> !n.matches("[a-z0-9_-]+"))) {
      throw new IllegalArgumentException("expected auto or names separated by commas");
    }
    return names;
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String text) {
    for (E e : type.getEnumConstants()) {
      if (e.name().equalsIgnoreCase(text)) {
        return e;
      }
    }
    throw new IllegalArgumentException(
        "expected "
            + Arrays.stream(type.getEnumConstants())
                .map(e -> e.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")));
  }

  private static long bytes(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    if (upper.matches("[0-9]{1,3}%")) {
      long percent = Long.parseLong(upper.substring(0, upper.length() - 1));
      if (percent >= 1 && percent <= 100) {
        return physicalBytes() / 100 * percent;
      }
    } else if (upper.matches("[0-9]{1,9}[A-Z]+|[0-9]{1,18}")) {
      String unit = upper.replaceFirst("[0-9]+", "");
      Long factor = UNITS.get(unit);
      if (factor != null) {
        return Long.parseLong(upper.substring(0, upper.length() - unit.length())) * factor;
      }
    }
    throw new IllegalArgumentException("expected a size such as 8GiB or 512MiB, or 1% to 100%");
  }

  private static long physicalBytes() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean os
        ? os.getTotalMemorySize()
        : Runtime.getRuntime().maxMemory();
  }

  private static Path directory(String text) {
    if (!text.equalsIgnoreCase("auto")) {
      return Path.of(text);
    }
    String home = System.getProperty("user.home", ".");
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (os.contains("win")) {
      String local = System.getenv("LOCALAPPDATA");
      return Path.of(local == null ? home : local, "unfold", "cache");
    }
    if (os.contains("mac")) {
      return Path.of(home, "Library", "Caches", "unfold");
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    return xdg == null || xdg.isBlank()
        ? Path.of(home, ".cache", "unfold")
        : Path.of(xdg, "unfold");
  }
}
