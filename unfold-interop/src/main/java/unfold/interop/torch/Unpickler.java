package unfold.interop.torch;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import unfold.interop.torch.PickleValue.Entries;
import unfold.interop.torch.PickleValue.Global;
import unfold.interop.torch.PickleValue.Items;
import unfold.interop.torch.PickleValue.Nothing;
import unfold.interop.torch.PickleValue.Real;
import unfold.interop.torch.PickleValue.Text;
import unfold.interop.torch.PickleValue.Truth;
import unfold.interop.torch.PickleValue.Tuple;
import unfold.interop.torch.PickleValue.Whole;

/// Reads one pickle of protocol 2 to 5. It is a list of instructions for a machine with a stack;
/// this one knows those that make plain values, and [Rebuilding] says what the few known names
/// describe. There is no instruction that calls anything.
///
/// @source Python's pickletools, which documents each instruction
final class Unpickler {
  private static final int NAME_BYTES = 200;
  private static final int WHOLE_BYTES = 255;

  private final Cursor in;
  private final TorchLimits limits;
  private final Rebuilding rebuilding;
  private final List<PickleValue> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Long, PickleValue> memo = new HashMap<>();
  private int values;

  private Unpickler(Cursor in, TorchLimits limits) {
    this.in = in;
    this.limits = limits;
    this.rebuilding = new Rebuilding(in, limits);
  }

  /// The value of the pickle at the cursor, which then stands behind it.
  static PickleValue read(Cursor in, TorchLimits limits) {
    return new Unpickler(in, limits).run();
  }

  private PickleValue run() {
    long begin = in.at();
    while (true) {
      if (in.at() - begin > limits.pickleBytes()) {
        throw in.bad("a pickle of more than " + limits.pickleBytes() + " bytes");
      }
      int instruction = in.u8();
      if (instruction == '.') {
        if (stack.size() != 1 || !marks.isEmpty()) {
          throw in.bad("the pickle ends with " + stack.size() + " values on its stack, not one");
        }
        return stack.getFirst();
      }
      step(instruction);
      if (stack.size() > limits.stack()) {
        throw in.bad("more than " + limits.stack() + " values on the pickle's stack");
      }
    }
  }

  private void step(int instruction) {
    switch (instruction) {
      case 0x80 -> protocol(in.u8());
      case 0x95 -> frame(in.i64());
      case '(' -> mark();
      case '0' -> pop();
      case '1' -> toMark();
      case 'N' -> push(Nothing.NONE);
      case 0x88 -> push(new Truth(true));
      case 0x89 -> push(new Truth(false));
      case 'K' -> push(whole(in.u8()));
      case 'M' -> push(whole(in.u16()));
      case 'J' -> push(whole(in.i32()));
      case 0x8A -> push(whole(in.u8(), "a whole number"));
      case 0x8B -> push(whole(in.u32(), "a whole number"));
      case 'G' -> push(new Real(in.bigEndianDouble()));
      case 'X' -> push(new Text(in.text(in.u32())));
      case 'U', 0x8C -> push(new Text(in.text(in.u8())));
      case 'T' -> push(new Text(in.text(in.u32())));
      case 0x8D -> push(new Text(in.text(in.i64())));
      case ')' -> push(new Tuple(List.of()));
      case 0x85 -> push(new Tuple(top(1)));
      case 0x86 -> push(new Tuple(top(2)));
      case 0x87 -> push(new Tuple(top(3)));
      case 't' -> push(new Tuple(toMark()));
      case ']' -> push(new Items());
      case 'a' -> append(top(1));
      case 'e' -> append(toMark());
      case '}' -> push(new Entries());
      case 's' -> put(top(2));
      case 'u' -> put(toMark());
      case 'q' -> remember(in.u8());
      case 'r' -> remember(in.u32());
      case 0x94 -> remember(memo.size());
      case 'h' -> push(recall(in.u8()));
      case 'j' -> push(recall(in.u32()));
      case 'c' -> global(in.line(NAME_BYTES), in.line(NAME_BYTES));
      case 0x93 -> global(top(2));
      case 'Q' -> push(rebuilding.storage(pop()));
      case 'R' -> reduce(top(2));
      case 'b' -> build(pop());
      default ->
          throw in.bad(
              "the pickle's instruction 0x%02x is not one that plain values and tensors need"
                  .formatted(instruction));
    }
  }

