package unfold.run;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import unfold.backend.Kernel;
import unfold.backend.Workers;
import unfold.error.GraphException;
import unfold.error.InputException;
import unfold.error.PlanException;
import unfold.error.ShapeException;
import unfold.memory.Block;
import unfold.plan.Place;
import unfold.plan.Plan;
import unfold.plan.Step;
import unfold.plan.Stored;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// A plan bound to memory. One thread at a time may use it, and programs that share states must not
/// run at the same time.
public final class Program {
  private final Plan plan;
  private final States shared;
  private final Workers workers;
  private final Block arena;
  private final Block constants;
  private final Block scratch;
  private final Map<String, States.Entry> states = new HashMap<>();
  private final States.Entry[] updated;
  private final States.Entry[] prologueStates;
  private final Kernel[] kernels;
  private final int prologue;
  private final Map<String, View> feeds;
  private final Map<String, View> results;
  private final Map<String, View> kept;
  private long prologueVersion = -1;

  /// A value with its memory.
  private record View(Stored stored, MemorySegment data) {}

  /// Allocates the program's memory and binds its kernels. States that do not exist yet are made,
  /// and are zero.
  ///
  /// @throws PlanException if a state lies in another layout than the plan was made for
  public Program(Plan plan, States shared) {
    this(plan, shared, Workers.single());
  }

  /// @param workers that the kernels of the plan work with
  public Program(Plan plan, States shared, Workers workers) {
    this.plan = plan;
    this.workers = workers;
    this.shared = shared;
    for (Plan.State s : plan.states()) {
      states.put(s.name(), shared.bind(s, plan.conversions()));
    }
    this.updated = select(Plan.State::updated);
    this.prologueStates = select(Plan.State::inPrologue);
    this.arena = Block.allocate(plan.memory().arenaBytes());
    this.constants = Block.allocate(plan.memory().constantBytes());
    this.scratch = Block.allocate(plan.memory().scratchBytes());
    plan.constants().forEach(this::write);
    this.feeds = views(plan.feeds());
    this.results = views(plan.results());
    this.kept = views(plan.kept());
    this.prologue = plan.prologue();
    this.kernels = plan.steps().stream().map(this::bind).toArray(Kernel[]::new);
  }

  public Plan plan() {
    return plan;
  }

  public States states() {
    return shared;
  }

  /// Sets an input for the next runs from a row-major tensor.
  ///
  /// @throws ShapeException if it is not of the feed's type
  public void feed(String name, Tensor value) {
    View view = find(feeds, name, "feed");
    Stored s = view.stored;
    if (!s.type().equals(value.type())) {
      throw new ShapeException(
          plan.name()
              + ": feed "
              + name
              + " is "
              + s.type()
              + ", but the value given is "
              + value.type());
    }
    HostCopy.write(value, view.data, s.layout(), plan.conversions());
    Reference.reachabilityFence(this);
  }

  /// The memory of an input, to be written in standard layout (channels-last for rank 4) before a
  /// run. Valid as long as the program is reachable.
  public MemorySegment feedMemory(String name) {
    return find(feeds, name, "feed").data;
  }

  /// Computes everything once. Allocates nothing.
  public void run() {
    int i = firstStep();
    try {
      for (; i < kernels.length; i++) {
        workers.gather();
        kernels[i].run();
      }
    } catch (RuntimeException e) {
      throw failure(i, e);
    }
    finish();
    Reference.reachabilityFence(this);
  }

  /// Computes everything once and returns the nanoseconds of each step; 0 for a prologue that did
  /// not have to run again.
  public long[] runProfiled() {
    long[] nanos = new long[kernels.length];
    for (int i = firstStep(); i < kernels.length; i++) {
      workers.gather();
      long start = System.nanoTime();
      step(i);
      nanos[i] = System.nanoTime() - start;
    }
    finish();
    Reference.reachabilityFence(this);
    return nanos;
  }

  /// Computes everything once, prologue included, and says where a number first was not finite.
  public Optional<NotFinite> runWatched() {
    Optional<NotFinite> first = watchInputs();
    prologueVersion = -1;
    for (int i = firstStep(); i < kernels.length; i++) {
      step(i);
      if (first.isEmpty()) {
        first = watch(i, _ -> true);
      }
    }
    finish();
    Reference.reachabilityFence(this);
    return first;
  }

