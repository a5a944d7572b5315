package unfold.backend.reference;

import java.util.Optional;
import unfold.backend.Backend;
import unfold.backend.BackendProvider;
import unfold.backend.Workers;

/// The reference is there on every machine and asked last.
public final class ReferenceProvider implements BackendProvider {
  @Override
  public String name() {
    return "reference";
  }

  @Override
  public int order() {
    return Integer.MAX_VALUE;
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  @Override
  public Backend open(Workers workers) {
    return new ReferenceBackend();
  }
}
