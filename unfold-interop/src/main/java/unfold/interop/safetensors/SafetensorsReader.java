package unfold.interop.safetensors;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import unfold.error.FormatException;
import unfold.interop.ElementType;
import unfold.interop.MappedFile;
import unfold.interop.StoredTensor;
import unfold.interop.TensorFile;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;

/// Reads a file by mapping it; nothing is copied and nothing in it is trusted.
public final class SafetensorsReader {
  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String file;
  private final SafetensorsLimits limits;

  private SafetensorsReader(String file, SafetensorsLimits limits) {
    this.file = file;
    this.limits = limits;
  }

  /// @throws FormatException naming the rule that the file breaks
  /// @throws unfold.error.InputException if the file cannot be read at all
  public static Safetensors read(Path path) {
    return parse(path.toString(), MappedFile.of(path), SafetensorsLimits.DEFAULT);
  }

  /// Reads a file that is in memory; `file` is for messages.
  public static Safetensors parse(String file, MemorySegment bytes, SafetensorsLimits limits) {
    TensorFile whole = describe(file, bytes, limits);
    var tensors = new LinkedHashMap<String, Tensor>();
    whole.tensors().forEach((name, tensor) -> tensors.put(name, tensor.tensor()));
    return new Safetensors(tensors, whole.metadata());
  }

  /// What is in a file, without reading its numbers; those of a file of ours are compared with
  /// their checksum.
  public static TensorFile describe(String file, MemorySegment bytes, SafetensorsLimits limits) {
    return new SafetensorsReader(file, limits).describe(bytes);
  }

  /// Whether it begins as such a file does: a length, then `{`.
  public static boolean recognises(MemorySegment bytes) {
    return bytes.byteSize() >= 9
        && bytes.get(ValueLayout.JAVA_BYTE, 8) == '{'
        && bytes.get(LENGTH, 0) >>> 40 == 0;
  }

