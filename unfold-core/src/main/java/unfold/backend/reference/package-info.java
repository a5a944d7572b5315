/// The living definition of every op: plain loops in double, written to be read, never tuned.
///
/// In come an op and its operands as numbers, out go the results: of one op or a whole graph on
/// tensors ([unfold.backend.reference.Reference]), or as kernels behind the wall for any call that
/// no other backend takes ([unfold.backend.reference.ReferenceBackend], always available, asked
/// last, declining nothing). Whatever the element types, a kernel reads all its operands as doubles
/// and rounds each result once, when it is written.
///
/// One file for each family of ops. Adding an op is one `case` in its family's switch; the compiler
/// asks for it. Uses `unfold.backend`, `unfold.op`, `unfold.tensor`, `unfold.random`, and
/// `unfold.graph` for the interpreter.
@NullMarked
package unfold.backend.reference;

import org.jspecify.annotations.NullMarked;
