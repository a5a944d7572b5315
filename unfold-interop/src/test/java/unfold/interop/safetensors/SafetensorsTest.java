package unfold.interop.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.error.FormatException;
import unfold.error.InputException;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;

class SafetensorsTest {
  @TempDir Path folder;

  private static LinkedHashMap<String, Tensor> example() {
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("conv.weight", Tensor.of(Shape.of(2, 3), 1f, 2f, 3f, 4f, 5f, 6f));
    tensors.put("half", Tensor.of(Shape.of(3), 1f, -2f, 0.5f).to(DType.BF16));
    tensors.put("empty", Tensor.zeros(DType.F32, 0, 4));
    tensors.put("step", Tensor.of(Shape.SCALAR, 7));
    tensors.put("näme/with \"quotes\"", Tensor.of(Shape.of(1), 9f));
    return tensors;
  }

  @Test
  void savingThenLoadingIsTheIdentity() {
    Path file = folder.resolve("a.safetensors");
    SafetensorsWriter.write(file, example(), Map.of("format", "unfold"));
    Safetensors back = SafetensorsReader.read(file);
    assertThat(back.metadata()).containsExactly(Map.entry("format", "unfold"));
    assertThat(back.tensors().keySet()).containsExactlyElementsOf(example().keySet());
    example()
        .forEach((name, t) -> {
          Tensor read = java.util.Objects.requireNonNull(back.tensors().get(name));
          assertThat(read.type()).isEqualTo(t.type());
          assertThat(read.toDoubles()).isEqualTo(t.toDoubles());
        });
    assertThat(folder.resolve("a.safetensors.part")).doesNotExist();
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    Path file = folder.resolve("a.safetensors");
    SafetensorsWriter.write(file, example(), Map.of());
    byte[] whole = Files.readAllBytes(file);
    for (int n = 0; n < whole.length; n++) {
      byte[] cut = java.util.Arrays.copyOf(whole, n);
      assertThatThrownBy(() -> parse(cut)).isInstanceOf(FormatException.class);
    }
  }

