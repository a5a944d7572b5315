package unfold.backend.onednn;

import java.util.Optional;
import unfold.backend.Backend;
import unfold.backend.BackendProvider;
import unfold.backend.Workers;
import unfold.config.Knobs;
import unfold.error.InputException;
import unfold.memory.NativeCalls;

/// Finds the oneDNN backend, if its library is there.
public final class OneDnnProvider implements BackendProvider {

  /// Loaded when first asked for.
  private static final class Library {
    static final NativeLibrary INSTANCE = load();

    private static NativeLibrary load() {
      try {
        return NativeLibrary.load(OneDnnProvider.class.getClassLoader(), Knobs.CACHE_DIR.value());
      } catch (InputException e) {
        return new NativeLibrary.Missing(e.getMessage());
      }
    }
  }

  @Override
  public String name() {
    return OneDnnBackend.NAME;
  }

  /// After kernels of our own, which exist only where they beat oneDNN's.
  @Override
  public int order() {
    return 20;
  }

  @Override
  public Optional<String> unavailable() {
    return switch (Library.INSTANCE) {
      case NativeLibrary.Loaded _ -> Optional.empty();
      case NativeLibrary.Missing(String reason) -> Optional.of(reason);
    };
  }

  @Override
  public void prepare() {
    if (unavailable().isEmpty()) {
      NativeCalls.link();
      FloatCalls.link();
    }
  }

  /// libgomp's own threads on Linux; elsewhere a pool serves as well.
  @Override
  public Optional<Workers> workers(int threads) {
    return switch (Library.INSTANCE) {
      case NativeLibrary.Loaded l when l.platform().gnu() ->
          Optional.of(new GompWorkers(l.lookup(), threads));
      case NativeLibrary.Loaded _, NativeLibrary.Missing _ -> Optional.empty();
    };
  }

  @Override
  public Backend open(Workers workers) {
    return switch (Library.INSTANCE) {
      case NativeLibrary.Loaded l -> new OneDnnBackend(l.dnnl(), workers);
      case NativeLibrary.Missing(String reason) -> throw new IllegalStateException(reason);
    };
  }
}