  private void protocol(int version) {
    if (version < 2 || version > 5) {
      throw in.bad("a pickle of protocol " + version + ": 2 to 5 are read");
    }
  }

  private void frame(long bytes) {
    if (bytes < 0 || bytes > in.remaining()) {
      throw in.bad("a frame of " + bytes + " bytes, but only " + in.remaining() + " are left");
    }
  }

  private void push(PickleValue value) {
    if (++values > limits.values()) {
      throw in.bad("a pickle of more than " + limits.values() + " values");
    }
    stack.add(value);
  }

  /// What an open mark hides cannot be taken.
  private PickleValue pop() {
    return top(1).getFirst();
  }

  private List<PickleValue> top(int count) {
    int floor = marks.isEmpty() ? 0 : marks.getLast();
    if (stack.size() - floor < count) {
      throw in.bad(
          "the pickle takes " + count + " values from a stack of " + (stack.size() - floor));
    }
    return cut(stack.size() - count);
  }

  private void mark() {
    if (marks.size() == limits.depth()) {
      throw in.bad("a pickle nested deeper than " + limits.depth());
    }
    marks.add(stack.size());
  }

  private List<PickleValue> toMark() {
    if (marks.isEmpty()) {
      throw in.bad("the pickle goes back to a mark that it has not set");
    }
    return cut(marks.removeLast());
  }

  private List<PickleValue> cut(int from) {
    List<PickleValue> tail = stack.subList(from, stack.size());
    List<PickleValue> taken = List.copyOf(tail);
    tail.clear();
    return taken;
  }

  /// What lies on top of the stack, which stays there.
  private PickleValue peek() {
    PickleValue value = pop();
    stack.add(value);
    return value;
  }

  private void append(List<PickleValue> more) {
    if (!(peek() instanceof Items list)) {
      throw in.bad("the pickle appends to what is no list");
    }
    list.items().addAll(more);
  }

  private void put(List<PickleValue> pairs) {
    if (!(peek() instanceof Entries map)) {
      throw in.bad("the pickle puts a key into what is no map");
    }
    rebuilding.put(map, pairs);
  }

  private void remember(long index) {
    if (memo.size() >= limits.memo() && !memo.containsKey(index)) {
      throw in.bad("a pickle that remembers more than " + limits.memo() + " values");
    }
    memo.put(index, peek());
  }

  private PickleValue recall(long index) {
    PickleValue value = memo.get(index);
    if (value == null) {
      throw in.bad("the pickle recalls value " + index + ", which it never remembered");
    }
    return value;
  }

  private void global(List<PickleValue> names) {
    if (names.get(0) instanceof Text module && names.get(1) instanceof Text name) {
      global(module.value(), name.value());
      return;
    }
    throw in.bad("the pickle asks for something whose name is no text");
  }

  private void global(String module, String name) {
    Known known =
        Known.of(module, name)
            .orElseThrow(() ->
                in.bad(
                    "the pickle asks for '"
                        + module
                        + "."
                        + name
                        + "', which tensors do not need: nothing was run; save the weights alone,"
                        + " with torch.save(model.state_dict(), …)"));
    push(known instanceof Known.TypeName type ? new Text(type.name()) : new Global(known));
  }

  private void reduce(List<PickleValue> taken) {
    if (taken.get(0) instanceof Global global && taken.get(1) instanceof Tuple arguments) {
      push(rebuilding.describe(global.known(), arguments.items()));
      return;
    }
    throw in.bad("the pickle applies what has no name, or to no tuple");
  }

  /// Attributes of an ordered map (PyTorch keeps versions of layers there) are not needed.
  private void build(PickleValue attributes) {
    boolean plain = attributes instanceof Entries || attributes == Nothing.NONE;
    if (!plain || !(peek() instanceof Entries)) {
      throw in.bad("the pickle sets attributes of something else than a map");
    }
  }

  private static Whole whole(long value) {
    return new Whole(BigInteger.valueOf(value));
  }

  private Whole whole(long bytes, String what) {
    if (bytes > WHOLE_BYTES) {
      throw in.bad(what + " of " + bytes + " bytes: " + WHOLE_BYTES + " are the limit");
    }
    byte[] little = in.take(bytes, what);
    if (little.length == 0) {
      return whole(0);
    }
    byte[] big = new byte[little.length];
    for (int i = 0; i < big.length; i++) {
      big[i] = little[little.length - 1 - i];
    }
    return new Whole(new BigInteger(big));
  }
}
