package unfold.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import unfold.backend.Backend;
import unfold.backend.BackendProvider;
import unfold.backend.PoolWorkers;
import unfold.backend.Workers;
import unfold.backend.composed.ComposedBackend;
import unfold.error.InputException;
import unfold.error.Nearest;

/// The backends of this process on one team of threads, and the reasons of those that cannot work.
///
/// @param workers the threads
record Backends(List<Backend> all, Workers workers, List<String> notes) {

  /// Begins to load libraries and classes on a thread of its own.
  static void startLoading() {
    Thread.ofPlatform().daemon().name("unfold-loading").start(Backends::load);
  }

  private static void load() {
    try {
      providers().forEach(BackendProvider::prepare);
    } catch (RuntimeException | LinkageError _) {
      // whoever needs what cannot be loaded meets the same failure, and says so
    }
  }

  private static Stream<BackendProvider> providers() {
    return ServiceLoader.load(BackendProvider.class).stream().map(ServiceLoader.Provider::get);
  }

  /// @param wanted names in order of preference; empty for all, in their own order
  static Backends open(List<String> wanted, int threads) {
    var found = providers().sorted(Comparator.comparingInt(BackendProvider::order)).toList();
    var notes = new ArrayList<String>();
    var usable = new ArrayList<BackendProvider>();
    for (BackendProvider p : wanted.isEmpty() ? found : named(wanted, found)) {
      Optional<String> why = p.unavailable();
      why.ifPresent(reason -> notes.add("backend " + p.name() + " is not used: " + reason));
      if (why.isEmpty()) {
        usable.add(p);
      }
    }
    if (usable.isEmpty()) {
      throw new InputException("no backend works here: " + String.join("; ", notes));
    }
    Workers workers =
        found.stream()
            .filter(p -> p.unavailable().isEmpty())
            .flatMap(p -> p.workers(threads).stream())
            .findFirst()
            .orElseGet(() -> threads == 1 ? Workers.single() : new PoolWorkers(threads));
    var opened = usable.stream().map(p -> p.open(workers)).toList();
    return new Backends(withComposed(opened, workers), workers, List.copyOf(notes));
  }

  /// Behind all others but the reference, one that composes what they offer; not where there is the
  /// reference alone, which computes everything itself.
  private static List<Backend> withComposed(List<Backend> opened, Workers workers) {
    if (opened.size() == 1 && opened.getFirst().name().equals("reference")) {
      return opened;
    }
    Optional<Backend> reference =
        Optional.of(opened.getLast()).filter(b -> b.name().equals("reference"));
    var fast = opened.subList(0, opened.size() - (reference.isPresent() ? 1 : 0));
    var all = new ArrayList<>(fast);
    all.add(new ComposedBackend(fast, reference, workers));
    reference.ifPresent(all::add);
    return List.copyOf(all);
  }

  private static List<BackendProvider> named(List<String> wanted, List<BackendProvider> found) {
    return wanted.stream()
        .map(name -> Nearest.find("backend", name, found, BackendProvider::name))
        .toList();
  }

  boolean fastBf16() {
    return all.stream().anyMatch(b -> b.traits().bf16());
  }

  boolean fusedTanh() {
    return all.stream().allMatch(b -> b.traits().fusedTanh());
  }
}
