package unfold.interop.torch;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import unfold.error.FormatException;
import unfold.interop.ElementType;
import unfold.interop.MappedFile;
import unfold.interop.StoredTensor;
import unfold.interop.TensorFile;
import unfold.interop.torch.PickleValue.Items;
import unfold.interop.torch.PickleValue.Storage;
import unfold.interop.torch.PickleValue.Text;
import unfold.interop.torch.PickleValue.View;

/// Reads what `torch.save` writes (`.pth`, `.pt`, `.th`): an archive with a pickle and one entry
/// for each storage, or, before PyTorch 1.6, pickles one after the other and then the storages.
/// Which of both shows in the first bytes. The file is mapped; no code in it is ever run.
public final class TorchReader {
  /// The pickled number 0x1950a86a20f9469cfc6c, with which the older form begins.
  private static final byte[] MAGIC = {
    (byte) 0x80,
    2,
    (byte) 0x8A,
    10,
    0x6C,
    (byte) 0xFC,
    (byte) 0x9C,
    0x46,
    (byte) 0xF9,
    0x20,
    0x6A,
    (byte) 0xA8,
    0x50,
    0x19,
    '.'
  };

  private static final long PROTOCOL = 1001;

  private final String file;
  private final MemorySegment bytes;
  private final TorchLimits limits;

  private TorchReader(String file, MemorySegment bytes, TorchLimits limits) {
    this.file = file;
    this.bytes = bytes;
    this.limits = limits;
  }

  /// @throws FormatException naming the rule that the file breaks
  /// @throws unfold.error.InputException if the file cannot be read at all
  public static TensorFile read(Path path) {
    return parse(path.toString(), MappedFile.of(path), TorchLimits.DEFAULT);
  }

  /// Reads a file that is in memory; `file` is for messages.
  public static TensorFile parse(String file, MemorySegment bytes, TorchLimits limits) {
    var reader = new TorchReader(file, bytes, limits);
    if (Zip.is(bytes)) {
      return reader.archive();
    }
    if (isLegacy(bytes)) {
      return reader.stacked();
    }
    throw FormatException.at(file, 0, "not a file that PyTorch wrote");
  }

  /// Whether it begins as one of PyTorch's files does.
  public static boolean recognises(MemorySegment bytes) {
    return Zip.is(bytes) || isLegacy(bytes);
  }

  private static boolean isLegacy(MemorySegment bytes) {
    return bytes.byteSize() >= MAGIC.length
        && bytes.asSlice(0, MAGIC.length).mismatch(MemorySegment.ofArray(MAGIC)) < 0;
  }

  private TensorFile archive() {
    SequencedMap<String, Zip.Entry> entries = Zip.entries(file, bytes, limits);
    String folder = folder(entries.keySet());
    Zip.Entry order = entries.get(folder + "byteorder");
    if (order != null && !text(order).equals("little")) {
      throw FormatException.at(file, order.begin(), "numbers with the high byte first");
    }
    Zip.Entry pickle = Objects.requireNonNull(entries.get(folder + "data.pkl"));
    if (pickle.size() > limits.pickleBytes()) {
      throw FormatException.at(
          file, pickle.begin(), "a pickle of more than " + limits.pickleBytes() + " bytes");
    }
    Zip.data(file, bytes, pickle);
    var in = new Cursor(file, bytes, pickle.begin(), pickle.end());
    PickleValue root = Unpickler.read(in, limits);
    if (in.remaining() != 0) {
      throw in.bad("the pickle goes on behind its end");
    }
    Naming.Named named = Naming.of(file, root, limits);
    var storages = new LinkedHashMap<String, MemorySegment>();
    for (Storage s : storages(named)) {
      Zip.Entry entry = entries.get(folder + "data/" + s.key());
      if (entry == null) {
        throw new FormatException(
            file + ": has no entry '" + folder + "data/" + s.key() + "' for a storage");
      }
      if (entry.size() != length(s)) {
        throw FormatException.at(
            file,
            entry.begin(),
            "entry '"
                + entry.name()
                + "' has "
                + entry.size()
                + " bytes, but the storage is "
                + s.elements()
                + " × "
                + s.type());
      }
      storages.put(s.key(), Zip.data(file, bytes, entry));
    }
    return result("PyTorch, zip", named, storages);
  }