  private TensorFile describe(MemorySegment bytes) {
    if (bytes.byteSize() < 8) {
      throw bad(0, "has " + bytes.byteSize() + " bytes, but a header length alone takes 8");
    }
    long length = bytes.get(LENGTH, 0);
    if (length < 2 || length > limits.headerBytes()) {
      throw bad(0, "header length " + length + " is not in 2 … " + limits.headerBytes());
    }
    if (length > bytes.byteSize() - 8) {
      throw bad(
          0, "header length " + length + " exceeds the " + (bytes.byteSize() - 8) + " bytes left");
    }
    if (bytes.get(ValueLayout.JAVA_BYTE, 8) != '{') {
      throw bad(8, "the header does not begin with '{'");
    }
    JsonNode header = header(bytes.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE));
    MemorySegment buffer = bytes.asSlice(8 + length);
    int tensors = header.size() - (header.has("__metadata__") ? 1 : 0);
    if (tensors > limits.tensors()) {
      throw bad(8, tensors + " tensors, more than " + limits.tensors());
    }
    var metadata = new LinkedHashMap<String, String>();
    var entries = new ArrayList<Entry>();
    for (Map.Entry<String, JsonNode> field : header.properties()) {
      if (field.getKey().equals("__metadata__")) {
        metadata.putAll(metadata(field.getValue()));
      } else {
        entries.add(entry(field.getKey(), field.getValue(), buffer.byteSize()));
      }
    }
    var tiled = tile(entries, buffer, 8 + length);
    String kept = metadata.remove(Checksum.KEY);
    if (kept != null && !kept.equals(new Checksum().add(buffer).text())) {
      throw bad(
          8 + length,
          "the numbers are not those that were written (checksum "
              + kept
              + "): the file is damaged");
    }
    return new TensorFile(file, "safetensors", tiled, metadata);
  }

  private JsonNode header(byte[] text) {
    try {
      String json =
          StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(text)).toString();
      JsonNode node = JSON.readTree(json);
      if (!node.isObject()) {
        throw bad(8, "the header is not a JSON object");
      }
      return node;
    } catch (CharacterCodingException e) {
      throw new FormatException(file + ": at byte 8: the header is not UTF-8", e);
    } catch (JacksonException e) {
      throw new FormatException(
          file + ": at byte 8: the header is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private Map<String, String> metadata(JsonNode node) {
    if (!node.isObject()) {
      throw bad(8, "__metadata__ is not an object");
    }
    var out = new LinkedHashMap<String, String>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!field.getValue().isString()) {
        throw bad(8, "__metadata__ '" + field.getKey() + "' is not a string");
      }
      out.put(field.getKey(), field.getValue().stringValue());
    }
    return out;
  }

  private record Entry(String name, ElementType type, Shape shape, long begin, long end) {}

  private Entry entry(String name, JsonNode node, long bufferBytes) {
    if (!node.isObject() || node.size() != 3) {
      throw bad(8, "tensor '" + name + "' needs exactly dtype, shape and data_offsets");
    }
    ElementType type = type(name, node.path("dtype"));
    JsonNode dims = node.path("shape");
    if (!dims.isArray() || dims.size() > limits.rank()) {
      throw bad(8, "tensor '" + name + "': shape is not a list of at most " + limits.rank());
    }
    int[] extents = new int[dims.size()];
    long bytes = type.bytes();
    for (int i = 0; i < extents.length; i++) {
      long extent = whole(name, "shape", dims.get(i));
      if (extent > Integer.MAX_VALUE) {
        throw bad(8, "tensor '" + name + "': extent " + extent + " is too large");
      }
      extents[i] = (int) extent;
      bytes = product(name, bytes, extent);
    }
    JsonNode offsets = node.path("data_offsets");
    if (!offsets.isArray() || offsets.size() != 2) {
      throw bad(8, "tensor '" + name + "': data_offsets is not a pair");
    }
    long begin = whole(name, "data_offsets", offsets.get(0));
    long end = whole(name, "data_offsets", offsets.get(1));
    if (begin > end || end > bufferBytes) {
      throw bad(
          8,
          "tensor '"
              + name
              + "': bytes "
              + begin
              + " … "
              + end
              + " leave the buffer of "
              + bufferBytes
              + "; is the file cut short?");
    }
    Shape shape = Shape.of(extents);
    if (end - begin != bytes) {
      throw bad(
          8,
          "tensor '"
              + name
              + "': "
              + type
              + "["
              + shape
              + "] takes "
              + bytes
              + " bytes, but has "
              + (end - begin));
    }
    return new Entry(name, type, shape, begin, end);
  }

  private ElementType type(String name, JsonNode node) {
    return switch (node.isString() ? node.stringValue() : node.toString()) {
      case "F64" -> ElementType.F64;
      case "F32" -> ElementType.F32;
      case "F16" -> ElementType.F16;
      case "BF16" -> ElementType.BF16;
      case "I64" -> ElementType.I64;
      case "I32" -> ElementType.I32;
      case "I16" -> ElementType.I16;
      case "I8" -> ElementType.I8;
      case "U8" -> ElementType.U8;
      case "BOOL" -> ElementType.BOOL;
      case String other ->
          throw bad(
              8,
              "tensor '"
                  + name
                  + "': type "
                  + other
                  + " is not one that Unfold reads (F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL)");
    };
  }

  private long whole(String name, String key, JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      throw bad(8, "tensor '" + name + "': " + key + " has " + node + ", not a whole number");
    }
    return node.longValue();
  }

  private long product(String name, long a, long b) {
    try {
      return Math.multiplyExact(a, b);
    } catch (ArithmeticException e) {
      throw new FormatException(
          file + ": at byte 8: tensor '" + name + "' has more elements than can be counted", e);
    }
  }

  /// The tensors in buffer order, which must cover it without hole or overlap.
  private LinkedHashMap<String, StoredTensor> tile(
      List<Entry> entries, MemorySegment buffer, long bufferAt) {
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long at = 0;
    var tensors = new LinkedHashMap<String, StoredTensor>();
    for (Entry e : entries) {
      if (e.begin() != at) {
        throw bad(
            bufferAt + at,
            "tensor '"
                + e.name()
                + "' begins at "
                + e.begin()
                + " of the buffer, "
                + (e.begin() < at ? "inside the one before, which ends at " : "after a hole from ")
                + at);
      }
      at = e.end();
      MemorySegment data = buffer.asSlice(e.begin(), e.end() - e.begin());
      tensors.put(e.name(), StoredTensor.dense(file + ": " + e.name(), e.type(), e.shape(), data));
    }
    if (at != buffer.byteSize()) {
      throw bad(
          bufferAt + at, (buffer.byteSize() - at) + " bytes behind the last tensor belong to none");
    }
    return tensors;
  }

  private FormatException bad(long offset, String problem) {
    return FormatException.at(file, offset, problem);
  }
}
