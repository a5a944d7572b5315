package unfold.interop.torch;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import unfold.error.FormatException;

/// The entries of a zip archive, read in memory by their exact names. Nothing is unpacked: entries
/// must be stored as they are, and every entry must be described alike in front of it and in the
/// directory at the end.
///
/// @source PKWARE: .ZIP file format specification 6.3.10, sections 4.3 and 4.5
final class Zip {
  private static final int LOCAL = 0x04034B50;
  private static final int DESCRIPTOR = 0x08074B50;
  private static final int CENTRAL = 0x02014B50;
  private static final int END = 0x06054B50;
  private static final int END_64 = 0x06064B50;
  private static final int LOCATOR_64 = 0x07064B50;
  private static final int END_BYTES = 22;
  private static final int LOCATOR_BYTES = 20;
  private static final int END_64_BYTES = 56;
  private static final int CENTRAL_BYTES = 46;
  private static final int NAME_BYTES = 1024;
  private static final long LONG = 0xFFFFFFFFL;
  private static final int SIZES_FOLLOW = 1 << 3;
  private static final int UTF8 = 1 << 11;
  private static final long CHUNK_BYTES = 1L << 30;

  private final String file;
  private final MemorySegment bytes;
  private final TorchLimits limits;

  /// @param header where it begins
  /// @param begin where its data begin
  record Entry(String name, long header, long begin, long size, long crc, boolean sizesFollow) {
    long end() {
      return begin + size;
    }
  }

  private record Directory(long begin, long end, long count) {}

  private Zip(String file, MemorySegment bytes, TorchLimits limits) {
    this.file = file;
    this.bytes = bytes;
    this.limits = limits;
  }

  static boolean is(MemorySegment bytes) {
    return bytes.byteSize() >= 4 && new Cursor("", bytes, 0, 4).i32() == LOCAL;
  }

  /// All entries by name, in the directory's order.
  static SequencedMap<String, Entry> entries(String file, MemorySegment bytes, TorchLimits limits) {
    return new Zip(file, bytes, limits).read();
  }

  private SequencedMap<String, Entry> read() {
    Directory directory = directory();
    if (directory.count() > limits.entries()) {
      throw bad(directory.begin(), directory.count() + " entries, more than " + limits.entries());
    }
    var in = new Cursor(file, bytes, directory.begin(), directory.end());
    var entries = new ArrayList<Entry>();
    for (long k = 0; k < directory.count(); k++) {
      entries.add(entry(in, directory.begin()));
    }
    if (in.remaining() != 0) {
      throw in.bad("the archive's directory goes on behind its last entry");
    }
    requireApart(entries, directory.begin());
    var byName = new LinkedHashMap<String, Entry>();
    for (Entry e : entries) {
      if (byName.put(e.name(), e) != null) {
        throw bad(e.header(), "two entries are named '" + e.name() + "'");
      }
    }
    return byName;
  }

  private Directory directory() {
    long size = bytes.byteSize();
    if (size < END_BYTES || cursor(size - END_BYTES).i32() != END) {
      throw bad(
          Math.max(0, size - END_BYTES),
          "no end of a zip archive here: it is truncated, or something follows it");
    }
    Cursor in = cursor(size - END_BYTES + 4);
    int disk = in.u16();
    int directoryDisk = in.u16();
    int here = in.u16();
    int count = in.u16();
    long length = in.u32();
    long begin = in.u32();
    long end = size - END_BYTES;
    if (disk != 0 || directoryDisk != 0 || here != count || in.u16() != 0) {
      throw in.bad("an archive in several parts, or with a comment");
    }
    boolean large = end >= LOCATOR_BYTES && cursor(end - LOCATOR_BYTES).i32() == LOCATOR_64;
    var small = new Directory(begin, end, count);
    return large ? largeDirectory(end - LOCATOR_BYTES, length, small) : requirePlace(small, length);
  }

