package unfold.interop.torch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A file that torch.save wrote, and what is in it: files.txt, which files.py beside it made.
record TorchSample(
    String name, byte[] bytes, Map<String, Content> tensors, Map<String, String> said) {

  /// @param type as `f32[2x3]`
  record Content(String type, double[] values) {}

  static List<TorchSample> all() {
    InputStream in = Objects.requireNonNull(TorchSample.class.getResourceAsStream("files.txt"));
    try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      var all = new ArrayList<TorchSample>();
      lines.lines().map(line -> line.split(" ")).forEach(word -> add(all, word));
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static TorchSample named(String name) {
    return all().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  private static void add(List<TorchSample> all, String[] word) {
    switch (word[0]) {
      case "file" ->
          all.add(
              new TorchSample(
                  word[1],
                  Base64.getDecoder().decode(word[2]),
                  new LinkedHashMap<>(),
                  new LinkedHashMap<>()));
      case "tensor" -> {
        double[] values =
            Arrays.stream(word)
                .skip(4)
                .map(w -> w.replace("inf", "Infinity"))
                .mapToDouble(Double::parseDouble)
                .toArray();
        all.getLast().tensors().put(word[1], new Content(word[2] + "[" + word[3] + "]", values));
      }
      case "said" -> all.getLast().said().put(word[1], word[2]);
      default -> {}
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
