package unfold.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What figures and choices of kernels depend on; printed with every figure. One line: `AMD EPYC
/// 9B45, 2 processors, Linux amd64, Java 25.0.3`.
public record Machine(String cpu, int processors, String system, String java) {

  /// This machine, as this process sees it.
  public static Machine here() {
    return new Machine(
        cpu(Path.of("/proc/cpuinfo")),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        Runtime.version().feature()
            + "."
            + Runtime.version().interim()
            + "."
            + Runtime.version().update());
  }

  /// Linux tells the model, and on x86 the matrix extensions, which virtual machines of one model
  /// may lack.
  private static String cpu(Path info) {
    if (!Files.isReadable(info)) {
      return System.getenv().getOrDefault("PROCESSOR_IDENTIFIER", "unknown processor");
    }
    try {
      String model = "unknown processor";
      String extension = "";
      for (String line : Files.readAllLines(info)) {
        String value = line.substring(line.indexOf(':') + 1).strip();
        if (line.startsWith("model name")) {
          model = value;
        } else if (line.startsWith("flags")) {
          extension =
              value.contains("amx_bf16")
                  ? " with AMX"
                  : value.contains("avx512_bf16")
                      ? " with AVX512-BF16"
                      : value.contains("avx512f") ? " with AVX512" : "";
        }
      }
      return model + extension;
    } catch (IOException _) {
      return "unknown processor";
    }
  }

  @Override
  public String toString() {
    return cpu + ", " + processors + " processors, " + system + ", Java " + java;
  }
}
