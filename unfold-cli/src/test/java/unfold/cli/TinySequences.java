package unfold.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs on sequences that learn from a few lines for a moment, one of each kind.
///
/// @param folder of the data and of the run
record TinySequences(Path folder) {
  private static final String SCALE = "[[60],[62],[64],[65],[67],[]]";

  Path run() {
    return folder.resolve("run");
  }

  private Path text() throws IOException {
    return Files.writeString(folder.resolve("text.txt"), "for (a) { b; }\n".repeat(80));
  }

  private Path music() throws IOException {
    String parts = "{\"train\":[%1$s,%1$s],\"valid\":[%1$s],\"test\":[%1$s]}";
    return Files.writeString(folder.resolve("music.json"), parts.formatted(SCALE));
  }

  private Path sentences() throws IOException {
    Path data = Files.createDirectories(folder.resolve("sentences"));
    for (String part : List.of("train", "dev", "test")) {
      Files.writeString(data.resolve(part + ".tsv"), "a fine film\t1\na dull film\t0\n".repeat(4));
    }
    return data;
  }

  private Path pairs() throws IOException {
    Path data = Files.createDirectories(folder.resolve("pairs"));
    for (String part : List.of("train", "val", "test_2016_flickr")) {
      Files.writeString(data.resolve(part + ".de"), "ein hund rennt .\nein kind .\n".repeat(3));
      Files.writeString(data.resolve(part + ".en"), "a dog runs .\na child .\n".repeat(3));
    }
    return data;
  }

  private Path pictures() throws IOException {
    Path data = folder.resolve("pictures");
    for (String kind : List.of("train/cats", "train/dogs", "test/cats", "test/dogs")) {
      Path of = Files.createDirectories(data.resolve(kind));
      for (int k = 0; k < 12; k++) {
        Pictures.png(of.resolve(k + ".png"));
      }
    }
    return data;
  }

  /// What a kind of run learns from.
  private Map<String, String> data(String what) throws IOException {
    return switch (what) {
      case "charlm" ->
          Map.of(
              "--text", text().toString(),
              "--seq-length", "10",
              "--validation", "0.2",
              "--limit-batches", "2");
      case "chorales" -> Map.of("--data", music().toString());
      case "sentiment" -> Map.of("--data", sentences().toString(), "--embedding-size", "4");
      case "translate" ->
          Map.of(
              "--data", pairs().toString(),
              "--source", "de",
              "--target", "en",
              "--min-count", "1",
              "--embedding-size", "4");
      case "captions" -> Map.of("--data", pictures().toString(), "--embedding-size", "4");
      default -> Map.of("--films", "4", "--frames", "4");
    };
  }

  /// `unfold train` with tiny sizes, where these words do not say otherwise.
  Said train(String what, String... more) throws IOException {
    var words = new LinkedHashMap<>(data(what));
    words.put("--rnn-size", "6");
    words.put("--num-layers", "1");
    words.put("--batch", "2");
    words.put("--epochs", "1");
    words.put("--precision", "f32");
    words.put("--out", run().toString());
    for (String word : more) {
      String[] parts = word.split("=", 2);
      words.put(parts[0], parts[1]);
    }
    var all = new ArrayList<>(List.of("train", what, "--json"));
    words.forEach((name, value) -> all.add(name + "=" + value));
    return Said.by(all.toArray(String[]::new));
  }
}
