package unfold.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the system says of this process. Where it says nothing (no /proc), figures are 0.
final class Machine {
  private Machine() {}

  static String cpu() {
    return unfold.config.Machine.here().cpu();
  }

  static long peakRssMb() {
    String kib = field(Path.of("/proc/self/status"), "VmHWM").replace("kB", "").strip();
    return kib.isEmpty() ? 0 : Long.parseLong(kib) >> 10;
  }

  /// Page faults of the whole process that needed no disk.
  static long minorFaults() {
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"));
      // Fields after the command, which may hold spaces: state is the first, minflt the eighth.
      String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return Long.parseLong(words[7]);
    } catch (IOException _) {
      return 0;
    }
  }

  /// Bytes that all threads have allocated on the heap since the JVM began.
  static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
  }

  private static String field(Path file, String name) {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(l -> l.startsWith(name))
          .findFirst()
          .map(l -> l.substring(l.indexOf(':') + 1).strip())
          .orElse("");
    } catch (IOException _) {
      return "";
    }
  }
}
