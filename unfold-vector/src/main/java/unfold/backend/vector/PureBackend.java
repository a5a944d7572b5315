package unfold.backend.vector;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.tensor.TensorType;

/// This backend with classes of its own for kernels whose loops see f32 alone ([Sees]), and for
/// bf16 alone.
///
/// The kernels are written once, with the element type as an argument. HotSpot's profile belongs to
/// a method of a class: where one copy of a loop only ever sees one type, the other branch is not
/// compiled at all, and loads and stores are as if they had been written for that type. A loop that
/// has seen both needs masks ([Raw#load]) and is about half as fast. So the same class files are
/// loaded once more for each pure type, when a call first needs them.
final class PureBackend implements Backend {
  private static final String PACKAGE = PureBackend.class.getPackageName() + ".";

  private final Workers workers;
  private final Backend mixed;
  private @Nullable Backend f32;
  private @Nullable Backend bf16;

  PureBackend(Workers workers) {
    this.workers = workers;
    this.mixed = new VectorBackend(workers);
  }

  @Override
  public String name() {
    return mixed.name();
  }

  @Override
  public Traits traits() {
    return mixed.traits();
  }

  @Override
  public Offer offer(Call call) {
    Offer offer = mixed.offer(call);
    return switch (offer) {
      case Offer.Declined _ -> offer;
      case Offer.Accepted(var candidates) ->
          switch (candidates.getFirst()) {
            case Ours ours when ours.sees() == Sees.F32 -> f32().offer(call);
            case Ours ours when ours.sees() == Sees.BF16 -> bf16().offer(call);
            default -> offer;
          };
    };
  }

  @Override
  public Optional<Candidate> convert(
      TensorType from, Layout fromLayout, TensorType to, Layout toLayout) {
    return mixed.convert(from, fromLayout, to, toLayout);
  }

  private Backend f32() {
    if (f32 == null) {
      f32 = copy(F32.BACKEND);
    }
    return f32;
  }

  private Backend bf16() {
    if (bf16 == null) {
      bf16 = copy(Bf16.BACKEND);
    }
    return bf16;
  }

  private Backend copy(Class<?> backend) {
    try {
      return (Backend) backend.getDeclaredConstructor(Workers.class).newInstance(workers);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(backend + " cannot be made", e);
    }
  }

  /// The copies of this JVM, so that loops are compiled once, whoever opens the backend.
  private static final class F32 {
    static final Class<?> BACKEND = Copies.load("f32");
  }

  private static final class Bf16 {
    static final Class<?> BACKEND = Copies.load("bf16");
  }

  /// Loads this package again; everything else comes from where it is.
  private static final class Copies extends ClassLoader {
    static Class<?> load(String type) {
      try {
        return new Copies(type).loadClass(VectorBackend.class.getName());
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException("the kernels cannot be loaded for " + type, e);
      }
    }

    private Copies(String type) {
      super(Raw.PURE + type, PureBackend.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(PACKAGE)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known != null ? known : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length, PureBackend.class.getProtectionDomain());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
