package unfold.backend.onednn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;

/// Native things that live only while something is planned: descriptors, attributes, arrays.
/// Everything is freed at [#close], the youngest first.
final class Scope implements AutoCloseable {
  private final Dnnl dnnl;
  private final Arena arena = Arena.ofConfined();
  private final Deque<Runnable> frees = new ArrayDeque<>();

  Scope(Dnnl dnnl) {
    this.dnnl = dnnl;
  }

  Dnnl dnnl() {
    return dnnl;
  }

  /// The native twin of a descriptor.
  long of(Md md) {
    return own(md.create(dnnl), "dnnl_memory_desc_destroy");
  }

  /// A native object that the named function frees.
  long own(long address, String destroy) {
    frees.push(() -> dnnl.call(destroy, address));
    return address;
  }

  /// Address of an array of 64-bit numbers (`dnnl_dims_t`).
  long array(long... values) {
    return arena.allocateFrom(JAVA_LONG, values).address();
  }

  Arena arena() {
    return arena;
  }

  @Override
  public void close() {
    while (!frees.isEmpty()) {
      frees.pop().run();
    }
    arena.close();
  }
}