  /// The step that first wrote numbers that are not finite into a state, as the states are now.
  public Optional<NotFinite> firstStateNotFinite() {
    for (int i = 0; i < kernels.length; i++) {
      Optional<NotFinite> found = watch(i, output -> output.place() instanceof Place.InState);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<NotFinite> watchInputs() {
    for (var f : feeds.entrySet()) {
      var found = Watch.look(f.getValue().stored, f.getValue().data, -1, f.getKey(), "feed");
      if (found.isPresent()) {
        return found;
      }
    }
    for (Plan.State s : plan.states()) {
      var found = Watch.look(s.stored(), memory(s.stored()), -1, s.name(), "state");
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<NotFinite> watch(int step, Predicate<Stored> which) {
    Step s = plan.steps().get(step);
    for (Stored output : s.written()) {
      if (which.test(output)) {
        var found = Watch.look(output, memory(output), step, s.scope(), s.op());
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private void step(int i) {
    try {
      kernels[i].run();
    } catch (RuntimeException e) {
      throw failure(i, e);
    }
  }

  /// A row-major copy of a result of the last run.
  public Tensor result(String name) {
    return read(find(results, name, "result"));
  }

  /// The first element of a result of the last run. Allocates nothing.
  public float scalar(String name) {
    View view = find(results, name, "result");
    float value = (float) Tensor.read(view.data, view.stored.type().dtype(), 0);
    Reference.reachabilityFence(this);
    return value;
  }

  /// A result as it lies in memory, without a copy: overwritten by the next run, valid as long as
  /// the program is reachable. Rank 4 lies channels-last.
  public Tensor view(String name) {
    View view = find(results, name, "result");
    return Tensor.over(view.stored.type(), view.data);
  }

  /// A row-major copy of a value of the last run that the plan was asked to keep.
  public Tensor value(String name) {
    return read(find(kept, name, "kept value"));
  }

  /// The type of a feed or a result.
  public TensorType type(String feedOrResult) {
    View feed = feeds.get(feedOrResult);
    return (feed != null ? feed : find(results, feedOrResult, "feed or result")).stored.type();
  }

  /// Where this run begins: the prologue is left out while the states it reads are as they were.
  private int firstStep() {
    long version = 0;
    for (States.Entry e : prologueStates) {
      version += e.version;
    }
    if (version == prologueVersion) {
      return prologue;
    }
    prologueVersion = version;
    return 0;
  }

  private void finish() {
    for (States.Entry e : updated) {
      e.version++;
    }
  }

  private GraphException failure(int step, RuntimeException cause) {
    prologueVersion = -1;
    Step s = plan.steps().get(step);
    return new GraphException(
        plan.name()
            + ", step "
            + step
            + " ("
            + s.scope()
            + " "
            + s.op()
            + " by "
            + s.backend()
            + "/"
            + s.candidate().label()
            + ") failed: "
            + cause.getMessage(),
        cause);
  }

  private Tensor read(View view) {
    Stored s = view.stored;
    Tensor t = HostCopy.read(view.data, s.type(), s.layout(), plan.conversions());
    Reference.reachabilityFence(this);
    return t;
  }

  private View find(Map<String, View> where, String name, String what) {
    View view = where.get(name);
    if (view == null) {
      throw new InputException(
          plan.name()
              + " has no "
              + what
              + " "
              + name
              + "; there are "
              + String.join(", ", where.keySet()));
    }
    return view;
  }

  private Map<String, View> views(Map<String, Stored> values) {
    var views = new LinkedHashMap<String, View>();
    values.forEach((name, s) -> views.put(name, new View(s, memory(s))));
    return views;
  }

  private States.Entry[] select(Predicate<Plan.State> which) {
    var selected = new ArrayList<States.Entry>();
    for (Plan.State s : plan.states()) {
      if (which.test(s)) {
        selected.add(entry(s.name()));
      }
    }
    return selected.toArray(States.Entry[]::new);
  }

  private States.Entry entry(String name) {
    States.Entry e = states.get(name);
    if (e == null) {
      throw new GraphException(plan.name() + " uses state " + name + ", which it does not list");
    }
    return e;
  }

  private void write(Plan.Constant c) {
    Tensor t = Tensor.zeros(c.stored().type());
    for (long i = 0; i < t.size(); i++) {
      t.set(i, c.values().get(c.values().size() == 1 ? 0 : (int) i));
    }
    HostCopy.write(t, memory(c.stored()), c.stored().layout(), plan.conversions());
  }

  private Kernel bind(Step s) {
    var outputs = new ArrayList<MemorySegment>();
    for (var o : s.outputs()) {
      outputs.add(o.map(this::memory).orElse(MemorySegment.NULL));
    }
    List<MemorySegment> inputs = s.inputs().stream().map(this::memory).toList();
    return s.candidate().bind(inputs, outputs, scratch.segment());
  }

  private MemorySegment memory(Stored s) {
    MemorySegment region =
        switch (s.place()) {
          case Place.InArena _ -> arena.segment();
          case Place.InConstants _ -> constants.segment();
          case Place.InState(String name, _) -> entry(name).data();
        };
    return region.asSlice(s.place().offset(), s.bytes());
  }
}