  /// The one folder that everything in the archive lies in.
  private String folder(Set<String> names) {
    List<String> pickles = names.stream().filter(n -> n.matches("[^/]+/data\\.pkl")).toList();
    if (pickles.size() != 1) {
      throw new FormatException(
          file
              + ": a zip archive with "
              + (pickles.isEmpty() ? "no" : "more than one")
              + " data.pkl in a folder: torch.save writes one");
    }
    String folder = pickles.getFirst().substring(0, pickles.getFirst().indexOf('/') + 1);
    for (String name : names) {
      if (!name.startsWith(folder)) {
        throw new FormatException(
            file + ": entry '" + name + "' is not in the folder '" + folder + "' with the pickle");
      }
    }
    return folder;
  }

  private String text(Zip.Entry entry) {
    return new Cursor(file, bytes, entry.begin(), entry.end()).text(Math.min(16, entry.size()));
  }

  private TensorFile stacked() {
    var in = new Cursor(file, bytes, MAGIC.length, bytes.byteSize());
    PickleValue protocol = Unpickler.read(in, limits);
    if (!Rebuilding.key(protocol).equals(Long.toString(PROTOCOL))) {
      throw in.bad("the form " + Rebuilding.key(protocol) + " of torch.save: 1001 is read");
    }
    requireLittleEndian(in, Unpickler.read(in, limits));
    PickleValue root = Unpickler.read(in, limits);
    Naming.Named named = Naming.of(file, root, limits);
    List<String> keys = keys(in, Unpickler.read(in, limits));
    var declared = new LinkedHashMap<String, Storage>();
    storages(named).forEach(s -> declared.put(s.key(), s));
    if (!declared.keySet().equals(new HashSet<>(keys)) || declared.size() != keys.size()) {
      throw in.bad(
          "the list of "
              + keys.size()
              + " storages is not that of the "
              + declared.size()
              + " that the tensors need");
    }
    var storages = new LinkedHashMap<String, MemorySegment>();
    for (String key : keys) {
      Storage s = Objects.requireNonNull(declared.get(key));
      long elements = in.i64();
      if (elements != s.elements()) {
        throw in.bad(
            "storage '"
                + key
                + "' has "
                + elements
                + " elements here, but "
                + s.elements()
                + " in the pickle");
      }
      storages.put(key, in.slice(length(s), "storage '" + key + "'"));
    }
    if (in.remaining() != 0) {
      throw in.bad(in.remaining() + " bytes behind the last storage belong to none");
    }
    return result("PyTorch, stacked pickles", named, storages);
  }

  private static void requireLittleEndian(Cursor in, PickleValue system) {
    boolean little =
        system instanceof PickleValue.Entries map
            && new PickleValue.Truth(true).equals(map.entries().get(new Text("little_endian")));
    if (!little) {
      throw in.bad("numbers with the high byte first, or no word about it");
    }
  }

  private static List<String> keys(Cursor in, PickleValue value) {
    if (value instanceof Items(List<PickleValue> items)
        && items.stream().allMatch(Text.class::isInstance)) {
      return items.stream().map(Rebuilding::key).toList();
    }
    throw in.bad("no list of the storages' names");
  }

  private static Set<Storage> storages(Naming.Named named) {
    var all = new java.util.LinkedHashSet<Storage>();
    named.tensors().values().forEach(view -> all.add(view.storage()));
    return all;
  }

  private long length(Storage s) {
    ElementType type = s.type();
    if (s.elements() > bytes.byteSize() / type.bytes()) {
      throw new FormatException(
          file
              + ": storage '"
              + s.key()
              + "' of "
              + s.elements()
              + " × "
              + type
              + " is larger than the file");
    }
    return s.elements() * type.bytes();
  }

  private TensorFile result(
      String format, Naming.Named named, Map<String, MemorySegment> storages) {
    var tensors = new LinkedHashMap<String, StoredTensor>();
    long total = 0;
    for (Map.Entry<String, View> e : named.tensors().entrySet()) {
      View v = e.getValue();
      var tensor =
          new StoredTensor(
              file + ": " + e.getKey(),
              v.storage().type(),
              v.shape(),
              v.strides(),
              v.offset(),
              Objects.requireNonNull(storages.get(v.storage().key())));
      total += tensor.bytes();
      if (total / limits.shares() > bytes.byteSize()) {
        throw new FormatException(
            file
                + ": its tensors have more than "
                + limits.shares()
                + " times its bytes: too many views of the same storages");
      }
      tensors.put(e.getKey(), tensor);
    }
    return new TensorFile(file, format, tensors, named.metadata());
  }
}
