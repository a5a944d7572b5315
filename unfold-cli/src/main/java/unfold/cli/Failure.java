package unfold.cli;

import java.io.PrintWriter;
import java.util.Set;
import picocli.CommandLine;
import unfold.error.FormatException;
import unfold.error.GraphException;
import unfold.error.InputException;
import unfold.error.Nearest;
import unfold.error.PlanException;
import unfold.error.ShapeException;

/// What the user sees when something goes wrong: one clear line, no stack trace unless asked.
final class Failure {
  private Failure() {}

  /// Exit code 1.
  static int show(Exception e, CommandLine line, boolean debug) {
    PrintWriter err = line.getErr();
    if (debug) {
      e.printStackTrace(err);
    }
    switch (e) {
      case InputException _, FormatException _, ShapeException _, PlanException _ ->
          err.println("unfold: " + e.getMessage());
      case GraphException _ -> bug(err, e.getMessage());
      default -> bug(err, e.toString());
    }
    return 1;
  }

  private static void bug(PrintWriter err, String message) {
    err.println("unfold: " + message);
    err.println("This is a mistake in Unfold. Run again with --debug and report what it prints.");
  }

  /// Wrong options or names of commands: exit code 2.
  static int usage(CommandLine.ParameterException e, String[] arguments) {
    CommandLine line = e.getCommandLine();
    CommandLine.Model.CommandSpec spec = line.getCommandSpec();
    PrintWriter err = line.getErr();
    err.println("unfold: " + e.getMessage());
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().getFirst();
      Set<String> known =
          unmatched.isUnknownOption() ? spec.optionsMap().keySet() : spec.subcommands().keySet();
      if (!known.isEmpty()) {
        err.println("Did you mean " + Nearest.to(word, known, 3) + "?");
      }
    }
    err.println("Try '" + spec.qualifiedName() + " --help' for options and examples.");
    return 2;
  }
}
