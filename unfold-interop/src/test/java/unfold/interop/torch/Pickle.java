package unfold.interop.torch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Writes pickles instruction by instruction, so that tests can also write bad ones.
final class Pickle {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /// Begins with protocol 2.
  Pickle() {
    raw(0x80, 2);
  }

  Pickle raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  Pickle text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return raw('X').int32(utf8.length).put(utf8);
  }

  Pickle int32(int value) {
    return put(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  Pickle whole(long value) {
    if (value == (int) value) {
      return raw('J').int32((int) value);
    }
    return raw(0x8A, 8)
        .put(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  Pickle global(String module, String name) {
    return raw('c').ascii(module + "\n" + name + "\n");
  }

  Pickle ascii(String text) {
    return put(text.getBytes(StandardCharsets.US_ASCII));
  }

  Pickle tuple(long... wholes) {
    raw('(');
    for (long w : wholes) {
      whole(w);
    }
    return raw('t');
  }

  /// A reference to a storage.
  Pickle storage(String type, String key, long elements) {
    return raw('(')
        .text("storage")
        .global("torch", type)
        .text(key)
        .text("cpu")
        .whole(elements)
        .raw('t', 'Q');
  }

  /// A tensor over a storage of floats.
  Pickle tensor(String key, long elements, long offset, long[] size, long[] strides) {
    return global("torch._utils", "_rebuild_tensor_v2")
        .raw('(')
        .storage("FloatStorage", key, elements)
        .whole(offset)
        .tuple(size)
        .tuple(strides)
        .raw(0x89, '}', 't', 'R');
  }

  /// A map from `x` to one tensor of `n` floats.
  static Pickle good(int n) {
    return new Pickle()
        .raw('}')
        .text("x")
        .tensor("0", n, 0, new long[] {n}, new long[] {1})
        .raw('s');
  }

  private Pickle put(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /// The bytes so far, with the last instruction.
  byte[] end() {
    return raw('.').bytes();
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
