/// Looking inside a network: what its layers give for a picture, where it looks, what its filters
/// are, what it mistakes for what; as numbers and as sheets to look at.
///
/// - Numbers: [unfold.inspect.Features] is what layers give, several in one pass;
///   [unfold.inspect.GradCam] where the answer for a class comes from. Both continue the program of
///   an inference, graph to graph, and run it on an [unfold.engine.Engine].
/// - Sheets: `FilterSheet`, `ActivationSheet`, `HeatSheet`, `ConfusionSheet`, `AttentionSheet`,
///   `PictureSheet`, `FilmSheet` make a [unfold.inspect.Sheet], a picture with titles that becomes
///   a PNG. They compute nothing that numbers above do not have, so another way of showing (a page
///   in a browser) can stand beside them.
///
/// In: a [unfold.model.Model], its [unfold.run.States], pictures that fit it. May use the core,
/// `unfold.engine` and `unfold.data.image`. A new look inside is a class that continues the program
/// (see `GradCam`), and one that draws its numbers on a `Canvas`.
@NullMarked
package unfold.inspect;

import org.jspecify.annotations.NullMarked;
