package unfold.interop.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import unfold.error.InputException;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// Writes a file that is whole or absent: into a temporary sibling, forced to the disk, then
/// renamed over the old one.
public final class SafetensorsWriter {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long CHUNK_BYTES = 64L << 20;

  private SafetensorsWriter() {}

  /// @throws InputException if the disk is full or the folder cannot be written; an older file of
  ///   this name is then as it was
  public static void write(
      Path path, SequencedMap<String, Tensor> tensors, Map<String, String> metadata) {
    ByteBuffer header = header(tensors, metadata);
    Path part = path.resolveSibling(path.getFileName() + ".part");
    try {
      try (var channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        writeAll(channel, header);
        for (Tensor t : tensors.values()) {
          for (long at = 0; at < t.type().bytes(); at += CHUNK_BYTES) {
            long n = Math.min(CHUNK_BYTES, t.type().bytes() - at);
            writeAll(channel, t.data().asSlice(at, n).asByteBuffer());
          }
        }
        channel.force(true);
      }
      Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      discard(part);
      throw new InputException(
          path + ": could not be written (" + e.getMessage() + "); an older file is unharmed", e);
    }
  }

  private static void discard(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException _) {
      // The complaint about the write itself is the one worth reading.
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static ByteBuffer header(
      SequencedMap<String, Tensor> tensors, Map<String, String> metadata) {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode meta = root.putObject("__metadata__");
    metadata.forEach(meta::put);
    var checksum = new Checksum();
    tensors.values().forEach(t -> checksum.add(t.data().asSlice(0, t.type().bytes())));
    meta.put(Checksum.KEY, checksum.text());
    long at = 0;
    for (var e : tensors.entrySet()) {
      if (e.getKey().equals("__metadata__")) {
        throw new InputException("no tensor can be named __metadata__: the format uses that name");
      }
      Tensor t = e.getValue();
      ObjectNode node = root.putObject(e.getKey());
      node.put("dtype", dtype(t.dtype()));
      var dims = node.putArray("shape");
      t.shape().toList().forEach(dims::add);
      node.putArray("data_offsets").add(at).add(at + t.type().bytes());
      at += t.type().bytes();
    }
    byte[] text = JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    int padded = (text.length + 7) / 8 * 8;
    var out = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded);
    out.put(text);
    while (out.hasRemaining()) {
      out.put((byte) ' ');
    }
    return out.flip();
  }

  private static String dtype(DType dtype) {
    return dtype.toString().toUpperCase(Locale.ROOT);
  }
}
