/// The oneDNN backend, bound through `java.lang.foreign`.
///
/// What is here: [unfold.backend.onednn.OneDnnProvider], found by [java.util.ServiceLoader]; a thin
/// binding (`Dnnl`, `Md`, `PrimitiveDesc`, `PrimitiveKernel`); one class for each family of ops
/// that turns a [unfold.backend.Call] into candidates (`Convolutions`, `MatMuls`, `Reorders`, …);
/// ways to do one thing by another that is faster (`PointwiseProducts`, `StripSums`,
/// `PatchProduct`), several primitives in a row (`Chain`); and `GompWorkers`, which runs Java loops
/// on the library's own threads (`ShortWaits` says how these wait, `Gathering` where they stand).
/// The library itself comes out of the jar `org.bytedeco:dnnl` (`NativeLibrary`).
///
/// In comes a call, out goes an offer: up to three implementations of oneDNN, the fastest first.
/// Activations are channels-last (matrices row-major), weights lie as an implementation likes them:
/// such a [unfold.backend.Layout.Packed] carries oneDNN's descriptor as a value. **oneDNN compares
/// nothing when it runs**; that each memory is what the primitive expects is checked when a kernel
/// is bound.
///
/// Uses `unfold.backend`, `unfold.op`, `unfold.tensor`, `unfold.config`.
///
/// Adding an op: a method in its family's class that describes the operands as `Md`s, asks for
/// primitive descriptors with `PrimitiveDesc.choices`, and names the role of each operand; and its
/// line in `OneDnnBackend.offer`. A constant that is new goes to `Constants` (a test compares it
/// with the header).
@NullMarked
package unfold.backend.onednn;

import org.jspecify.annotations.NullMarked;
