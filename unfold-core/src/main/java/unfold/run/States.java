package unfold.run;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import unfold.backend.Layout;
import unfold.error.InputException;
import unfold.error.PlanException;
import unfold.error.ShapeException;
import unfold.memory.Shelf;
import unfold.plan.Conversions;
import unfold.plan.Plan;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Named memory that several programs share: parameters, optimiser states, running statistics.
///
/// The first program that uses a state fixes its layout; programs planned later must be given
/// [#layouts]. The host always sees row-major tensors. Not safe for use from several threads at
/// once.
public final class States {
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Shelf shelf = new Shelf();

  /// One state.
  static final class Entry {
    final TensorType type;
    Layout layout;
    Shelf.Piece memory;

    /// Of the first program; without one the layout is strided and not fixed yet.
    @Nullable Conversions conversions;

    /// Counts changes.
    long version = 1;

    Entry(TensorType type, Layout layout, Shelf.Piece memory) {
      this.type = type;
      this.layout = layout;
      this.memory = memory;
    }

    MemorySegment data() {
      return memory.data();
    }

    /// Writes all numbers anew in another layout: where they are, if they take as much memory
    /// there.
    void lay(Tensor value, Layout wanted, Conversions by, Shelf shelf) {
      long bytes = wanted.bytes(type);
      if (bytes != data().byteSize()) {
        memory = shelf.allocate(bytes);
      }
      layout = wanted;
      HostCopy.write(value, data(), layout, by);
    }
  }

  /// Names in the order in which they came.
  public List<String> names() {
    return List.copyOf(entries.keySet());
  }

  public boolean has(String name) {
    return entries.containsKey(name);
  }

  public TensorType type(String name) {
    return entry(name).type;
  }

  /// A row-major copy of a state.
  public Tensor get(String name) {
    Entry e = entry(name);
    Tensor value = HostCopy.read(e.data(), e.type, e.layout, conversions(e));
    Reference.reachabilityFence(this);
    return value;
  }

  /// Gives a state new numbers; makes it if there is none of this name.
  ///
  /// @throws ShapeException if there is one of another type
  public void set(String name, Tensor value) {
    Entry e =
        entries.computeIfAbsent(name, _ -> entry(value.type(), Layout.rowMajor(value.shape())));
    if (!e.type.equals(value.type())) {
      throw new ShapeException(
          "state " + name + " is " + e.type + ", but the value to set is " + value.type());
    }
    HostCopy.write(value, e.data(), e.layout, conversions(e));
    e.version++;
    Reference.reachabilityFence(this);
  }

  /// Layouts that programs have fixed, for the options of the next plan.
  public Map<String, Layout> layouts() {
    var fixed = new LinkedHashMap<String, Layout>();
    entries.forEach((name, e) -> {
      if (e.conversions != null) {
        fixed.put(name, e.layout);
      }
    });
    return fixed;
  }

  /// Lets the next program fix all layouts anew. Programs made before must not run again: what they
  /// read and write is no longer here.
  public void loosen() {
    for (Entry e : entries.values()) {
      if (e.conversions != null) {
        Tensor value = HostCopy.read(e.data(), e.type, e.layout, conversions(e));
        e.conversions = null;
        e.lay(value, Layout.rowMajor(e.type.shape()), conversions(e), shelf);
        e.version++;
      }
    }
    Reference.reachabilityFence(this);
  }

  /// Bytes that all states take.
  public long bytes() {
    return entries.values().stream().mapToLong(e -> e.layout.bytes(e.type)).sum();
  }

  /// The contents of all states at one time, in memory of its own.
  public Snapshot snapshot() {
    var snapshot = new Snapshot();
    snapshot.take(this);
    return snapshot;
  }

  /// The memory for a state of a plan; new states are zero.
  Entry bind(Plan.State wanted, Conversions conversions) {
    TensorType type = wanted.stored().type();
    Layout layout = wanted.stored().layout();
    Entry e = entries.computeIfAbsent(wanted.name(), _ -> entry(type, layout));
    if (!e.type.equals(type)) {
      throw new ShapeException(
          "state " + wanted.name() + " is " + e.type + ", but the program needs " + type);
    }
    if (e.conversions == null) {
      if (!e.layout.equals(layout)) {
        e.lay(HostCopy.read(e.data(), type, e.layout, conversions), layout, conversions, shelf);
      }
      e.conversions = conversions;
    } else if (!e.layout.equals(layout)) {
      throw new PlanException(
          "state "
              + wanted.name()
              + " lies as "
              + e.layout
              + ", but the plan wants "
              + layout
              + "; plan with the layouts of the states that exist (PlanOptions.stateLayouts)");
    }
    return e;
  }

  private static Conversions conversions(Entry e) {
    return e.conversions == null ? new Conversions(List.of()) : e.conversions;
  }

  private Entry entry(TensorType type, Layout layout) {
    return new Entry(type, layout, shelf.allocate(layout.bytes(type)));
  }

  private Entry entry(String name) {
    Entry e = entries.get(name);
    if (e == null) {
      throw new InputException(
          "there is no state "
              + name
              + "; there are "
              + String.join(", ", entries.keySet().stream().limit(20).toList()));
    }
    return e;
  }

  /// A copy of all states. Can be taken and restored again and again; after the first time that
  /// allocates nothing large.
  public static final class Snapshot {
    private final List<Saved> saved = new ArrayList<>();

    private record Saved(Entry entry, Shelf.Piece copy, Layout layout) {}

    private Snapshot() {}

    /// Copies all states here, in place of what was there.
    public void take(States states) {
      if (!fits(states)) {
        saved.clear();
        var shelf = new Shelf();
        for (Entry e : states.entries.values()) {
          saved.add(new Saved(e, shelf.allocate(e.data().byteSize()), e.layout));
        }
      }
      for (Saved s : saved) {
        s.copy.data().copyFrom(s.entry.data());
      }
    }

    /// Writes what was copied back into the states it came from.
    ///
    /// @throws PlanException if a state got another layout since
    public void restore() {
      for (Saved s : saved) {
        if (!s.layout.equals(s.entry.layout)) {
          throw new PlanException(
              "a snapshot taken before the first program was made cannot be restored: layouts"
                  + " have changed; take it again");
        }
        s.entry.data().copyFrom(s.copy.data());
        s.entry.version++;
      }
    }

    private boolean fits(States states) {
      var entries = List.copyOf(states.entries.values());
      if (entries.size() != saved.size()) {
        return false;
      }
      for (int i = 0; i < saved.size(); i++) {
        Saved s = saved.get(i);
        if (s.entry != entries.get(i) || !Objects.equals(s.layout, s.entry.layout)) {
          return false;
        }
      }
      return true;
    }
  }
}