  private Directory largeDirectory(long locator, long smallLength, Directory small) {
    long at = locator - END_64_BYTES;
    Cursor in = cursor(locator + 4);
    if (in.u32() != 0 || in.i64() != at || in.i32() != 1 || at < 0) {
      throw bad(locator, "the archive's large end record is not in front of this");
    }
    in = cursor(at);
    if (in.i32() != END_64 || in.i64() != END_64_BYTES - 12) {
      throw bad(at, "the archive's large end record is not here, or longer than known");
    }
    in.i32(); // Versions that wrote it and are needed.
    boolean whole = in.i64() == 0; // Numbers of two parts.
    long here = in.i64();
    long count = in.i64();
    long length = in.i64();
    long begin = in.i64();
    if (!whole || here != count || count < 0) {
      throw bad(at, "an archive in several parts");
    }
    boolean same =
        (small.count() == 0xFFFF || small.count() == count)
            && (smallLength == LONG || smallLength == length)
            && (small.begin() == LONG || small.begin() == begin);
    if (!same) {
      throw bad(at, "the archive's two end records differ");
    }
    return requirePlace(new Directory(begin, at, count), length);
  }

  private Directory requirePlace(Directory d, long length) {
    if (d.begin() < 0 || d.begin() > d.end() || d.end() - d.begin() != length) {
      throw bad(
          d.end(),
          "the archive's directory should be "
              + length
              + " bytes from "
              + d.begin()
              + " on, right before this");
    }
    if (d.count() > length / CENTRAL_BYTES) {
      throw bad(d.begin(), d.count() + " entries do not fit into a directory of " + length);
    }
    return d;
  }

  /// One entry of the directory, compared with the header in front of its data.
  private Entry entry(Cursor in, long directoryBegin) {
    long at = in.at();
    if (in.i32() != CENTRAL) {
      throw bad(at, "no entry of the archive's directory here");
    }
    in.i32(); // Versions that wrote it and are needed.
    int flags = in.u16();
    int method = in.u16();
    in.i32(); // Time and date.
    long crc = in.u32();
    long packed = in.u32();
    long size = in.u32();
    int nameBytes = in.u16();
    int extraBytes = in.u16();
    int commentBytes = in.u16();
    if (in.u16() != 0) {
      throw bad(at, "an entry on another disk");
    }
    in.u16(); // Kind of text.
    in.i32(); // Rights.
    long header = in.u32();
    if (nameBytes > NAME_BYTES) {
      throw bad(at, "a name of " + nameBytes + " bytes: " + NAME_BYTES + " are the limit");
    }
    String name = in.text(nameBytes);
    long[] wide =
        wide(in.slice(extraBytes, "the extra field of an entry"), at, size, packed, header);
    in.slice(commentBytes, "the comment of an entry");
    requireName(name, at);
    if ((flags & ~(SIZES_FOLLOW | UTF8)) != 0) {
      throw bad(at, "entry '" + name + "' is encrypted or of an unknown kind");
    }
    if (method != 0 || wide[0] != wide[1]) {
      throw bad(at, "entry '" + name + "' is compressed: PyTorch stores entries as they are");
    }
    return local(name, flags, crc, wide[0], wide[2], directoryBegin);
  }

  /// Size, packed size and place, which are in the extra field where 32 bits do not do.
  private long[] wide(MemorySegment extra, long at, long size, long packed, long header) {
    long[] all = {size, packed, header};
    var in = new Cursor(file, extra, 0, extra.byteSize());
    while (in.remaining() >= 4) {
      int id = in.u16();
      int length = in.u16();
      if (length > in.remaining()) {
        throw bad(at, "an entry's extra field is cut");
      }
      MemorySegment part = in.slice(length, "a part of the extra field");
      if (id != 1) {
        continue;
      }
      var numbers = new Cursor(file, part, 0, length);
      for (int k = 0; k < 3; k++) {
        if (all[k] == LONG) {
          all[k] = numbers.i64();
        }
      }
    }
    if (all[0] < 0 || all[1] < 0 || all[2] < 0) {
      throw bad(at, "an entry with a negative size or place");
    }
    return all;
  }

  private void requireName(String name, long at) {
    boolean plain =
        !name.isEmpty()
            && !name.startsWith("/")
            && name.chars().noneMatch(c -> c < ' ' || c == '\\' || c == ':')
            && List.of(name.split("/", -1)).stream()
                .noneMatch(p -> p.equals("..") || p.equals("."));
    if (!plain) {
      throw bad(at, "an entry with the name '" + name + "', which leads out of the archive");
    }
  }

