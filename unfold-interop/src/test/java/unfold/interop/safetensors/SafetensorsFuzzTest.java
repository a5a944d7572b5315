package unfold.interop.safetensors;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.error.FormatException;

/// Whatever bytes come, they are read or refused with a reason. `JAZZER_FUZZ=1` looks for more of
/// them; else these run.
final class SafetensorsFuzzTest {
  private static final SafetensorsLimits SMALL = new SafetensorsLimits(1 << 16, 100, 8);

  static Stream<byte[]> files() {
    return Stream.of(
        file("{}", 0),
        file("{\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}}", 8),
        file("{\"a\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[0,2]}}", 2),
        file("{\"a\":{\"dtype\":\"I64\",\"shape\":[0],\"data_offsets\":[0,0]}}", 0),
        file(
            "{\"__metadata__\":{\"by\":\"me\"},\"b\":{\"dtype\":\"U8\",\"shape\":[3],"
                + "\"data_offsets\":[4,7]},\"a\":{\"dtype\":\"F16\",\"shape\":[1,2],"
                + "\"data_offsets\":[0,4]}}  ",
            7),
        file(
            "{\"a\":{\"dtype\":\"F64\",\"shape\":[4294967296,4294967296],"
                + "\"data_offsets\":[0,8]}}",
            8),
        file("{\"a\":{\"dtype\":\"BOOL\",\"shape\":[1],\"data_offsets\":[-1,0]}}", 1),
        file("[".repeat(5000), 0),
        new byte[] {-1, -1, -1, -1, -1, -1, -1, 127, '{', '}'});
  }

  private static byte[] file(String header, int bytes) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }

  @MethodSource("files")
  @FuzzTest(maxDuration = "2m")
  void readsOrRefuses(byte[] bytes) {
    try {
      SafetensorsReader.parse("fuzz", MemorySegment.ofArray(bytes), SMALL)
          .tensors()
          .values()
          .forEach(t -> t.toDoubles());
    } catch (FormatException _) {
      // That is how a file is refused.
    }
  }
}
