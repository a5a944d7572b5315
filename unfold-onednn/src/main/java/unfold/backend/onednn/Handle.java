package unfold.backend.onednn;

import java.lang.ref.Cleaner;

/// Native objects of libdnnl that are destroyed when nobody can reach this any more.
final class Handle {
  private static final Cleaner CLEANER = Cleaner.create();

  private final long address;

  /// @param destroy name of the function that frees `address`
  Handle(Dnnl dnnl, long address, String destroy) {
    this.address = address;
    CLEANER.register(this, () -> dnnl.call(destroy, address));
  }

  /// The native pointer. Whoever passes it to a call keeps this reachable until the call returns
  /// ([java.lang.ref.Reference#reachabilityFence]).
  long address() {
    return address;
  }

  /// Runs when an object dies; the action must not refer to the object.
  static void whenUnreachable(Object object, Runnable action) {
    CLEANER.register(object, action);
  }
}
