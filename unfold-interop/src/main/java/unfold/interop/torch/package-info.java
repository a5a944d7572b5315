/// Weights as `torch.save` writes them, read by a strict parser.
///
/// A mapped file goes in, a [unfold.interop.TensorFile] comes out. The pickle inside is a program
/// for a machine that can call anything in Python; [unfold.interop.torch.Unpickler] is a machine
/// that cannot call: a closed list of names describes tensors, everything else is refused by name.
/// Every rule of [unfold.interop.torch.TorchLimits] is checked before memory is taken, and a view
/// of a storage is checked against the bytes that are there.
///
/// To allow one more name, add it to `Known` and say in `Rebuilding` what its arguments describe.
///
/// Uses `unfold.interop` and `unfold.tensor`.
@NullMarked
package unfold.interop.torch;

import org.jspecify.annotations.NullMarked;