  private Entry local(
      String name, int flags, long crc, long size, long header, long directoryBegin) {
    if (header > directoryBegin) {
      throw bad(directoryBegin, "entry '" + name + "' should lie at " + header + ", behind this");
    }
    var in = new Cursor(file, bytes, header, directoryBegin);
    if (in.i32() != LOCAL) {
      throw bad(header, "the header of entry '" + name + "' is not here");
    }
    in.u16(); // Version needed.
    boolean same = in.u16() == flags & in.u16() == 0;
    in.i32(); // Time and date.
    long localCrc = in.u32();
    long localPacked = in.u32();
    long localSize = in.u32();
    int nameBytes = in.u16();
    int extraBytes = in.u16();
    same &= nameBytes <= NAME_BYTES && in.text(nameBytes).equals(name);
    MemorySegment extra = in.slice(extraBytes, "the extra field of an entry");
    boolean follow = (flags & SIZES_FOLLOW) != 0;
    if (!(follow && localCrc == 0 && localPacked == 0 && localSize == 0)) {
      long[] wide = wide(extra, header, localSize, localPacked, 0);
      same &= localCrc == crc && wide[0] == size && wide[1] == size;
    }
    if (!same) {
      throw bad(header, "entry '" + name + "' has another header than the directory says");
    }
    var entry = new Entry(name, header, in.at(), size, crc, follow);
    in.slice(size, "entry '" + name + "'");
    if (follow) {
      requireDescriptor(in, entry);
    }
    return entry;
  }

  /// Checksum and sizes behind the data, as 32-bit or 64-bit numbers.
  private void requireDescriptor(Cursor in, Entry e) {
    long at = in.at();
    boolean small = in.remaining() >= 16 && descriptor(at, e, 4);
    if (!small && !(in.remaining() >= 24 && descriptor(at, e, 8))) {
      throw bad(at, "what follows entry '" + e.name() + "' differs from the directory");
    }
  }

  private boolean descriptor(long at, Entry e, int sizeBytes) {
    Cursor in = cursor(at);
    boolean same = in.i32() == DESCRIPTOR & in.u32() == e.crc();
    for (int k = 0; k < 2; k++) {
      same &= (sizeBytes == 4 ? in.u32() : in.i64()) == e.size();
    }
    return same;
  }

  /// No byte may belong to two entries.
  private void requireApart(List<Entry> entries, long directoryBegin) {
    var ordered = new ArrayList<>(entries);
    ordered.sort(Comparator.comparingLong(Entry::header));
    var seen = new HashSet<Long>();
    for (int k = 0; k < ordered.size(); k++) {
      Entry e = ordered.get(k);
      long next = k + 1 < ordered.size() ? ordered.get(k + 1).header() : directoryBegin;
      if (e.end() > next || !seen.add(e.header())) {
        throw bad(e.header(), "entry '" + e.name() + "' overlaps the one that follows");
      }
    }
  }

  /// The data of an entry. A checksum of 0 means that the writer left it out, as PyTorch can.
  ///
  /// @throws FormatException if they are not those that were written
  static MemorySegment data(String file, MemorySegment bytes, Entry e) {
    MemorySegment data = bytes.asSlice(e.begin(), e.size());
    if (e.crc() != 0) {
      var crc = new CRC32();
      for (long at = 0; at < e.size(); at += CHUNK_BYTES) {
        crc.update(data.asSlice(at, Math.min(CHUNK_BYTES, e.size() - at)).asByteBuffer());
      }
      if (crc.getValue() != e.crc()) {
        throw FormatException.at(
            file, e.begin(), "entry '" + e.name() + "' is damaged: its checksum is wrong");
      }
    }
    return data;
  }

  private Cursor cursor(long at) {
    if (at < 0 || at > bytes.byteSize()) {
      throw bad(0, "the archive refers to byte " + at + " of " + bytes.byteSize());
    }
    return new Cursor(file, bytes, at, bytes.byteSize());
  }

  private FormatException bad(long offset, String problem) {
    return FormatException.at(file, offset, problem);
  }
}
