package unfold.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import unfold.error.InputException;

/// Runs measurements in processes of their own, one after the other.
final class Processes {
  private Processes() {}

  /// This program with other arguments, in a new JVM with this one's flags.
  static List<String> self(List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Bench.class.getName()));
    command.addAll(arguments);
    return command;
  }

  /// Runs a command and returns the last line that is a JSON object, for the caller to show or not;
  /// other lines go to standard error.
  static String lastJsonLine(List<String> command) {
    String last = "";
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      try (var out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          if (!line.startsWith("{")) {
            System.err.println(line);
            continue;
          }
          if (!last.isEmpty()) {
            System.err.println(last);
          }
          last = line;
        }
      }
      int status = process.waitFor();
      if (status != 0 || last.isEmpty()) {
        throw new InputException(
            "measuring failed with status " + status + ": " + String.join(" ", command));
      }
      return last;
    } catch (IOException e) {
      throw new InputException("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InputException("interrupted while measuring", e);
    }
  }
}
