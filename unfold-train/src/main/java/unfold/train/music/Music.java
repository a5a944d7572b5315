package unfold.train.music;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import unfold.error.FormatException;
import unfold.error.InputException;

/// Pieces of music as they sound step by step, in the parts that the JSB chorales are published in.
///
/// The file is a JSON object with the lists `train`, `valid` and `test` of pieces; a piece is a
/// list of steps, a step the list of the MIDI numbers of the notes that sound, 21 … 108.
///
/// @source Boulanger-Lewandowski, Bengio, Vincent (2012): the sets and their parts
public record Music(List<Piece> train, List<Piece> validation, List<Piece> test) {
  /// Keys of a piano.
  public static final int NOTES = 88;

  /// The MIDI number of its lowest.
  public static final int LOWEST = 21;

  /// The file in a folder.
  public static final String FILE = "jsb-chorales-quarter.json";

  private static final long MAX_BYTES = 64 << 20;
  private static final int MAX_STEPS = 10_000;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /// @param steps the keys that sound at each step, from 0
  public record Piece(List<List<Integer>> steps) {
    public Piece {
      steps = steps.stream().map(List::copyOf).toList();
    }
  }

  public Music {
    train = List.copyOf(train);
    validation = List.copyOf(validation);
    test = List.copyOf(test);
  }

  /// @param source a file, or a folder with [#FILE] in it
  /// @throws FormatException if it is no such file, with the place
  /// @throws InputException if it cannot be read
  public static Music read(Path source) {
    Path file = Files.isDirectory(source) ? source.resolve(FILE) : source;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new FormatException(file + ": is larger than a file of music may be, 64 MiB");
      }
      return parse(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw InputException.unreadable(file, e);
    }
  }

  static Music parse(String text, String name) {
    JsonNode tree;
    try {
      tree = JSON.readTree(text);
    } catch (JacksonException e) {
      throw new FormatException(
          name + ": is no music: " + e.getOriginalMessage().lines().findFirst().orElse(""), e);
    }
    return new Music(
        pieces(tree, "train", name), pieces(tree, "valid", name), pieces(tree, "test", name));
  }

  private static List<Piece> pieces(JsonNode tree, String part, String name) {
    JsonNode list = list(tree.get(part), name + ": " + part);
    var pieces = new ArrayList<Piece>();
    for (JsonNode one : list) {
      String place = name + ": " + part + "[" + pieces.size() + "]";
      JsonNode piece = list(one, place);
      if (piece.size() < 2 || piece.size() > MAX_STEPS) {
        throw new FormatException(
            place + " has " + piece.size() + " steps; a piece has 2 … " + MAX_STEPS);
      }
      var steps = new ArrayList<List<Integer>>();
      for (JsonNode step : piece) {
        steps.add(step(step, place + "[" + steps.size() + "]"));
      }
      pieces.add(new Piece(steps));
    }
    if (pieces.isEmpty()) {
      throw new FormatException(name + ": " + part + " has no pieces");
    }
    return pieces;
  }

  private static List<Integer> step(JsonNode step, String place) {
    var keys = new ArrayList<Integer>();
    for (JsonNode note : list(step, place)) {
      int key = note.isIntegralNumber() && note.canConvertToInt() ? note.intValue() - LOWEST : -1;
      if (key < 0 || key >= NOTES || keys.contains(key)) {
        throw new FormatException(
            place
                + ": "
                + note
                + " must be the MIDI number of a piano key, "
                + LOWEST
                + " … "
                + (LOWEST + NOTES - 1)
                + ", each once");
      }
      keys.add(key);
    }
    return keys;
  }

  private static JsonNode list(@Nullable JsonNode node, String place) {
    if (node == null || !node.isArray()) {
      throw new FormatException(place + " must be a list");
    }
    return node;
  }

  /// Of pieces: two sets are the same if and only if theirs are.
  static String fingerprint(List<Piece> pieces) {
    try {
      MessageDigest sum = MessageDigest.getInstance("SHA-256");
      return "sha256:"
          + HexFormat.of()
              .formatHex(sum.digest(pieces.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// Steps that can be foretold: all of a piece but its first.
  static int foretold(List<Piece> pieces) {
    return pieces.stream().mapToInt(p -> p.steps().size() - 1).sum();
  }

  static int longest(List<Piece> pieces) {
    return pieces.stream().mapToInt(p -> p.steps().size() - 1).max().orElse(1);
  }
}
