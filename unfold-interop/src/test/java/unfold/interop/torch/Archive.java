package unfold.interop.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/// Writes zip archives whose every number can be set, so that tests can also write bad ones.
final class Archive {
  /// @param local header in front of the data
  /// @param central entry of the directory; its place is filled in at the end if it is -1
  record Entry(String name, byte[] data, Header local, Header central) {
    static Entry of(String name, byte[] data) {
      var crc = new CRC32();
      crc.update(data);
      var header = new Header(name, 0, 0, (int) crc.getValue(), data.length, data.length, -1);
      return new Entry(name, data, header, header);
    }

    Entry local(Header other) {
      return new Entry(name, data, other, central);
    }

    Entry both(Header other) {
      return new Entry(name, data, other, other);
    }

    Entry central(Header other) {
      return new Entry(name, data, local, other);
    }
  }

  record Header(String name, int flags, int method, int crc, int packed, int size, int place) {
    Header name(String other) {
      return new Header(other, flags, method, crc, packed, size, place);
    }

    Header flags(int other) {
      return new Header(name, other, method, crc, packed, size, place);
    }

    Header method(int other) {
      return new Header(name, flags, other, crc, packed, size, place);
    }

    Header crc(int other) {
      return new Header(name, flags, method, other, packed, size, place);
    }

    Header sizes(int first, int second) {
      return new Header(name, flags, method, crc, first, second, place);
    }

    Header place(int other) {
      return new Header(name, flags, method, crc, packed, size, other);
    }
  }

  private Archive() {}

  /// What torch.save would write: the pickle and storages "0", "1", … .
  static byte[] torch(byte[] pickle, byte[]... storages) {
    return zip(entries(pickle, storages));
  }

  static List<Entry> entries(byte[] pickle, byte[]... storages) {
    var entries = new ArrayList<Entry>();
    entries.add(Entry.of("a/data.pkl", pickle));
    for (int k = 0; k < storages.length; k++) {
      entries.add(Entry.of("a/data/" + k, storages[k]));
    }
    return entries;
  }

  static byte[] zip(List<Entry> entries) {
    ByteBuffer out = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    int[] places = new int[entries.size()];
    for (int k = 0; k < places.length; k++) {
      Header h = entries.get(k).local();
      places[k] = out.position();
      out.putInt(0x04034B50).putShort((short) 20);
      common(out, h);
      byte[] name = h.name().getBytes(StandardCharsets.UTF_8);
      out.putShort((short) name.length).putShort((short) 0).put(name);
      out.put(entries.get(k).data());
    }
    int directory = out.position();
    for (int k = 0; k < places.length; k++) {
      Header h = entries.get(k).central();
      out.putInt(0x02014B50).putInt(20 | 20 << 16);
      common(out, h);
      byte[] name = h.name().getBytes(StandardCharsets.UTF_8);
      out.putShort((short) name.length).putShort((short) 0).putShort((short) 0);
      out.putShort((short) 0).putShort((short) 0).putInt(0);
      out.putInt(h.place() < 0 ? places[k] : h.place()).put(name);
    }
    int end = out.position();
    out.putInt(0x06054B50).putInt(0);
    out.putShort((short) places.length).putShort((short) places.length);
    out.putInt(end - directory).putInt(directory).putShort((short) 0);
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  private static void common(ByteBuffer out, Header h) {
    out.putShort((short) h.flags()).putShort((short) h.method()).putInt(0);
    out.putInt(h.crc()).putInt(h.packed()).putInt(h.size());
  }
}