  @Test
  void everyFlippedHeaderByteIsReadOrRefusedButNeverAnythingElse() throws IOException {
    Path file = folder.resolve("a.safetensors");
    SafetensorsWriter.write(file, example(), Map.of("k", "v"));
    byte[] whole = Files.readAllBytes(file);
    int header = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
    int refused = 0;
    for (int i = 0; i < 8 + header; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = whole.clone();
        flipped[i] ^= (byte) (1 << bit);
        try {
          parse(flipped);
        } catch (FormatException _) {
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(4 * header);
  }

  @Test
  void everyFlippedBitOfTheNumbersIsRefused() throws IOException {
    Path file = folder.resolve("a.safetensors");
    SafetensorsWriter.write(file, example(), Map.of("k", "v"));
    byte[] whole = Files.readAllBytes(file);
    int header = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
    for (int bit = 8 * (8 + header); bit < 8 * whole.length; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> parse(flipped))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("the numbers are not those that were written (checksum ")
          .hasMessageEndingWith("): the file is damaged");
    }
  }

  static Stream<Arguments> malicious() {
    return Stream.of(
        arguments("[1]", 0, "does not begin with '{'"),
        arguments("{\"a\":", 0, "is not JSON"),
        arguments("{} {}", 0, "is not JSON"),
        arguments(f32("a", "[1]", 0, 4) + "}x", 4, "is not JSON"),
        arguments(
            "{" + entry("a", "F32", "[1]", 0, 4) + "," + entry("a", "F32", "[1]", 0, 4) + "}",
            4,
            "Duplicate"),
        arguments("{\"__metadata__\":[]}", 0, "__metadata__ is not an object"),
        arguments("{\"__metadata__\":{\"a\":1}}", 0, "'a' is not a string"),
        arguments("{\"a\":{\"dtype\":\"F32\"}}", 0, "exactly dtype, shape and data_offsets"),
        arguments("{" + entry("a", "F8", "[1]", 0, 1) + "}", 1, "type F8"),
        arguments(f32("a", "[1,1,1,1,1,1,1,1,1]", 0, 4) + "}", 4, "list of at most 8"),
        arguments(f32("a", "[-1]", 0, 4) + "}", 4, "shape has -1"),
        arguments(f32("a", "[1.5]", 0, 4) + "}", 4, "shape has 1.5"),
        arguments(f32("a", "[4294967296]", 0, 4) + "}", 4, "extent 4294967296 is too large"),
        arguments(
            f32("a", "[2000000000,2000000000,2000000000]", 0, 4) + "}",
            4,
            "more elements than can be counted"),
        arguments(f32("a", "[2]", 0, 4) + "}", 4, "takes 8 bytes, but has 4"),
        arguments(f32("a", "[1]", 4, 0) + "}", 4, "leave the buffer"),
        arguments(f32("a", "[2]", 0, 8) + "}", 4, "leave the buffer of 4"),
        arguments(f32("a", "[1]", 4, 8) + "}", 8, "after a hole from 0"),
        arguments(
            f32("a", "[2]", 0, 8) + "," + entry("b", "F32", "[1]", 4, 8) + "}",
            8,
            "inside the one before"),
        arguments(f32("a", "[1]", 0, 4) + "}", 8, "4 bytes behind the last tensor"));
  }

  @ParameterizedTest
  @MethodSource("malicious")
  void refusesWhatBreaksARule(String header, int bufferBytes, String rule) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    byte[] file =
        ByteBuffer.allocate(8 + text.length + bufferBytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .put(text)
            .array();
    assertThatThrownBy(() -> parse(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("evil.safetensors: at byte")
        .hasMessageContaining(rule);
  }

  @Test
  void refusesAHeaderLongerThanTheLimitOrTheFile() {
    byte[] huge =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(Long.MAX_VALUE).array();
    assertThatThrownBy(() -> parse(huge)).hasMessageContaining("is not in 2 … 16777216");
    byte[] beyond = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(9).array();
    assertThatThrownBy(() -> parse(beyond)).hasMessageContaining("exceeds the 8 bytes left");
  }

  @Test
  void refusesTooManyTensors() {
    var header = new StringBuilder("{");
    for (int i = 0; i < 4; i++) {
      header.append(i == 0 ? "" : ",").append(entry("t" + i, "F32", "[0]", 0, 0));
    }
    byte[] text = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
    byte[] file =
        ByteBuffer.allocate(8 + text.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .put(text)
            .array();
    var limits = new SafetensorsLimits(1000, 3, 8);
    assertThatThrownBy(() -> SafetensorsReader.parse("f", MemorySegment.ofArray(file), limits))
        .hasMessageContaining("4 tensors, more than 3");
    var enough = new SafetensorsLimits(1000, 4, 8);
    assertThat(SafetensorsReader.parse("f", MemorySegment.ofArray(file), enough).tensors())
        .hasSize(4);
  }

  @Test
  void readsTypesThatMemoryHasNotIntoWiderOnes() {
    String header =
        "{"
            + entry("half", "F16", "[2]", 0, 4)
            + ","
            + entry("long", "I64", "[1]", 4, 12)
            + ","
            + entry("short", "I16", "[1]", 12, 14)
            + ","
            + entry("byte", "I8", "[1]", 14, 15)
            + "}";
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    byte[] file =
        ByteBuffer.allocate(8 + text.length + 15)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .put(text)
            .putShort((short) 0x3C00)
            .putShort((short) 0x8001)
            .putLong(-5)
            .putShort((short) -300)
            .put((byte) -1)
            .array();
    var tensors = parse(file).tensors();
    assertThat(tensors.get("half")).hasToString("f32[2] {1.0, -5.9604645E-8}");
    assertThat(tensors.get("long")).hasToString("i32[1] {-5.0}");
    assertThat(tensors.get("short")).hasToString("i32[1] {-300.0}");
    assertThat(tensors.get("byte")).hasToString("i32[1] {-1.0}");
  }

  @Test
  void refusesToWriteATensorWithTheNameOfTheMetadata() {
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("__metadata__", Tensor.scalar(1));
    Path file = folder.resolve("m.safetensors");
    assertThatThrownBy(() -> SafetensorsWriter.write(file, tensors, Map.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no tensor can be named __metadata__");
    assertThat(file).doesNotExist();
    assertThat(folder.resolve("m.safetensors.part")).doesNotExist();
  }

  @Test
  void aWriteThatFailsLeavesTheOldFileAndNoPart() throws IOException {
    Path file = folder.resolve("a.safetensors");
    SafetensorsWriter.write(file, example(), Map.of());
    byte[] before = Files.readAllBytes(file);
    Path part = folder.resolve("a.safetensors.part");
    Files.createDirectory(part);
    assertThatThrownBy(() -> SafetensorsWriter.write(file, example(), Map.of("new", "1")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("could not be written");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void namesAMissingFileAndAFolder() {
    assertThatThrownBy(() -> SafetensorsReader.read(folder.resolve("none")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("there is no such file");
    assertThatThrownBy(() -> SafetensorsReader.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot be read");
  }

  private static Safetensors parse(byte[] file) {
    return SafetensorsReader.parse(
        "evil.safetensors", MemorySegment.ofArray(file), SafetensorsLimits.DEFAULT);
  }

  private static String f32(String name, String shape, int begin, int end) {
    return "{" + entry(name, "F32", shape, begin, end);
  }

  private static String entry(String name, String dtype, String shape, int begin, int end) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(name, dtype, shape, begin, end);
  }
}
