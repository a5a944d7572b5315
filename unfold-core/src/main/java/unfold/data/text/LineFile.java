package unfold.data.text;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import unfold.error.FormatException;
import unfold.error.InputException;

/// A file of UTF-8 lines, plain or gzipped (by its name, `.gz`), read strictly. Lines end with a
/// line feed, with or without a carriage return before it; no other character ends one. Every
/// complaint names the file and the line.
public final class LineFile {
  private LineFile() {}

  /// All lines, empty ones too; none for an empty file.
  ///
  /// @throws FormatException if a line is not UTF-8, or the gzip data is broken
  /// @throws InputException if it cannot be read or has more than 1 GiB
  public static List<String> read(Path file) {
    return lines(bytes(file), file.toString());
  }

  /// The lines of a file of columns that tabs part (tsv).
  ///
  /// @param columns that each line has
  /// @throws FormatException if a line has another number of them
  public static List<List<String>> columns(Path file, int columns) {
    List<String> lines = read(file);
    var rows = new ArrayList<List<String>>();
    for (int i = 0; i < lines.size(); i++) {
      List<String> row = Arrays.asList(lines.get(i).split("\t", -1));
      if (row.size() != columns) {
        throw new FormatException(
            file
                + ": line "
                + (i + 1)
                + " has "
                + row.size()
                + " columns, but needs "
                + columns
                + " with a tab between two");
      }
      rows.add(List.copyOf(row));
    }
    return List.copyOf(rows);
  }

  /// The file itself, or if there is none, the gzipped one beside it: `train.de`, `train.de.gz`.
  ///
  /// @throws InputException if there is neither
  public static Path plainOrPacked(Path file) {
    Path packed = file.resolveSibling(file.getFileName() + ".gz");
    if (Files.isRegularFile(file)) {
      return file;
    }
    if (Files.isRegularFile(packed)) {
      return packed;
    }
    throw new InputException(file + ": there is no such file, nor " + packed.getFileName());
  }

  /// The lines of bytes that are in memory.
  ///
  /// @param name for messages
  /// @throws FormatException if a line is not UTF-8
  public static List<String> lines(byte[] bytes, String name) {
    var text = TextFile.strict(bytes, at -> problem(bytes, at, name)).toString();
    var lines = new ArrayList<String>();
    int start = text.startsWith("\uFEFF") ? 1 : 0;
    while (start < text.length()) {
      int feed = text.indexOf('\n', start);
      int end = feed < 0 ? text.length() : feed;
      boolean pair = feed > start && text.charAt(feed - 1) == '\r';
      lines.add(text.substring(start, pair ? end - 1 : end));
      start = end + 1;
    }
    return List.copyOf(lines);
  }

  private static FormatException problem(byte[] bytes, int at, String name) {
    int line = 1;
    int start = 0;
    for (int i = 0; i < at; i++) {
      if (bytes[i] == '\n') {
        line++;
        start = i + 1;
      }
    }
    return new FormatException(
        name
            + ": line "
            + line
            + ", byte "
            + (at - start + 1)
            + ": "
            + TextFile.notUtf8(bytes[at])
            + ": save the text as UTF-8");
  }

  private static byte[] bytes(Path file) {
    boolean packed = file.toString().endsWith(".gz");
    try {
      if (Files.isDirectory(file)) {
        throw new InputException(file + ": is a folder, not a text");
      }
      if (Files.size(file) > TextFile.MAX_BYTES) {
        throw large(file);
      }
      byte[] all = Files.readAllBytes(file);
      return packed ? unpacked(all, file) : all;
    } catch (IOException e) {
      throw InputException.unreadable(file, e);
    }
  }

  private static byte[] unpacked(byte[] packed, Path file) {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed), 1 << 16)) {
      byte[] all = in.readNBytes((int) TextFile.MAX_BYTES);
      if (in.read() >= 0) {
        throw large(file);
      }
      return all;
    } catch (IOException e) {
      throw new FormatException(file + ": broken gzip data: " + e.getMessage(), e);
    }
  }

  private static InputException large(Path file) {
    return new InputException(
        file + ": has more than the " + TextFile.MAX_BYTES + " bytes that a text may");
  }
}
