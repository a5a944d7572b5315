package unfold.backend.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// One implementation of a primitive for given descriptors.
final class PrimitiveDesc {
  private static final String DESTROY = "dnnl_primitive_desc_destroy";
  private static final Pattern SLOW = Pattern.compile("\\bref|(^|[^r])gemm");

  private final Dnnl dnnl;
  private final Handle handle;
  private final String implementation;
  private final int threads;

  private PrimitiveDesc(Dnnl dnnl, long address) {
    this.dnnl = dnnl;
    this.handle = new Handle(dnnl, address, DESTROY);
    this.implementation = implementation(dnnl, address);
    this.threads = dnnl.threads();
  }

  /// A call that makes a primitive descriptor; empty if nobody has implemented it.
  interface Request {
    OptionalLong ask(Scope scope);
  }

  /// The same for a gradient, which needs the forward primitive's descriptor as a hint.
  interface HintedRequest {
    OptionalLong ask(Scope scope, long forward);
  }

  /// The first implementation; empty if there is none.
  static Optional<PrimitiveDesc> first(Dnnl dnnl, Request request) {
    try (var scope = new Scope(dnnl)) {
      var address = request.ask(scope);
      return address.isPresent()
          ? Optional.of(new PrimitiveDesc(dnnl, address.getAsLong()))
          : Optional.empty();
    }
  }

  /// The implementations worth trying, in oneDNN's order: up to three distinct fast ones for the
  /// newest instructions, or if there is none the slow ones ([#isSlow]).
  static List<PrimitiveDesc> choices(Dnnl dnnl, Request request) {
    var fast = new ArrayList<PrimitiveDesc>();
    var slow = new ArrayList<PrimitiveDesc>();
    var names = new HashSet<String>();
    try (var scope = new Scope(dnnl)) {
      var address = request.ask(scope);
      if (address.isEmpty()) {
        return List.of();
      }
      long walker = scope.own(address.getAsLong(), DESTROY);
      do {
        String name = implementation(dnnl, walker);
        if (isSlow(name) && !fast.isEmpty()) {
          break;
        }
        if (needsAlignment(name)
            || !fast.isEmpty() && isOlder(name, fast.getFirst().implementation)) {
          continue;
        }
        if (names.add(name)) {
          (isSlow(name) ? slow : fast).add(new PrimitiveDesc(dnnl, copy(dnnl, walker)));
        }
      } while (fast.size() < 3
          && (int) dnnl.call("dnnl_primitive_desc_next_impl", walker) == Constants.SUCCESS);
    }
    return fast.isEmpty() ? slow : fast;
  }

  /// Whether an implementation dies on addresses that are not multiples of 16: those of SSE read
  /// operands from memory as only aligned ones may be read.
  private static boolean needsAlignment(String implementation) {
    return implementation.contains("sse41");
  }

  /// Whether an implementation uses shorter vectors than another.
  private static boolean isOlder(String implementation, String other) {
    return other.contains("avx512") && !implementation.contains("avx512");
  }

  /// [#choices] of a gradient of this forward primitive.
  List<PrimitiveDesc> gradientChoices(HintedRequest request) {
    try {
      return choices(dnnl, scope -> request.ask(scope, handle.address()));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// The first implementation of a gradient of this forward primitive.
  Optional<PrimitiveDesc> gradient(HintedRequest request) {
    try {
      return first(dnnl, scope -> request.ask(scope, handle.address()));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private static long copy(Dnnl dnnl, long desc) {
    return dnnl.create("a copy of a primitive descriptor", "dnnl_primitive_desc_clone", desc);
  }

  /// Whether an implementation is a fallback of oneDNN's: plain loops, or a gemm with copies around
  /// it.
  static boolean isSlow(String implementation) {
    return SLOW.matcher(implementation).find();
  }

  private static String implementation(Dnnl dnnl, long address) {
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(ADDRESS);
      dnnl.check(
          "an implementation's name",
          "dnnl_primitive_desc_query",
          address,
          Constants.QUERY_IMPL_INFO_STR,
          0,
          out.address());
      return out.get(ADDRESS, 0).reinterpret(256).getString(0);
    }
  }

  /// oneDNN's name of it: `brg_conv_fwd:avx512_core_bf16`.
  String implementation() {
    return implementation;
  }

  /// The number of threads it is planned for; it must run with as many.
  int threads() {
    return threads;
  }

  /// The descriptor that memory in a role must have; empty if the primitive has no such role.
  Optional<Md> argument(int role) {
    return query(Constants.QUERY_EXEC_ARG_MD, role);
  }

  /// Scratch memory it needs while it runs.
  long scratchBytes() {
    return query(Constants.QUERY_SCRATCHPAD_MD, 0).map(Md::size).orElse(0L);
  }

  private Optional<Md> query(int what, int index) {
    try {
      long md = dnnl.call("dnnl_primitive_desc_query_md", handle.address(), what, index);
      return md == 0 || (int) dnnl.call("dnnl_memory_desc_get_size", md) == 0
          ? Optional.empty()
          : Optional.of(Md.of(dnnl, md));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Whether memory in a role may have this descriptor; oneDNN's own equality, which overlooks
  /// strides of axes of extent 1.
  boolean accepts(int role, Md md) {
    try (var scope = new Scope(dnnl)) {
      long wanted =
          dnnl.call(
              "dnnl_primitive_desc_query_md", handle.address(), Constants.QUERY_EXEC_ARG_MD, role);
      return wanted != 0 && (int) dnnl.call("dnnl_memory_desc_equal", wanted, scope.of(md)) != 0;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// The primitive itself, compiled or taken from oneDNN's cache; to be freed by the caller.
  long primitive() {
    dnnl.useThreads(threads);
    try {
      return dnnl.create(
          "the primitive " + implementation, "dnnl_primitive_create", handle.address());
    } finally {
      Reference.reachabilityFence(this);
    }
  }
}
