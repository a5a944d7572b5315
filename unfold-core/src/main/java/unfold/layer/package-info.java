/// Layers, initialisers and losses: immutable records of settings. Parameters live outside them.
///
/// A [unfold.layer.Layer] says in `apply` what it computes, on traced values; its
/// [unfold.trace.Scope] names the parameters as `torch.nn` does (`weight`, `bias`, `running_mean`),
/// with the same shapes. A constructor has the usual defaults, withers change them: `new Conv2d(3,
/// 64, 7).stride(2).padding(3).bias(false)`.
///
/// In comes a value N×C×H×W, N×C×L or N×D, out goes one. Uses `unfold.trace`, `unfold.op`,
/// `unfold.tensor`.
///
/// **Adding a layer**: a record that implements `Layer`, with its formula, shapes, parameters,
/// errors and source in its comment; a line in `layers.py` and `LayerGoldenTest` that holds its
/// shapes, names and numbers. Layers made of others need no record of their own kind: see
/// [unfold.layer.Sequential], [unfold.layer.Sum], [unfold.layer.Concat]; `docs/help/add-a-layer.md`
/// shows one that does.
@NullMarked
package unfold.layer;

import org.jspecify.annotations.NullMarked;
