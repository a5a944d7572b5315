package unfold.backend.onednn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import unfold.backend.Kernel;
import unfold.error.GraphException;

/// A primitive with its memory: running it is one native call.
///
/// oneDNN compares no descriptor and no size when it runs, so everything is compared here, once.
final class PrimitiveKernel implements Kernel {
  /// `dnnl_exec_arg_t`: an int, padding, a pointer.
  private static final long ARGUMENT_BYTES = 16;

  private final Dnnl dnnl;
  private final int threads;
  private final String name;
  private final long primitive;
  private final int count;
  private final MemorySegment arguments;

  private PrimitiveKernel(
      Dnnl dnnl, PrimitiveDesc desc, long primitive, int count, MemorySegment arguments) {
    this.dnnl = dnnl;
    this.threads = desc.threads();
    this.name = desc.implementation();
    this.primitive = primitive;
    this.count = count;
    this.arguments = arguments;
  }

  /// Memory in a role of a primitive.
  ///
  /// @param name for messages
  record Argument(String name, int role, Md md, MemorySegment memory) {}

  /// @throws GraphException if a descriptor is not what the primitive expects, or a segment is too
  ///   small
  static PrimitiveKernel bind(
      Dnnl dnnl, PrimitiveDesc desc, List<Argument> arguments, MemorySegment scratch) {
    var all = new ArrayList<>(arguments);
    desc.argument(Constants.ARG_SCRATCHPAD)
        .ifPresent(md -> all.add(new Argument("scratch", Constants.ARG_SCRATCHPAD, md, scratch)));
    for (Argument a : all) {
      check(desc, a);
    }
    var handles = new ArrayList<Long>();
    var array = Arena.ofAuto().allocate(ARGUMENT_BYTES * Math.max(1, all.size()), 8);
    long primitive = desc.primitive();
    try (var scope = new Scope(dnnl)) {
      for (int i = 0; i < all.size(); i++) {
        Argument a = all.get(i);
        long memory =
            dnnl.create(
                "memory of " + a.name(),
                "dnnl_memory_create",
                scope.of(a.md()),
                dnnl.engine(),
                a.memory().address());
        handles.add(memory);
        array.set(JAVA_INT, i * ARGUMENT_BYTES, a.role());
        array.set(JAVA_LONG, i * ARGUMENT_BYTES + 8, memory);
      }
    }
    var kernel = new PrimitiveKernel(dnnl, desc, primitive, all.size(), array);
    Handle.whenUnreachable(
        kernel,
        () -> {
          dnnl.call("dnnl_primitive_destroy", primitive);
          handles.forEach(h -> dnnl.call("dnnl_memory_destroy", h));
        });
    return kernel;
  }

  private static void check(PrimitiveDesc desc, Argument a) {
    if (!desc.accepts(a.role(), a.md())) {
      throw new GraphException(
          "oneDNN "
              + desc.implementation()
              + ": "
              + a.name()
              + " lies as "
              + a.md()
              + ", but the primitive reads it as "
              + desc.argument(a.role()).map(Md::toString).orElse("nothing"));
    }
    if (a.memory().byteSize() < a.md().size()) {
      throw new GraphException(
          "oneDNN "
              + desc.implementation()
              + ": "
              + a.name()
              + " has "
              + a.memory().byteSize()
              + " bytes, but "
              + a.md()
              + " needs "
              + a.md().size());
    }
  }

  @Override
  public void run() {
    dnnl.useThreads(threads);
    int status = dnnl.execute(primitive, count, arguments.address());
    if (status != Constants.SUCCESS) {
      throw new GraphException("oneDNN could not run " + name + ": " + Constants.status(status));
    }
    Reference.reachabilityFence(this);
  }
}
