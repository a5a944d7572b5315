package unfold.interop.torch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.error.FormatException;

/// One bad file for each rule, and which rule refuses it.
class TorchRulesTest {
  private static final TorchLimits SMALL = new TorchLimits(3, 4000, 300, 100, 20, 10, 2, 4, 40, 2);

  static Stream<Arguments> pickles() {
    return Stream.of(
        arguments(
            "calls a function",
            new Pickle().global("os", "system").raw('(').text("touch evil").raw('t', 'R'),
            "the pickle asks for 'os.system', which tensors do not need: nothing was run"),
        arguments(
            "a whole model",
            new Pickle().global("torchvision.models.resnet", "ResNet").raw(')', 0x81),
            "asks for 'torchvision.models.resnet.ResNet'"),
        arguments(
            "looks a name up within an allowed one",
            new Pickle().text("torch").text("_utils.os.system").raw(0x93),
            "asks for 'torch._utils.os.system'"),
        arguments("NEWOBJ", new Pickle().raw(0x81), "instruction 0x81 is not one"),
        arguments("INST", new Pickle().raw('i').ascii("os\nsystem\n"), "instruction 0x69"),
        arguments("OBJ", new Pickle().raw('o'), "instruction 0x6f"),
        arguments("EXT1", new Pickle().raw(0x82, 1), "instruction 0x82"),
        arguments("PERSID", new Pickle().raw('P').ascii("x\n"), "instruction 0x50"),
        arguments("protocol 0", new Pickle().raw(0x80, 0), "protocol 0: 2 to 5 are read"),
        arguments("protocol 6", new Pickle().raw(0x80, 6), "protocol 6: 2 to 5 are read"),
        arguments(
            "applies a text",
            new Pickle().text("os.system").raw(')', 'R'),
            "applies what has no name"),
        arguments(
            "makes a storage",
            new Pickle().global("torch", "FloatStorage").raw(')', 'R'),
            "makes a storage by itself"),
        arguments(
            "attributes of a list",
            new Pickle().raw(']', '}', 'b'),
            "sets attributes of something"),
        arguments(
            "attributes that are no map",
            new Pickle().raw('}').text("x").raw('b'),
            "sets attributes of something"),
        arguments("an empty stack", new Pickle().raw('a'), "takes 1 values from a stack of 0"),
        arguments("takes what a mark hides", new Pickle().raw('}', '(', '0'), "from a stack of 0"),
        arguments("no mark", new Pickle().raw('t'), "a mark that it has not set"),
        arguments("two results", new Pickle().raw('}', '}'), "ends with 2 values"),
        arguments("an open mark", new Pickle().raw('}', '('), "ends with 1 values"),
        arguments("recalls nothing", new Pickle().raw('h', 3), "recalls value 3"),
        arguments(
            "appends to a map", new Pickle().raw('}', 'N', 'a'), "appends to what is no list"),
        arguments("puts into a list", new Pickle().raw(']', 'N', 'N', 's'), "into what is no map"),
        arguments(
            "a key twice",
            new Pickle().raw('}').text("k").raw('N', 's').text("k").raw('N', 's'),
            "the key k comes twice"),
        arguments("a list as key", new Pickle().raw('}', ']', 'N', 's'), "neither a text nor"),
        arguments(
            "a key without value",
            new Pickle().raw('}', '(').text("k").raw('u'),
            "a key without a value"),
        arguments(
            "a text beyond the end", new Pickle().raw('X').int32(1000), "a text of 1000 bytes"),
        arguments(
            "a text of 4 GB", new Pickle().raw('X').int32(-1), "a text of 4294967295 bytes, but"),
        arguments("a text that is not UTF-8", new Pickle().raw('U', 1, 0xFF), "is not UTF-8"),
        arguments(
            "a number of 300 bytes", new Pickle().raw(0x8B).int32(300), "of 300 bytes: 255 are"),
        arguments(
            "a frame beyond the end",
            new Pickle().raw(0x95, 0, 1, 0, 0, 0, 0, 0, 0),
            "a frame of 256 bytes"),
        arguments(
            "a name without end", new Pickle().raw('c').ascii("x".repeat(300)), "more than 200"),
        arguments(
            "nested marks",
            new Pickle().raw('(', '(', '(', '(', '(', '(', '(', '(', '(', '(', '('),
            "nested deeper than 10"),
        arguments("a high stack", repeat(new Pickle(), 101, 'N'), "more than 100 values on"),
        arguments("a large memo", memo(21), "remembers more than 20 values"),
        arguments("many values", manyValues(), "a pickle of more than 300 values"),
        arguments("nested lists", repeat(nested(11), 11, 'a'), "are nested deeper than 10"),
        arguments("a list in itself", new Pickle().raw(']', 'q', 0, 'h', 0, 'a'), "nested deeper"),
        arguments("lists that multiply", laughs(), "unfold to more than 300 values"),
        arguments("a name of 50", named("x".repeat(50)), "a name of 50 characters: 40 are"),
        arguments("a long pickle", repeat(new Pickle().raw('N'), 2100, 'N', '0'), "more than 4000"),
        arguments(
            "refers elsewhere",
            new Pickle().raw('(').text("module").raw('t', 'Q'),
            "something else than a storage of this file"),
        arguments(
            "an old view of a storage",
            new Pickle()
                .raw('(')
                .text("storage")
                .global("torch", "FloatStorage")
                .text("0")
                .text("cpu")
                .whole(1)
                .tuple(1, 2, 3)
                .raw('t', 'Q'),
            "a view of a storage, as PyTorch before 0.4"),
        arguments(
            "a storage of negative size",
            new Pickle().storage("FloatStorage", "0", -1),
            "a storage's size of -1 is not in 0 …"),
        arguments(
            "one storage, two types",
            new Pickle().storage("FloatStorage", "0", 2).storage("LongStorage", "0", 1),
            "storage '0' is first 2 × f32, then 1 × i64"),
        arguments("too many axes", view(0, new long[5], new long[5]), "a tensor with 5 axes"),
        arguments("strides missing", view(0, new long[2], new long[1]), "and 1 strides"),
        arguments("a negative extent", view(0, new long[] {-1}, new long[] {1}), "an extent of -1"),
        arguments("a negative stride", view(0, new long[] {2}, new long[] {-1}), "a stride of -1"),
        arguments("a negative offset", view(-1, new long[] {1}, new long[] {1}), "an offset of -1"),
        arguments(
            "a view beyond the end",
            view(1, new long[] {2}, new long[] {1}),
            "reaches element 2 of storage '0', which has 2"),
        arguments(
            "a view whose end overflows",
            view(0, new long[] {3, 2}, new long[] {Long.MAX_VALUE, 1}),
            "reaches element 18446744073709551615 of storage '0'"),
        arguments(
            "a view that repeats elements",
            view(0, new long[] {2_000_000_000}, new long[] {0}),
            "a tensor of 2000000000 elements from storage '0', which has 2"),
        arguments(
            "an empty view beyond the end",
            view(3, new long[] {0}, new long[] {1}),
            "reaches element 3"),
        arguments(
            "an empty view with extents that overflow",
            view(0, new long[] {2147483647, 2147483647, 2147483647, 0}, new long[4]),
            "an empty tensor whose extents cannot be multiplied"),
        arguments("three tensors", tensors("a", "b", "c"), "more than 2 tensors"),
        arguments(
            "a tensor without strides",
            new Pickle().global("torch._utils", "_rebuild_tensor_v2").raw(')', 'R'),
            "a tensor without storage, offset, size and strides"),
        arguments(
            "a parameter of nothing",
            new Pickle().global("torch._utils", "_rebuild_parameter").raw(')', 'R'),
            "a parameter without a tensor"),
        arguments(
            "an ordered map of numbers",
            new Pickle().global("collections", "OrderedDict").tuple(1).raw(0x85, 'R'),
            "an ordered map of something else"),
        arguments(
            "a size of no tuple",
            new Pickle().global("torch", "Size").raw(']', 0x85, 'R'),
            "a size that is no tuple"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pickles")
  void refusesThePickle(String what, Pickle pickle, String rule) {
    byte[] file = Archive.torch(pickle.end(), new byte[8]);
    assertRefused(file, SMALL, rule);
  }

  static Stream<Arguments> archives() {
    byte[] eight = new byte[8];
    return Stream.of(
        arguments("compressed", change(e -> e.both(e.central().method(8))), "is compressed"),
        arguments("of two sizes", change(e -> e.both(e.central().sizes(8, 9))), "is compressed"),
        arguments("encrypted", change(e -> e.both(e.central().flags(1))), "is encrypted"),
        arguments(
            "another name in front",
            change(e -> e.local(e.local().name("a/data/1"))),
            "has another header than the directory says"),
        arguments(
            "another size in front", change(e -> e.local(e.local().sizes(4, 4))), "another header"),
        arguments(
            "another checksum in front", change(e -> e.local(e.local().crc(5))), "another header"),
        arguments(
            "another method in front", change(e -> e.local(e.local().method(8))), "another header"),
        arguments(
            "no descriptor behind",
            change(e -> e.both(e.central().flags(8))),
            "what follows entry 'a/data/0' differs"),
        arguments(
            "beyond the end",
            change(e -> e.both(e.central().sizes(900, 900))),
            "of 900 bytes, but"),
        arguments(
            "a place beyond the end",
            change(e -> e.central(e.central().place(1 << 30))),
            "should lie at 1073741824"),
        arguments(
            "a place without a header",
            change(e -> e.central(e.central().place(7))),
            "the header of entry 'a/data/0' is not here"),
        arguments(
            "a storage of another length",
            Archive.torch(Pickle.good(2).end(), new byte[12]),
            "entry 'a/data/0' has 12 bytes, but the storage is 2 × f32"),
        arguments(
            "no storage", Archive.torch(Pickle.good(2).end()), "has no entry 'a/data/0' for a"),
        arguments(
            "a storage larger than the file",
            Archive.torch(Pickle.good(1 << 29).end(), eight),
            "storage '0' of 536870912 × f32 is larger than the file"),
        arguments(
            "a pickle with more behind it",
            Archive.torch(new Pickle().raw('N', '.').end()),
            "the pickle goes on behind its end"),
        arguments(
            "leads out",
            Archive.zip(List.of(Archive.Entry.of("../data.pkl", Pickle.good(2).end()))),
            "with the name '../data.pkl', which leads out of the archive"),
        arguments(
            "an absolute name",
            Archive.zip(List.of(Archive.Entry.of("/data.pkl", Pickle.good(2).end()))),
            "which leads out of the archive"),
        arguments(
            "no pickle",
            Archive.zip(List.of(Archive.Entry.of("a/b", eight))),
            "a zip archive with no data.pkl in a folder"),
        arguments(
            "two pickles",
            Archive.zip(
                List.of(
                    Archive.Entry.of("a/data.pkl", Pickle.good(2).end()),
                    Archive.Entry.of("b/data.pkl", Pickle.good(2).end()))),
            "with more than one data.pkl"),
        arguments(
            "two folders",
            Archive.zip(
                List.of(
                    Archive.Entry.of("a/data.pkl", Pickle.good(2).end()),
                    Archive.Entry.of("b/data/0", eight))),
            "entry 'b/data/0' is not in the folder 'a/'"),
        arguments("the same name twice", twice(e -> e), "two entries are named 'a/data/0'"),
        arguments(
            "one entry twice",
            twice(e -> e.central(e.central().place(placeOfFirst()))),
            "overlaps the one that follows"),
        arguments(
            "too many entries",
            Archive.torch(Pickle.good(2).end(), eight, eight, eight),
            "4 entries, more than 3"),
        arguments(
            "the high byte first",
            Archive.zip(
                List.of(
                    Archive.Entry.of("a/data.pkl", Pickle.good(2).end()),
                    Archive.Entry.of("a/byteorder", new byte[] {'b', 'i', 'g'}))),
            "numbers with the high byte first"),
        arguments("more behind", append(good(), 1), "no end of a zip archive here"),
        arguments("a comment", edit(20, 3), "or with a comment"),
        arguments("several parts", edit(4, 1), "an archive in several parts"),
        arguments("a directory elsewhere", edit(16, 1), "the archive's directory should be"),
        arguments("more entries than fit", counts(5000), "5000 entries do not fit"),
        arguments("fewer entries than there are", counts(1), "goes on behind its last entry"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("archives")
  void refusesTheArchive(String what, byte[] file, String rule) {
    assertRefused(file, SMALL, rule);
  }

  static Stream<Arguments> stacks() {
    byte[] two = Pickle.good(2).end();
    return Stream.of(
        arguments(
            "another form", stack(1002, true, two, list("0"), number(2), eight()), "the form 1002"),
        arguments(
            "the high byte first",
            stack(1001, false, two, list("0"), number(2), eight()),
            "high byte first"),
        arguments(
            "a storage unlisted", stack(1001, true, two, list()), "the list of 0 storages is not"),
        arguments(
            "a storage too many",
            stack(1001, true, two, list("0", "1"), number(2), eight()),
            "the list of 2 storages is not that of the 1"),
        arguments(
            "a storage twice",
            stack(1001, true, two, list("0", "0"), number(2), eight()),
            "the list of 2 storages"),
        arguments("no list", stack(1001, true, two, two), "no list of the storages' names"),
        arguments(
            "another size",
            stack(1001, true, two, list("0"), number(1), eight()),
            "storage '0' has 1 elements here, but 2 in the pickle"),
        arguments(
            "a cut storage",
            stack(1001, true, two, list("0"), number(2)),
            "storage '0' of 8 bytes, but only 0 are left"),
        arguments(
            "more behind",
            stack(1001, true, two, list("0"), number(2), eight(), eight()),
            "8 bytes behind the last storage belong to none"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stacks")
  void refusesTheStackOfPickles(String what, byte[] file, String rule) {
    assertRefused(file, SMALL, rule);
  }

  @Test
  void refusesManyViewsOfOneStorage() {
    Pickle pickle = new Pickle().raw('}');
    for (int k = 0; k < 8; k++) {
      pickle.text("v" + k).tensor("0", 500, 0, new long[] {500}, new long[] {1}).raw('s');
    }
    var limits = new TorchLimits(9, 1 << 20, 1000, 100, 100, 10, 100, 4, 40, 2);
    assertRefused(
        Archive.torch(pickle.end(), new byte[2000]),
        limits,
        "its tensors have more than 2 times its bytes: too many views of the same storages");
  }

  @Test
  void runsNothing() {
    Path evil = Path.of("evil");
    byte[] file =
        Archive.torch(
            new Pickle().global("posix", "system").raw('(').text("touch evil").raw('t', 'R').end());
    assertRefused(file, TorchLimits.DEFAULT, "asks for 'posix.system'");
    Assertions.assertThat(Files.exists(evil)).isFalse();
  }

  @Test
  void theGoodFilesThatTheBadOnesComeFromAreRead() {
    parse(good(), SMALL);
    parse(stack(1001, true, Pickle.good(2).end(), list("0"), number(2), eight()), SMALL);
  }

  private static void assertRefused(byte[] file, TorchLimits limits, String rule) {
    assertThatThrownBy(() -> parse(file, limits))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("evil.pth: ")
        .hasMessageContaining(rule);
  }

  private static void parse(byte[] file, TorchLimits limits) {
    TorchReader.parse("evil.pth", MemorySegment.ofArray(file), limits);
  }

  private static Pickle repeat(Pickle pickle, int count, int... instructions) {
    for (int k = 0; k < count; k++) {
      pickle.raw(instructions);
    }
    return pickle;
  }

  private static Pickle nested(int depth) {
    return repeat(new Pickle().raw(']'), depth, ']');
  }

  private static Pickle memo(int count) {
    Pickle pickle = new Pickle().raw('N');
    for (int k = 0; k < count; k++) {
      pickle.raw('q', k);
    }
    return pickle;
  }

  private static Pickle manyValues() {
    return repeat(new Pickle().raw(']'), 301, 'N', 'a');
  }

  /// Seven lists, each of which holds the one before three times: 3^7 values in 100 bytes.
  private static Pickle laughs() {
    Pickle pickle = new Pickle().raw(']', 'q', 0, '0');
    for (int k = 0; k < 7; k++) {
      pickle.raw(']', '(', 'h', k, 'h', k, 'h', k, 'e', 'q', k + 1, '0');
    }
    return pickle.raw('h', 7);
  }

  private static Pickle named(String name) {
    return new Pickle()
        .raw('}')
        .text(name)
        .tensor("0", 2, 0, new long[] {2}, new long[] {1})
        .raw('s');
  }

  private static Pickle tensors(String... names) {
    Pickle pickle = new Pickle().raw('}');
    for (String name : names) {
      pickle.text(name).tensor("0", 2, 0, new long[] {1}, new long[] {1}).raw('s');
    }
    return pickle;
  }

  private static Pickle view(long offset, long[] size, long[] strides) {
    return new Pickle().tensor("0", 2, offset, size, strides);
  }

  private static byte[] good() {
    return Archive.torch(Pickle.good(2).end(), new byte[8]);
  }

  /// The good file with its storage's entry changed.
  private static byte[] change(UnaryOperator<Archive.Entry> change) {
    List<Archive.Entry> entries = Archive.entries(Pickle.good(2).end(), new byte[8]);
    return Archive.zip(List.of(entries.get(0), change.apply(entries.get(1))));
  }

  private static byte[] twice(UnaryOperator<Archive.Entry> change) {
    List<Archive.Entry> entries = Archive.entries(Pickle.good(2).end(), new byte[8]);
    return Archive.zip(List.of(entries.get(0), entries.get(1), change.apply(entries.get(1))));
  }

  private static int placeOfFirst() {
    return 30 + "a/data.pkl".length() + Pickle.good(2).end().length;
  }

  private static byte[] append(byte[] file, int more) {
    return Arrays.copyOf(file, file.length + more);
  }

  /// The good file with a byte of its end record set.
  private static byte[] edit(int at, int value) {
    byte[] file = good();
    file[file.length - 22 + at] = (byte) value;
    return file;
  }

  private static byte[] counts(int entries) {
    byte[] file = good();
    ByteBuffer.wrap(file)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(file.length - 14, (short) entries)
        .putShort(file.length - 12, (short) entries);
    return file;
  }

  private static byte[] stack(int form, boolean little, byte[]... parts) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(Arrays.copyOf(TorchSample.named("types-legacy").bytes(), 15));
    out.writeBytes(new Pickle().whole(form).end());
    out.writeBytes(
        new Pickle().raw('}').text("little_endian").raw(little ? 0x88 : 0x89, 's').end());
    Arrays.stream(parts).forEach(out::writeBytes);
    return out.toByteArray();
  }

  private static byte[] list(String... texts) {
    Pickle pickle = new Pickle().raw(']');
    for (String text : texts) {
      pickle.text(text).raw('a');
    }
    return pickle.end();
  }

  private static byte[] number(long elements) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(elements).array();
  }

  private static byte[] eight() {
    return new byte[8];
  }
}
