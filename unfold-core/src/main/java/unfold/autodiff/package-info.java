/// Reverse-mode differentiation: graph in, graph out.
///
/// [unfold.autodiff.Autodiff] extends a graph by the gradient of one scalar result. It walks the
/// nodes backwards and asks the derivative table of each op family for the vector–Jacobian product
/// of a node ([unfold.autodiff.Vjp]): given the gradients of the results, the gradients of the
/// operands, written as ops of the same vocabulary. [unfold.autodiff.Terms] writes the small ops
/// and leaves out those that would do nothing.
///
/// Conventions that all tables share:
///
/// - A gradient has the type of its value. Integers and comparisons have none.
/// - Where an operand got no gradient it is simply absent; zeros are written only for a `wrt` the
///   loss does not depend on.
/// - Auxiliary results (the places of a max pool, the statistics and running statistics of batch
///   and layer normalisation) carry no gradient by definition: the gradient of the main result
///   already goes through the statistics. A loss that depends on one is refused with a
///   [unfold.error.GraphException].
/// - Gradient nodes keep the scope of the node they belong to.
///
/// Uses `unfold.graph`, `unfold.op`, `unfold.tensor`, `unfold.error`. **Adding an op**: the
/// compiler asks for its case in the table of its family; the gradient check of the testkit's
/// sample tests it.
@NullMarked
package unfold.autodiff;

import org.jspecify.annotations.NullMarked;
