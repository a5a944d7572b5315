package unfold.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// What figures and choices of kernels depend on; printed with every figure. One line: `AMD EPYC
/// 9B45, 2 processors, Linux amd64, Java 25.0.3`.
public record Machine(String cpu, int processors, String system, String java) {

  private static final Path INFO = Path.of("/proc/cpuinfo");

  private static final Set<String> FLAGS = Set.copyOf(List.of(field("flags").split(" ")));

  /// This machine, as this process sees it.
  public static Machine here() {
    return new Machine(
        model(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        Runtime.version().feature()
            + "."
            + Runtime.version().interim()
            + "."
            + Runtime.version().update());
  }

  /// Whether the processor says so of itself, such as `amx_bf16`; never where it is not asked, as
  /// outside Linux.
  public static boolean has(String flag) {
    return FLAGS.contains(flag);
  }

  /// Linux tells the model, and on x86 the matrix extensions, which virtual machines of one model
  /// may lack.
  private static String model() {
    if (!Files.isReadable(INFO)) {
      return System.getenv().getOrDefault("PROCESSOR_IDENTIFIER", "unknown processor");
    }
    String name = field("model name");
    return (name.isEmpty() ? "unknown processor" : name)
        + (has("amx_bf16")
            ? " with AMX"
            : has("avx512_bf16") ? " with AVX512-BF16" : has("avx512f") ? " with AVX512" : "");
  }

  private static String field(String name) {
    try (var lines = Files.lines(INFO)) {
      return lines
          .filter(l -> l.startsWith(name))
          .findFirst()
          .map(l -> l.substring(l.indexOf(':') + 1).strip())
          .orElse("");
    } catch (IOException | UncheckedIOException _) {
      return "";
    }
  }

  @Override
  public String toString() {
    return cpu + ", " + processors + " processors, " + system + ", Java " + java;
  }
}
