package unfold.backend.onednn;

import java.util.List;

/// What a primitive does to its result before it stores it.
sealed interface PostOp {

  /// Adds what was in the output's memory before.
  record Sum() implements PostOp {}

  /// Applies a function to each element.
  record Apply(Eltwise function) implements PostOp {}

  /// Combines with another tensor.
  record Combine(int algorithm, Md other) implements PostOp {}

  /// Attributes of a primitive with these post-ops: scratch memory comes from us.
  static long attributes(Scope scope, List<PostOp> postOps) {
    var dnnl = scope.dnnl();
    long attributes =
        scope.own(
            dnnl.create("attributes", "dnnl_primitive_attr_create"), "dnnl_primitive_attr_destroy");
    dnnl.check(
        "scratch memory of ours",
        "dnnl_primitive_attr_set_scratchpad_mode",
        attributes,
        Constants.SCRATCHPAD_MODE_USER);
    if (!postOps.isEmpty()) {
      long list =
          scope.own(dnnl.create("post-ops", "dnnl_post_ops_create"), "dnnl_post_ops_destroy");
      for (PostOp postOp : postOps) {
        Dnnl.check("the post-op " + postOp, postOp.append(scope, list));
      }
      dnnl.check("post-ops", "dnnl_primitive_attr_set_post_ops", attributes, list);
    }
    return attributes;
  }

  private int append(Scope scope, long list) {
    var dnnl = scope.dnnl();
    return switch (this) {
      case Sum() -> dnnl.floats().appendSum(list, 1f, 0, 0);
      case Apply(Eltwise f) ->
          dnnl.floats().appendEltwise(list, f.algorithm(), f.alpha(), f.beta());
      case Combine(int algorithm, Md other) ->
          (int) dnnl.call("dnnl_post_ops_append_binary", list, algorithm, scope.of(other));
    };
  }
}
