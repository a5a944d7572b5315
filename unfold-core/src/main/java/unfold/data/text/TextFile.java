package unfold.data.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.function.IntFunction;
import unfold.error.FormatException;
import unfold.error.InputException;

/// A file of UTF-8 text, read strictly.
public final class TextFile {
  static final long MAX_BYTES = 1L << 30;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private TextFile() {}

  /// The text of a file, without a byte order mark.
  ///
  /// @throws FormatException at the first byte that is not UTF-8
  /// @throws InputException if the file is empty, larger than 1 GiB or cannot be read
  public static String read(Path file) {
    try {
      long bytes = Files.size(file);
      if (Files.isDirectory(file)) {
        throw new InputException(file + ": is a folder, not a text");
      }
      if (bytes > MAX_BYTES) {
        throw new InputException(
            file + ": has " + bytes + " bytes, more than the " + MAX_BYTES + " that a text may");
      }
      return decode(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw InputException.unreadable(file, e);
    }
  }

  /// The same for bytes that are in memory.
  ///
  /// @param name for messages
  public static String decode(byte[] bytes, String name) {
    CharBuffer out =
        strict(
            bytes,
            at ->
                FormatException.at(name, at, notUtf8(bytes[at]) + " here: save the text as UTF-8"));
    if (out.hasRemaining() && out.get(0) == BYTE_ORDER_MARK) {
      out.get();
    }
    if (!out.hasRemaining()) {
      throw new InputException(name + ": is empty, so there is nothing to read");
    }
    return out.toString();
  }

  /// All of the characters.
  ///
  /// @param problem what to say of the first byte that is not UTF-8
  static CharBuffer strict(byte[] bytes, IntFunction<FormatException> problem) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      throw problem.apply(in.position());
    }
    return out.flip();
  }

  /// `0xFC is not UTF-8`
  static String notUtf8(byte found) {
    return "0x" + HexFormat.of().withUpperCase().toHexDigits(found) + " is not UTF-8";
  }
}
